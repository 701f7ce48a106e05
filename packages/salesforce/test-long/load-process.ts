import { copy, fromBatches, secret, type CopyOptions, type Receipt } from '@sluice/core';

import { salesforce, type SalesforceOrg } from '../src/index.ts';
import { fastClock } from '../test/campaign/fast-clock.ts';
import { LOAD_RUN } from '../test/campaign/load-verdict.ts';
import { loadOptions, type LoadSchedule } from '../test/campaign/play-load.ts';
import { itemBatch, items } from '../test/ingest-org.ts';

/** What the process is to load; the same order again resumes. */
export interface LoadOrder {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly schedule: LoadSchedule;
  /** So many rows in jobs of the usual size, in place of the schedule's few. */
  readonly massRows?: number;
  readonly journalPath: string;
}

/** What it says: that it waits for an order, and how the load ended. */
export type LoadNews = { readonly kind: 'ready' } | LoadEnd;
export type LoadEnd =
  | { readonly kind: 'receipt'; readonly receipt: Receipt; readonly peakBytes: number }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

const CLOCK_SPEED = 1000;
const BLOCK_ROWS = 10_000;
const CLEANUP_MS = 20_000_000;

function say(news: LoadNews): void {
  process.send?.(news);
}

async function obey(order: LoadOrder): Promise<void> {
  const { url, clientId, clientSecret, schedule, massRows, journalPath } = order;
  await using org = salesforce({
    environmentUrl: url,
    clientId,
    clientSecret: secret.value(clientSecret),
    apiVersion: '64.0',
    proxy: false,
  });
  try {
    const receipt = await copy({
      ...(massRows === undefined ? { ...loadOptions(org, schedule), batchRows: 15 } : massLoad(org, massRows)),
      id: LOAD_RUN,
      journal: journalPath,
      clock: fastClock(CLOCK_SPEED),
      cleanupMs: CLEANUP_MS,
    });
    say({ kind: 'receipt', receipt, peakBytes: process.resourceUsage().maxRSS * 1024 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'none';
    say({ kind: 'failed', code, message: error instanceof Error ? error.message : '' });
  }
}

/** The same rows again and again, none of which has a key. */
function massLoad(org: SalesforceOrg, rows: number): Pick<CopyOptions, 'from' | 'to'> {
  const batch = itemBatch(items(BLOCK_ROWS, () => ({ Key__c: null })));
  return {
    from: fromBatches(batch.schema, function* () {
      for (let row = 0; row < rows; row += BLOCK_ROWS) yield batch;
    }),
    to: org.ingest({ object: 'Item__c' }),
  };
}

process.once('message', (order) => {
  // The parent sends nothing else.
  void obey(order as LoadOrder).then(() => process.disconnect());
});
say({ kind: 'ready' });
