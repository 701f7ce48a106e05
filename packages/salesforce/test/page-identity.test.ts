import { copy, collect } from '@sluice/core';
import { answerWith, repeatPage, scheduledFault, swapPages } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import { PageBegin } from '../src/bulk-query/page-begin.ts';
import { allRows, deliveriesOf, emulatedOrg, ITEMS, kept, rowsOf, startedQuery } from './emulated-org.ts';
import { testRun } from './run-context.ts';
import { rejectionOf } from './thrown.ts';

const RESULTS = /\/results/;
const WITH_KEY = 'SELECT Text__c, Id, Number__c FROM Item__c';
const pages = { results: { pageRows: 20 } };

describe('one page served for two', () => {
  it.each([true, false])('is refused where rows have their key (pages in parallel: %s)', async (parallelPages) => {
    await using emulated = await emulatedOrg({ items: 60, emulator: pages });
    emulated.emulator.faults.add({ match: { path: RESULTS, nth: 2 }, action: repeatPage() });
    const run = testRun();

    const started = await startedQuery(emulated.org, run, WITH_KEY, { parallelPages });
    const error = await rejectionOf(allRows(started, run.ctx));

    expect(error).toMatchObject({
      code: 'RESPONSE_INVALID',
      message: expect.stringMatching(/result pages 0 and 1 have the same rows$/),
      retryable: false,
    });
  });

  it('is refused by the process that resumes, too', async () => {
    await using emulated = await emulatedOrg({ items: 60, emulator: pages });
    const run = testRun();
    const { source, plan, splits } = await startedQuery(emulated.org, run, WITH_KEY);
    await deliveriesOf(source, plan, splits[0]!, run.ctx);
    emulated.emulator.faults.add({ match: { path: RESULTS }, action: repeatPage() });

    const error = await rejectionOf(deliveriesOf(source, plan, splits[1]!, run.resumed().ctx));

    expect(error).toMatchObject({ code: 'RESPONSE_INVALID', message: expect.stringContaining('same rows') });
  });

  it('cannot be told where rows have none: equal rows are not one row', async () => {
    await using emulated = await emulatedOrg({ items: 60, emulator: pages });
    emulated.emulator.faults.add({ match: { path: RESULTS, nth: 2 }, action: repeatPage() });
    const run = testRun();

    expect(await allRows(await startedQuery(emulated.org, run, ITEMS), run.ctx)).toHaveLength(60);
  });
});

describe('a page read again', () => {
  it.each([WITH_KEY, ITEMS])('is refused when it is another one than before: %s', async (query) => {
    await using emulated = await emulatedOrg({ items: 60, emulator: pages });
    const run = testRun({ batch: { rows: 7, bytes: 1_048_576 } });
    const { source, plan, splits } = await startedQuery(emulated.org, run, query);
    const before = await deliveriesOf(source, plan, splits[0]!, run.ctx);
    emulated.emulator.faults.add({ match: { path: RESULTS }, action: swapPages() });

    for (const { position } of before) {
      const error = await rejectionOf(deliveriesOf(source, plan, splits[0]!, run.resumed().ctx, kept(position!)));

      expect(error).toMatchObject({ code: 'SOURCE_CHANGED', message: expect.stringContaining('result page 0') });
    }
    expect(before.map(({ batch }) => batch.numRows)).toEqual([7, 7, 6]);
  });

  it('goes on from a position of an earlier version, which does not say what the page begins with', async () => {
    await using emulated = await emulatedOrg({ items: 60, emulator: pages });
    const run = testRun({ batch: { rows: 7, bytes: 1_048_576 } });
    const { source, plan, splits } = await startedQuery(emulated.org, run);

    const rest = await deliveriesOf(source, plan, splits[0]!, run.ctx, { v: 1, row: 7 });

    expect(rest.flatMap(rowsOf)).toHaveLength(13);
  });
});

describe('what a page begins with', () => {
  it('does not depend on the chunks it came in, and is of as many bytes as are kept', () => {
    const bytes = Buffer.from(Array.from({ length: 40_000 }, (_, n) => n % 251));
    const begins = [1, 7, 1000, 16_384, 40_000].map((chunkBytes) => {
      const begin = new PageBegin();
      for (let at = 0; at < bytes.length; at += chunkBytes) begin.take(bytes.subarray(at, at + chunkBytes));
      return [0, 1, 900, 16_384, 16_385, 40_000].map((offset) => begin.before(offset));
    });

    expect(new Set(begins.map((texts) => texts.join(' '))).size).toBe(1);
    expect(new Set(begins[0]).size).toBe(4);
  });
});

describe('a deletion', () => {
  it.each(['html', 'empty'] as const)(
    'that something other than the org took (%s) leaves the job named',
    async (body) => {
      await using emulated = await emulatedOrg({ items: 3 });
      emulated.emulator.faults.add({ match: { method: 'DELETE' }, action: answerWith(200, { body }) });
      const poll = { firstMs: 1, startMs: 1 };

      const { leftBehind } = await copy({ from: emulated.org.query(ITEMS, { poll }), to: collect() });

      const [job] = emulated.emulator.jobs.all;
      expect(leftBehind).toMatchObject([
        { kind: 'query job', id: job?.id, reason: expect.stringContaining('HTTP 200') },
      ]);
    },
  );

  it('that is repeated because its answer was lost finds the job gone, as it is to be', async () => {
    await using emulated = await emulatedOrg({ items: 3 });
    const lost = scheduledFault({ fault: 'reply lost after its effect', on: 'delete', nth: 1 });
    emulated.emulator.faults.add(lost);

    const { leftBehind } = await copy({
      from: emulated.org.query(ITEMS, { poll: { firstMs: 1, startMs: 1 } }),
      to: collect(),
      retry: { baseMs: 1 },
    });

    expect(leftBehind).toEqual([]);
    expect(emulated.emulator.jobs.all).toEqual([]);
  });
});
