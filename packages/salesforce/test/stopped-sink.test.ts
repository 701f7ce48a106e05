import { setImmediate as turn } from 'node:timers/promises';

import { collect, copy, type Sink, type Writer } from '@sluice/core';
import { jsonReply, type LoggedRequest } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import { emulatedOrg, ITEMS, type EmulatedOrg } from './emulated-org.ts';

const RESULTS = /\/results/;
const PARALLELISM = 2;
const PREFETCH = 1;
const BATCH_BYTES = 256 * 1024;
/** What the system holds of one connection whose reader has stopped: both socket buffers, which grow up to a limit. */
const SOCKET_BYTES = 12 * 1_048_576;

/** A sink that takes so many batches and then waits until it is opened. */
function stoppingSink(batches: number): { readonly sink: Sink; readonly open: () => void } {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const inner: Sink = collect();
  let left = batches;
  const sink: Sink = {
    ...inner,
    async writer(...args): Promise<Writer> {
      const writer = await inner.writer(...args);
      return {
        async write(batch) {
          left -= 1;
          if (left < 0) await opened;
          return await writer.write(batch);
        },
        prepare: async () => await writer.prepare(),
        [Symbol.asyncDispose]: async () => await writer[Symbol.asyncDispose](),
      };
    },
  };
  return { sink, open };
}

/** Two pages of so many rows each, far larger than what may be under way. */
function largePages({ emulator: { faults } }: EmulatedOrg, rows: number): void {
  const text = 'x'.repeat(1000);
  function* body(): Generator<Uint8Array> {
    yield Buffer.from('"Number__c","Text__c"\n');
    for (let row = 0; row < rows; row += 1) yield Buffer.from(`"${row}","${text}"\n`);
  }
  const headers = { 'Content-Type': 'text/csv', 'Sforce-NumberOfRecords': String(rows), 'Sforce-Locator': 'null' };
  faults.add({ match: { path: RESULTS }, action: { before: () => ({ status: 200, headers, body: body() }) } });
  faults.add({
    match: { path: /\/resultPages$/ },
    action: {
      before: ({ request }) => {
        const results = request.path.replace(/Pages$/, 's');
        const resultPages = [0, 1].map((page) => ({ resultUrl: `${results}?locator=large${page}` }));
        return jsonReply({ resultPages, done: true });
      },
    },
  });
}

describe('a sink that stops', () => {
  it('stops what the org sends, within the bound of the run and the sockets, and goes on when it does', async () => {
    await using emulated = await emulatedOrg({ items: 1, org: { gzip: false } });
    const { requests } = emulated.emulator;
    largePages(emulated, 300_000);
    const { sink, open } = stoppingSink(3);
    const controller = new AbortController();
    const run = copy({
      from: emulated.org.query(ITEMS, { poll: { firstMs: 1, startMs: 1 } }),
      to: sink,
      parallelism: PARALLELISM,
      prefetch: PREFETCH,
      batchBytes: BATCH_BYTES,
      signal: controller.signal,
    });
    const settled = run.then(
      () => 'committed',
      () => 'cancelled',
    );
    const isPage = ({ path }: LoggedRequest): boolean => RESULTS.test(path);
    const pages = (): readonly LoggedRequest[] => requests.all.filter(isPage);
    const sentBytes = (): number => pages().reduce((bytes, { bodyBytes }) => bytes + bodyBytes, 0);
    const allBlocked = (): boolean => pages().length === PARALLELISM && pages().every(({ isBlocked }) => isBlocked);

    await requests.waitFor(allBlocked);
    let stoppedAt = 0;
    // A sender may be held up for a moment before the system takes more.
    while (stoppedAt < sentBytes()) {
      stoppedAt = sentBytes();
      for (let turns = 0; turns < 500; turns += 1) await turn();
    }
    const isBlocked = allBlocked();
    open();
    await requests.waitFor(() => sentBytes() > 2 * stoppedAt);
    controller.abort(new Error('seen enough'));
    const end = await settled;

    // Three batches are taken, and as many more are under way as the run may hold.
    const inRunBytes = (3 + PARALLELISM * (PREFETCH + 1)) * BATCH_BYTES;
    expect(isBlocked).toBe(true);
    expect(stoppedAt).toBeLessThan(inRunBytes + PARALLELISM * SOCKET_BYTES);
    expect(2 * 300_000 * 1000).toBeGreaterThan(10 * stoppedAt);
    expect(end).toBe('cancelled');
  });
});
