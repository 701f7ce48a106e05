import { copy, secret, type Receipt } from '@sluice/core';

import { salesforce } from '../src/index.ts';
import { fastClock } from '../test/campaign/fast-clock.ts';
import { folderSink } from '../test/campaign/target-folder.ts';

/** What the process is to copy; the same order again resumes. */
export interface CopyOrder {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly gzip: boolean;
  readonly parallelPages: boolean;
  readonly query: string;
  readonly dataPath: string;
  readonly journalPath: string;
  /** Default: few enough for many batches and parts of little data. */
  readonly batchRows?: number;
  readonly partRows?: number;
}

/** What it says: that it waits for an order, and how the copy ended. */
export type CopyNews = { readonly kind: 'ready' } | CopyEnd;
export type CopyEnd =
  | { readonly kind: 'receipt'; readonly receipt: Receipt; readonly peakBytes: number }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

const CLOCK_SPEED = 1000;
const CLEANUP_MS = 20_000_000;

function say(news: CopyNews): void {
  process.send?.(news);
}

async function obey(order: CopyOrder): Promise<void> {
  const { url, clientId, clientSecret, gzip, parallelPages, query, dataPath, journalPath } = order;
  const { batchRows = 6, partRows } = order;
  await using org = salesforce({
    environmentUrl: url,
    clientId,
    clientSecret: secret.value(clientSecret),
    apiVersion: '64.0',
    proxy: false,
    gzip,
  });
  try {
    const receipt = await copy({
      id: 'run',
      journal: journalPath,
      from: org.query(query, { parallelPages }),
      to: folderSink(dataPath, partRows),
      clock: fastClock(CLOCK_SPEED),
      cleanupMs: CLEANUP_MS,
      batchRows,
    });
    say({ kind: 'receipt', receipt, peakBytes: process.resourceUsage().maxRSS * 1024 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'none';
    say({ kind: 'failed', code, message: error instanceof Error ? error.message : '' });
  }
}

process.once('message', (order) => {
  // The parent sends nothing else.
  void obey(order as CopyOrder).then(() => process.disconnect());
});
say({ kind: 'ready' });
