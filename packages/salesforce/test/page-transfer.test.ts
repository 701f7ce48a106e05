import { getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';

import { read, SluiceError, type Delivery, type Json } from '@sluice/core';
import { ConnectionCut, type Body, type Reply } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import type { QueryPosition } from '../src/index.ts';
import {
  allRows,
  deliveriesOf,
  emulatedOrg,
  ITEMS,
  itemText,
  kept,
  missingItems,
  rowsOf,
  startedQuery,
  type ReadRow,
} from './emulated-org.ts';
import { testRun, type TestRun } from './run-context.ts';
import { rejectionOf } from './thrown.ts';

const RESULTS = /\/results/;
const quickRetry = { retry: { attempts: 5, baseMs: 1, maxMs: 2 } };
const quickPoll = { firstMs: 1, startMs: 1, maxMs: 5 };

/** The first bytes of a body, and then nothing. */
async function* cutAfter(body: Body, byteCount: number, reset = false): AsyncGenerator<Uint8Array> {
  let left = byteCount;
  for await (const chunk of body) {
    if (chunk.length >= left) {
      yield chunk.subarray(0, left);
      throw new ConnectionCut({ reset });
    }
    left -= chunk.length;
    yield chunk;
  }
}

const cut = (reply: Reply, byteCount: number): Reply => {
  const { gzipBody: _, ...plain } = reply;
  return { ...plain, body: cutAfter(reply.body ?? [], byteCount) };
};

describe('a page cut off', () => {
  it.each([true, false])('anywhere is read again from the last batch, exactly (gzip: %s)', async (gzip) => {
    await using emulated = await emulatedOrg({ items: 12, org: { gzip } });
    const run = testRun({ batch: { rows: 4, bytes: 1_048_576 } });
    const { source, plan, splits } = await startedQuery(emulated.org, run);
    const { faults } = emulated.emulator;
    const pageBytes = 12 * 60;

    for (let at = 0; at < pageBytes; at += 7) {
      using fault = faults.add({ match: { path: RESULTS, nth: 1 }, action: { after: (reply) => cut(reply, at) } });
      const rows: ReadRow[] = [];
      let from: QueryPosition | undefined;
      for (let attempt = 1; ; attempt += 1) {
        try {
          for await (const delivery of source.read(plan, splits[0]!, run.ctx, from)) {
            rows.push(...rowsOf(delivery));
            from = kept(delivery.position!);
          }
          break;
        } catch (error) {
          if (!SluiceError.is(error) || !error.retryable || attempt > 1) throw error;
        }
      }
      expect(missingItems(rows, 12)).toEqual([]);
      expect(fault.hits).toBe(1);
    }
  });

  it.each([
    ['inside a quoted cell', '"Größe ""1'],
    ['inside a character', '🚀'],
    ['between rows', '\n"2",'],
  ])('%s goes unnoticed by whoever reads the rows', async (_, place) => {
    await using emulated = await emulatedOrg({ items: 40 });
    let cuts = 0;
    emulated.emulator.faults.add({
      match: { path: RESULTS, times: 2 },
      action: {
        after: async (reply) => {
          const whole = Buffer.concat(await Array.fromAsync<Uint8Array>(reply.body ?? []));
          const at = whole.indexOf(place);
          if (at < 0) throw new Error('the page has no such place');
          cuts += 1;
          const { gzipBody: __, ...plain } = reply;
          return { ...plain, body: cutAfter([whole], at + 2) };
        },
      },
    });

    const rows = await Array.fromAsync(read(emulated.org.query(ITEMS, { poll: quickPoll }), quickRetry).rows());

    expect(missingItems(rows, 40)).toEqual([]);
    expect(cuts).toBe(2);
  });

  it('every time fails in the end, and the job is removed', async () => {
    await using emulated = await emulatedOrg({ items: 40 });
    const page = emulated.emulator.faults.add({
      match: { path: RESULTS },
      action: { after: (reply) => cut(reply, 30) },
    });

    const error = await rejectionOf(Array.fromAsync(read(emulated.org.query(ITEMS, { poll: quickPoll }), quickRetry)));

    expect(error).toMatchObject({ code: 'RESPONSE_TRUNCATED' });
    expect(page.hits).toBe(5);
    expect(emulated.emulator.jobs.all).toEqual([]);
  });

  it('before its head is asked for again at once', async () => {
    await using emulated = await emulatedOrg({ items: 40 });
    emulated.emulator.faults.add({
      match: { path: RESULTS, nth: 1, times: 2 },
      action: {
        before: () => {
          throw new ConnectionCut({ reset: true });
        },
      },
    });
    const run = testRun();

    const started = await startedQuery(emulated.org, run);

    expect(missingItems(await allRows(started, run.ctx), 40)).toEqual([]);
    expect(run.retried).toHaveLength(2);
  });
});

describe('a position', () => {
  it.each([true, false])('anywhere splits the rows in two (pages in parallel: %s)', async (parallelPages) => {
    await using emulated = await emulatedOrg({ items: 90, emulator: { results: { pageRows: 20 } } });
    const run = testRun({ batch: { rows: 7, bytes: 1_048_576 } });
    const { source, plan, splits } = await startedQuery(emulated.org, run, ITEMS, { parallelPages });
    let positions = 0;

    for (const split of splits) {
      const whole = await deliveriesOf(source, plan, split, run.ctx);
      const rows = whole.flatMap(rowsOf);
      for (const [at, { position }] of whole.entries()) {
        const before = whole.slice(0, at + 1).flatMap(rowsOf);
        const behind = await deliveriesOf(source, plan, split, run.resumed().ctx, kept(position!));
        expect([...before, ...behind.flatMap(rowsOf)]).toEqual(rows);
        positions += 1;
      }
    }

    expect(positions).toBe(14);
  });

  it('at the end of a page in sequence leads to the next one', async () => {
    await using emulated = await emulatedOrg({ items: 90, emulator: { results: { pageRows: 20 } } });
    const run = testRun({ batch: { rows: 7, bytes: 1_048_576 } });
    const { source, plan, splits } = await startedQuery(emulated.org, run, ITEMS, { parallelPages: false });
    const [, , endOfPage] = await deliveriesOf(source, plan, splits[0]!, run.ctx);
    const before = emulated.emulator.requests.matching({ path: RESULTS }).length;

    const rest = await deliveriesOf(source, plan, splits[0]!, run.ctx, endOfPage?.position);

    expect(endOfPage?.position).toMatchObject({ row: 0, pagesBefore: 1, rowsBefore: 20 });
    expect(rest.flatMap(rowsOf)).toHaveLength(70);
    expect(emulated.emulator.requests.matching({ path: RESULTS }).length - before).toBe(4);
  });
});

describe('the locators of a result', () => {
  it.each([
    ['itself', (locators: readonly string[]) => locators[1]],
    ['a page before it', (locators: readonly string[]) => locators[0]],
  ])('that lead from a page to %s are refused', async (_, wrong) => {
    await using emulated = await emulatedOrg({ items: 90, emulator: { results: { pageRows: 20 } } });
    const locators: string[] = [];
    emulated.emulator.faults.add({
      match: { path: RESULTS },
      action: {
        after: (reply) => {
          locators.push(reply.headers['Sforce-Locator'] ?? '');
          if (locators.length < 3) return reply;
          return { ...reply, headers: { ...reply.headers, 'Sforce-Locator': wrong(locators) ?? '' } };
        },
      },
    });
    const run = testRun();

    const started = await startedQuery(emulated.org, run, ITEMS, { parallelPages: false });
    const error = await rejectionOf(allRows(started, run.ctx));

    expect(error).toMatchObject({ code: 'RESPONSE_INVALID', message: expect.stringContaining('read before') });
  });

  it('may be missing behind the last page, and the sum tells whether it was the last', async () => {
    await using emulated = await emulatedOrg({ items: 90, emulator: { results: { pageRows: 50 } } });
    const { faults } = emulated.emulator;
    const withoutLocator = (reply: Reply): Reply => {
      const { 'Sforce-Locator': _, ...headers } = reply.headers;
      return { ...reply, headers };
    };
    const run = testRun();
    const started = await startedQuery(emulated.org, run, ITEMS, { parallelPages: false });

    using last = faults.add({ match: { path: RESULTS, nth: 2 }, action: { after: withoutLocator } });
    const rows = await allRows(started, run.ctx);
    using first = faults.add({ match: { path: RESULTS, nth: 1 }, action: { after: withoutLocator } });
    const error = await rejectionOf(allRows(started, run.ctx));

    expect(missingItems(rows, 90)).toEqual([]);
    expect(error).toMatchObject({ code: 'COUNT_MISMATCH', message: expect.stringContaining('have 50') });
    expect([last.hits, first.hits]).toEqual([1, 1]);
  });
});

const HEADER = '"Number__c","Text__c"\n';

/** Rows without end, made as they are sent. */
function* endlessRows(): Generator<Uint8Array> {
  yield Buffer.from(HEADER);
  for (;;) yield Buffer.from(`"1","${'x'.repeat(64 * 1024)}"\n`);
}

async function openEndlessPage(emulated: Awaited<ReturnType<typeof emulatedOrg>>, run: TestRun) {
  const { source, plan, splits } = await startedQuery(emulated.org, run);
  const headers = { 'Content-Type': 'text/csv', 'Sforce-NumberOfRecords': '1000000000' };
  emulated.emulator.faults.add({
    match: { path: RESULTS },
    action: { before: () => ({ status: 200, headers, body: endlessRows() }) },
  });
  const rows = source.read(plan, splits[0]!, run.ctx)[Symbol.asyncIterator]();
  return { rows, first: await rows.next() };
}

describe('a slow consumer', () => {
  it.each([true, false])('stops the org, and holds no connection permit meanwhile (gzip: %s)', async (gzip) => {
    await using emulated = await emulatedOrg({ items: 3, org: { gzip } });
    const { requests } = emulated.emulator;
    const run = testRun({ batch: { rows: 10, bytes: 1_048_576 } });

    const { rows, first } = await openEndlessPage(emulated, run);
    const isPage = ({ path }: { readonly path: string }): boolean => RESULTS.test(path);
    if (!gzip) await requests.waitFor((request) => isPage(request) && request.isBlocked);

    expect(first.value?.batch.numRows).toBe(10);
    expect(run.permits()).toBe(0);
    await rows.return?.();
    const ended = await requests.waitFor((request) => isPage(request) && request.end !== undefined);
    expect(ended.end).toBe('abandoned');
    expect(ended.bodyBytes).toBeLessThan(64 * 1_048_576);
  });

  it('RW-30: whose page times out on the server gets it once more, behind the rows it has', async () => {
    await using emulated = await emulatedOrg({ items: 3, emulator: { clock: { frozen: true } }, org: { gzip: false } });
    const { emulator, org } = emulated;
    const count = 400;
    const pageRows = function* (): Generator<Uint8Array> {
      yield Buffer.from(HEADER);
      for (let n = 0; n < count; n += 1) {
        yield Buffer.from(`"${n}","${'x'.repeat(64 * 1024)}${itemText(n).replaceAll('"', '""')}"\n`);
      }
    };
    const headers = { 'Content-Type': 'text/csv', 'Sforce-NumberOfRecords': String(count) };
    const page = emulator.faults.add({
      match: { path: RESULTS },
      action: { before: () => ({ status: 200, headers, body: pageRows(), timeoutMs: 1_200_000 }) },
    });
    emulator.faults.add({
      match: { method: 'GET', path: /\/jobs\/query\/750\w+$/ },
      action: {
        after: async (reply) => {
          const chunks = await Array.fromAsync<Uint8Array>(reply.body ?? []);
          const text = Buffer.concat(chunks)
            .toString()
            .replace('"numberRecordsProcessed":3', `"numberRecordsProcessed":${count}`);
          return { ...reply, body: [Buffer.from(text)] };
        },
      },
    });
    const seen: number[] = [];

    const source = org.query(ITEMS, { poll: quickPoll });
    for await (const batch of read(source, { ...quickRetry, batchRows: 20, prefetch: 0, parallelism: 1 })) {
      seen.push(...Array.from(batch.getChild('Number__c') ?? [], Number));
      if (seen.length === 40) {
        await emulator.requests.waitFor(({ path, isBlocked }) => RESULTS.test(path) && isBlocked);
        emulator.clock.advance(1_200_000);
      }
    }

    expect(seen).toEqual(Array.from({ length: count }, (_, n) => n));
    expect(page.hits).toBe(2);
  });
});

describe('reading', () => {
  it('leaves no socket, timer or listener behind, however it ends', async () => {
    {
      await using emulated = await emulatedOrg({ items: 200, emulator: { results: { pageRows: 20 } } });
      const run = testRun({ batch: { rows: 3, bytes: 1_048_576 } });
      const started = await startedQuery(emulated.org, run);
      const { source, plan, splits } = started;

      await allRows(started, run.ctx);
      for (const split of splits) {
        for await (const delivery of source.read(plan, split, run.ctx)) {
          if (delivery.position?.row === 6) break;
        }
      }
      emulated.emulator.faults.add({
        match: { path: RESULTS },
        action: { after: (reply) => cut(reply, 99) },
      });
      for (const split of splits) await rejectionOf(deliveriesOf(source, plan, split, run.ctx));
      const { requests } = emulated.emulator;
      await requests.waitFor(() => requests.all.every(({ end }) => end !== undefined));

      expect(getEventListeners(run.ctx.signal, 'abort')).toEqual([]);
      await source.finish(plan, 'committed', run.ctx);
    }

    for (let n = 0; n < 1000 && resources() !== ''; n += 1) await turn();
    expect(resources()).toBe('');
  });

  it('ends with the reason of the abort, while a page is under way and while one is asked for', async () => {
    await using emulated = await emulatedOrg({ items: 3 });
    const run = testRun({ batch: { rows: 10, bytes: 1_048_576 } });
    const { rows } = await openEndlessPage(emulated, run);
    const reason = new Error('enough');

    run.abort(reason);
    const underWay = await rejectionOf(
      (async () => {
        for (;;) await rows.next();
      })(),
    );

    expect(underWay).toBe(reason);
    const other = testRun();
    const { source, plan, splits } = await startedQuery(emulated.org, other);
    emulated.emulator.faults.clear();
    emulated.emulator.faults.add({
      match: { path: RESULTS },
      action: { before: () => other.abort(reason) as undefined },
    });
    expect(await rejectionOf(deliveriesOf(source, plan, splits[0]!, other.ctx))).toBe(reason);
  });

  it('survives an abort between the head of a page and its first byte', async () => {
    await using emulated = await emulatedOrg({ items: 3 });
    const run = testRun();
    const { source, plan, splits } = await startedQuery(emulated.org, run);
    const reason = new Error('enough');
    const { account } = run.ctx;
    const ctx = {
      ...run.ctx,
      account: (id: string): ReturnType<typeof account> => ({
        id,
        call: async (request) => {
          const answer = await account(id).call(request);
          run.abort(reason);
          return answer;
        },
      }),
    };

    const error = await rejectionOf(Array.fromAsync<Delivery<Json>>(source.read(plan, splits[0]!, ctx)));

    expect(error).toBe(reason);
  });
});

/** Sockets and timers of this process. */
function resources(): string {
  const kinds = process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout/.test(kind));
  return kinds.sort().join(' ');
}
