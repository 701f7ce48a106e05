import type { Reply } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import { allRows, csvOfItems, deliveriesOf, emulatedOrg, ITEMS, missingItems, startedQuery } from './emulated-org.ts';
import { testRun } from './run-context.ts';
import { rejectionOf } from './thrown.ts';

const RESULTS = /\/results/;
const withHeaders = (reply: Reply, headers: Record<string, string | undefined>): Reply => ({
  ...reply,
  headers: Object.fromEntries(
    Object.entries({ ...reply.headers, ...headers }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  ),
});

describe('the counts of a result', () => {
  it.each([
    ['more', 41],
    ['fewer', 39],
  ])('fail the run when a page announces %s rows than come', async (_, announced) => {
    await using emulated = await emulatedOrg({ items: 100, emulator: { results: { pageRows: 40 } } });
    emulated.emulator.faults.add({
      match: { path: RESULTS, nth: 1 },
      action: { after: (reply) => withHeaders(reply, { 'Sforce-NumberOfRecords': String(announced) }) },
    });
    const run = testRun();

    const error = await rejectionOf(startedQuery(emulated.org, run).then((started) => allRows(started, run.ctx)));

    expect(error).toMatchObject({ code: 'COUNT_MISMATCH', retryable: false });
  });

  it.each([false, true])(
    'fail the run when pages agree and their sum does not (parallel: %s)',
    async (parallelPages) => {
      await using emulated = await emulatedOrg({ items: 100, emulator: { results: { pageRows: 40 } } });
      emulated.emulator.faults.add({
        match: { path: RESULTS, nth: 2 },
        action: {
          after: (reply) => ({
            ...withHeaders(reply, { 'Sforce-NumberOfRecords': '3' }),
            gzipBody: undefined as never,
            body: [csvOfItems(3)],
          }),
        },
      });
      const run = testRun();

      const error = await rejectionOf(
        startedQuery(emulated.org, run, ITEMS, { parallelPages }).then((started) => allRows(started, run.ctx)),
      );

      expect(error).toMatchObject({
        code: 'COUNT_MISMATCH',
        message: expect.stringContaining('100 rows by its own count'),
      });
    },
  );

  it('of a sum are checked where the pages were read before the last was found', async () => {
    await using emulated = await emulatedOrg({ items: 100, emulator: { results: { pageRows: 10 } } });
    emulated.emulator.faults.add({
      match: { path: RESULTS, nth: 3 },
      action: {
        after: (reply) => ({
          ...withHeaders(reply, { 'Sforce-NumberOfRecords': '0' }),
          gzipBody: undefined as never,
          body: [],
        }),
      },
    });
    const run = testRun();
    const source = emulated.org.query(ITEMS);
    const { state } = await source.plan(run.ctx);

    const error = await rejectionOf(
      (async () => {
        for await (const split of source.splits(state, run.ctx)) await deliveriesOf(source, state, split, run.ctx);
      })(),
    );

    expect(error).toMatchObject({ code: 'COUNT_MISMATCH', message: expect.stringContaining('have 90') });
  });

  it('leave a page unverified, with one note, where the org announces none', async () => {
    await using emulated = await emulatedOrg({ items: 100, emulator: { results: { pageRows: 40 } } });
    emulated.emulator.faults.add({
      match: { path: RESULTS },
      action: { after: (reply) => withHeaders(reply, { 'Sforce-NumberOfRecords': undefined }) },
    });
    const run = testRun();

    const started = await startedQuery(emulated.org, run);

    expect(missingItems(await allRows(started, run.ctx), 100)).toEqual([]);
    expect(run.notes.map(({ code }) => code)).toEqual(['PAGES_UNVERIFIED']);
  });
});
