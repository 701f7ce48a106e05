import { collect, copy, type Sink, type Writer } from '@sluice/core';
import { claimRecordsProcessed, type LoggedRequest } from '@sluice/salesforce-emulator';
import { expect, it } from 'vitest';

import { emulatedOrg, ITEMS } from './emulated-org.ts';

const RESULTS = /\/results/;
const PAGE_TIMEOUT_MS = 1_200_000;
const ROWS = 600;
const BATCH_ROWS = 20;
/** For each batch the sink takes so long, by the clock of the org: some batches to a time limit. */
const WRITE_MS = 400_000;

/** A sink that takes its time over every batch. */
function slowSink(inner: Sink, takeTime: () => Promise<void>): Sink {
  return {
    ...inner,
    async writer(...args): Promise<Writer> {
      const writer = await inner.writer(...args);
      return {
        async write(batch) {
          await takeTime();
          return await writer.write(batch);
        },
        prepare: async () => await writer.prepare(),
        [Symbol.asyncDispose]: async () => await writer[Symbol.asyncDispose](),
      };
    },
  };
}

/** Far more than sockets hold. */
function* largePage(): Generator<Uint8Array> {
  const text = 'x'.repeat(64 * 1024);
  yield Buffer.from('"Number__c","Text__c"\n');
  for (let n = 0; n < ROWS; n += 1) yield Buffer.from(`"${n}","${text}"\n`);
}

it('RW-30: a sink slower than the time limit of a page gets every row once, for one more request at each limit', async () => {
  await using emulated = await emulatedOrg({ items: 3, emulator: { clock: { frozen: true } }, org: { gzip: false } });
  const { requests, faults, clock } = emulated.emulator;
  const headers = { 'Content-Type': 'text/csv', 'Sforce-NumberOfRecords': String(ROWS), 'Sforce-Locator': 'null' };
  const page = faults.add({
    match: { path: RESULTS },
    action: { before: () => ({ status: 200, headers, body: largePage(), timeoutMs: PAGE_TIMEOUT_MS }) },
  });
  faults.add({ match: { method: 'GET', path: /\/750\w+$/ }, action: claimRecordsProcessed(ROWS) });
  const isIdle = ({ path, isBlocked, end }: LoggedRequest): boolean =>
    RESULTS.test(path) && (isBlocked || end !== undefined);
  const inner = collect();
  let writes = 0;
  const sink = slowSink(inner, async () => {
    writes += 1;
    // The org sends on until nobody takes more; only then does time pass.
    await requests.waitFor(() => requests.matching({ path: RESULTS }).every(isIdle));
    clock.advance(WRITE_MS);
  });

  const receipt = await copy({
    from: emulated.org.query(ITEMS, { poll: { firstMs: 1, startMs: 1 } }),
    to: sink,
    batchRows: BATCH_ROWS,
    prefetch: 0,
    retry: { attempts: 2, baseMs: 1, maxMs: 2 },
  });

  const numbers = inner.batches.flatMap((batch) => Array.from(batch.getChild('Number__c') ?? [], Number));
  expect(receipt).toMatchObject({ readRows: ROWS, writtenRows: ROWS, leftBehind: [] });
  expect(numbers).toEqual(Array.from({ length: ROWS }, (_, n) => n));
  expect(writes).toBe(ROWS / BATCH_ROWS);
  // At least a few limits passed, and no more requests than limits, with the first.
  expect(page.hits).toBeGreaterThan(3);
  expect(page.hits).toBeLessThanOrEqual(1 + Math.ceil((writes * WRITE_MS) / PAGE_TIMEOUT_MS));
});
