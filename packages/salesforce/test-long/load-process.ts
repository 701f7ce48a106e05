import { copy, secret, type Receipt } from '@sluice/core';

import { salesforce } from '../src/index.ts';
import { fastClock } from '../test/campaign/fast-clock.ts';
import { LOAD_RUN, loadOptions, type LoadSchedule } from '../test/campaign/play-load.ts';

/** What the process is to load; the same order again resumes. */
export interface LoadOrder {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly schedule: LoadSchedule;
  readonly journalPath: string;
}

/** What it says: that it waits for an order, and how the load ended. */
export type LoadNews = { readonly kind: 'ready' } | LoadEnd;
export type LoadEnd =
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

const CLOCK_SPEED = 1000;
const CLEANUP_MS = 20_000_000;

function say(news: LoadNews): void {
  process.send?.(news);
}

async function obey({ url, clientId, clientSecret, schedule, journalPath }: LoadOrder): Promise<void> {
  await using org = salesforce({
    environmentUrl: url,
    clientId,
    clientSecret: secret.value(clientSecret),
    apiVersion: '64.0',
    proxy: false,
  });
  try {
    const receipt = await copy({
      ...loadOptions(org, schedule),
      id: LOAD_RUN,
      journal: journalPath,
      clock: fastClock(CLOCK_SPEED),
      cleanupMs: CLEANUP_MS,
      batchRows: 15,
    });
    say({ kind: 'receipt', receipt });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'none';
    say({ kind: 'failed', code, message: error instanceof Error ? error.message : '' });
  }
}

process.once('message', (order) => {
  // The parent sends nothing else.
  void obey(order as LoadOrder).then(() => process.disconnect());
});
say({ kind: 'ready' });
