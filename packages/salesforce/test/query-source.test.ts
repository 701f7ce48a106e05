import { read, type Json } from '@sluice/core';
import { createOrg, type Reply } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import {
  allRows,
  csvOfItems,
  deliveriesOf,
  emulatedOrg,
  ITEMS,
  kept,
  missingItems,
  rowsOf,
  startedQuery,
} from './emulated-org.ts';
import { testRun } from './run-context.ts';
import { rejectionOf } from './thrown.ts';

const quickPoll = { firstMs: 1, startMs: 1, maxMs: 5 };
const RESULTS = /\/results/;
const LISTS = /\/resultPages/i;
describe('a query', () => {
  it('starts nothing while it is checked and planned', async () => {
    await using emulated = await emulatedOrg({ items: 10 });
    const { org, emulator } = emulated;
    const run = testRun();
    const source = org.query(ITEMS);

    await source.check(run.ctx);
    const plan = await source.plan(run.ctx);

    expect(plan.estimate).toMatchObject({ rows: 10 });
    expect(kept(plan.state)).toEqual(plan.state);
    expect(plan.schema.fields.map(({ name }) => name)).toEqual(['Number__c', 'Text__c']);
    expect(emulator.jobs.all).toEqual([]);
    expect([...run.memo.keys()]).toEqual([]);
  });

  it('gives every row once, and leaves no job after the commit', async () => {
    await using emulated = await emulatedOrg({ items: 1000, emulator: { results: { pageRows: 70 } } });
    const { org, emulator } = emulated;
    const run = testRun();

    const started = await startedQuery(org, run);
    const rows = await allRows(started, run.ctx);
    const left = await started.source.finish(started.plan, 'committed', run.ctx);

    expect(missingItems(rows, 1000)).toEqual([]);
    expect(started.splits).toHaveLength(15);
    expect(left).toEqual([]);
    expect(emulator.jobs.all).toEqual([]);
    expect(run.notes).toEqual([]);
  });

  it('cuts batches by rows, each with the planned schema', async () => {
    await using emulated = await emulatedOrg({ items: 95 });
    const run = testRun({ batch: { rows: 20, bytes: 1_048_576 } });

    const { source, plan, splits } = await startedQuery(emulated.org, run);
    const deliveries = await deliveriesOf(source, plan, splits[0]!, run.ctx);
    const { schema } = await source.plan(run.ctx);

    expect(deliveries.map(({ batch }) => batch.numRows)).toEqual([20, 20, 20, 20, 15]);
    expect(deliveries.map(({ position }) => position?.row)).toEqual([20, 40, 60, 80, 95]);
    expect(deliveries[0]?.batch.schema.toString()).toBe(schema.toString());
  });

  it('reads an object as a whole, or some of its fields and rows', async () => {
    await using emulated = await emulatedOrg({ items: 12 });
    const run = testRun();
    const source = emulated.org.query({
      object: 'item__c',
      fields: { include: ['Number__c', 'Owner.Name'] },
      where: 'Number__c < 3',
    });

    const { state } = await source.plan(run.ctx);
    const [split] = await Array.fromAsync(source.splits(state, run.ctx));
    const rows = (await deliveriesOf(source, state, split!, run.ctx)).flatMap(rowsOf);

    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({ 'Owner.Name': 'Dana Ito' });
  });

  it('gives picklists as dictionaries on request, a dictionary to each batch', async () => {
    await using emulated = await emulatedOrg({ items: 40 });
    const run = testRun({ batch: { rows: 7, bytes: 1_048_576 } });
    const query = 'SELECT Number__c, Kind__c FROM Item__c';

    const started = await startedQuery(emulated.org, run, query, { picklists: 'dictionary' });
    const { schema } = await started.source.plan(run.ctx);
    const rows = await allRows(started, run.ctx);

    expect(String(schema.fields[1]?.type)).toContain('Dictionary');
    const kinds = new Map(rows.map((row) => [row['Number__c'], row['Kind__c']]));
    expect([...kinds].every(([n, kind]) => kind === ['red', 'green', 'blue', null][Number(n) % 4])).toBe(true);
    expect(kinds.size).toBe(40);
  });

  it('reads deleted rows, too, on request', async () => {
    await using emulated = await emulatedOrg({ items: 5 });
    const { org, emulator } = emulated;
    const run = testRun();
    const [id] = [
      ...emulator.org
        .query('SELECT Id FROM Item__c', { includeDeleted: false, api: 'rest', nowMs: 0, orderSeed: 1 })
        .rows(0, 1),
    ][0]!;
    emulator.org.remove('Item__c', [String(id)], 0);

    const without = await allRows(await startedQuery(org, run), run.ctx);
    const again = testRun();
    const withDeleted = await allRows(
      await startedQuery(org, again, ITEMS, { includeDeletedObjects: true }),
      again.ctx,
    );

    expect([without.length, withDeleted.length]).toEqual([4, 5]);
  });

  it.each([
    ['a header row alone', false],
    ['an empty body', true],
  ])('without rows is whole when its page is %s', async (_, emptyBody) => {
    await using emulated = await emulatedOrg({ items: 3, emulator: { results: { emptyBody } } });
    const run = testRun();

    const started = await startedQuery(emulated.org, run, `${ITEMS} WHERE Number__c > 5`);

    expect(await allRows(started, run.ctx)).toEqual([]);
    expect(run.notes).toEqual([]);
  });

  it('RW-09: gives text as the org holds it', async () => {
    using records = createOrg({
      objects: {
        Item__c: {
          fields: {
            Text__c: { type: 'textarea', length: 32_768 },
            At__c: { type: 'datetime' },
            Tags__c: { type: 'multipicklist', picklistValues: ['a', 'b', 'c'] },
          },
        },
      },
      rows: {
        Item__c: [
          { Name: '0', Text__c: '  in the middle \n', At__c: '2026-01-02T03:04:05.678Z', Tags__c: 'a;c' },
          { Name: '1', Text__c: '   ', Tags__c: '' },
          { Name: '2', Text__c: '\u00a0stays\u00a0' },
        ],
      },
    });
    await using emulated = await emulatedOrg({ emulator: { org: records } });
    const query = 'SELECT Name, Text__c, At__c, Tags__c FROM Item__c ORDER BY Name';

    const rows = await Array.fromAsync(read(emulated.org.query(query, { poll: quickPoll })).rows());

    expect(rows).toEqual([
      { Name: '0', Text__c: 'in the middle', At__c: '2026-01-02T03:04:05.000Z', Tags__c: 'a;c' },
      { Name: '1', Text__c: null, At__c: null, Tags__c: null },
      { Name: '2', Text__c: '\u00a0stays\u00a0', At__c: null, Tags__c: null },
    ]);
  });

  it('RW-17: gives rich text as it is, with addresses of images and no images', async () => {
    const html = '<p>Plan: <img src="https://acme.file.force.com/servlet/rtaImage?eid=a00&amp;refid=0EM"></img></p>';
    using records = createOrg({
      objects: {
        Item__c: { fields: { Rich__c: { type: 'textarea', length: 32_768, extraTypeInfo: 'richtextarea' } } },
      },
      rows: { Item__c: [{ Rich__c: html }] },
    });
    await using emulated = await emulatedOrg({ emulator: { org: records } });

    const rows = await Array.fromAsync(
      read(emulated.org.query('SELECT Rich__c FROM Item__c', { poll: quickPoll })).rows(),
    );

    expect(rows).toEqual([{ Rich__c: html }]);
  });

  it('names every option that is wrong', async () => {
    await using emulated = await emulatedOrg({ items: 1 });
    const options = { pageSize: 0, waitTimeoutMs: -1, unknown: 1 } as never;

    expect(() => emulated.org.query(ITEMS, options)).toThrow(/pageSize.*waitTimeoutMs.*unknown/);
    expect(() => emulated.org.query({ object: '' })).toThrow(/object/);
  });
});

describe('the pages of a result', () => {
  it.each([
    ['resultPages', 'nextRecordsUrl'],
    ['resultPages', 'nextRecordUrl'],
    ['resultChunks', 'both'],
  ] as const)('are splits when the org lists them as %s with %s', async (parallelPages, continuationKey) => {
    await using emulated = await emulatedOrg({
      items: 300,
      emulator: { results: { pageRows: 25, parallelPages, continuationKey } },
    });
    const run = testRun();

    const started = await startedQuery(emulated.org, run);
    const rows = await allRows(started, run.ctx);

    expect(started.splits.map(({ kind }) => kind)).toEqual(Array.from({ length: 12 }, () => 'page'));
    expect(missingItems(rows, 300)).toEqual([]);
    expect(emulated.emulator.requests.matching({ path: LISTS })).toHaveLength(3);
  });

  it('are asked for five at a time, when they are needed', async () => {
    await using emulated = await emulatedOrg({ items: 300, emulator: { results: { pageRows: 25 } } });
    const run = testRun();
    const source = emulated.org.query(ITEMS);
    const { state } = await source.plan(run.ctx);

    const splits = source.splits(state, run.ctx)[Symbol.asyncIterator]();
    for (let i = 0; i < 5; i += 1) await splits.next();
    const listsBefore = emulated.emulator.requests.matching({ path: LISTS }).length;
    await splits.next();
    const listsAfter = emulated.emulator.requests.matching({ path: LISTS }).length;
    await splits.return?.();

    expect([listsBefore, listsAfter]).toEqual([1, 2]);
  });

  it.each([
    ['the org has no such list', { results: { pageRows: 30, parallelPages: 'absent' as const } }, '64.0', true],
    ['the API version is too old for it', { results: { pageRows: 30 } }, '57.0', true],
  ])('are one split, with a note, when %s', async (_, options, apiVersion, hasNote) => {
    await using emulated = await emulatedOrg({ items: 100, emulator: options, org: { apiVersion } });
    const run = testRun({ batch: { rows: 16, bytes: 1_048_576 } });

    const started = await startedQuery(emulated.org, run);
    const rows = await allRows(started, run.ctx);

    expect(started.splits.map(({ kind }) => kind)).toEqual(['sequence']);
    expect(missingItems(rows, 100)).toEqual([]);
    expect(run.notes.map(({ code }) => code)).toEqual(hasNote ? ['PARALLEL_PAGES_UNAVAILABLE'] : []);
  });

  it('are one split without a note when the rows are wanted in order, or on request', async () => {
    await using emulated = await emulatedOrg({ items: 100, emulator: { results: { pageRows: 30 } } });
    const run = testRun();

    const ordered = await startedQuery(emulated.org, run, `${ITEMS} ORDER BY Number__c DESC`);
    const numbers = (await allRows(ordered, run.ctx)).map((row) => row['Number__c']);
    const onRequest = await startedQuery(emulated.org, testRun(), ITEMS, { parallelPages: false });

    expect(ordered.source.traits.ordered).toBe(true);
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, n) => 99 - n));
    expect(onRequest.source.traits.ordered).toBe(false);
    expect([...ordered.splits, ...onRequest.splits].map(({ kind }) => kind)).toEqual(['sequence', 'sequence']);
    expect(run.notes.map(({ code }) => code)).not.toContain('PARALLEL_PAGES_UNAVAILABLE');
  });

  it.each([
    ['makes no sense', () => ({ status: 200, headers: {}, body: [Buffer.from('{"pages":[]}')] })],
    [
      'leads to another job',
      () =>
        jsonBody({
          done: true,
          resultPages: [{ resultUrl: '/services/data/v64.0/jobs/query/750000000000001AAA/results' }],
        }),
    ],
    [
      'is refused',
      () => ({ status: 400, headers: {}, body: [Buffer.from('[{"errorCode":"API_ERROR","message":"no"}]')] }),
    ],
  ])('are one split when the first list %s', async (_, before) => {
    await using emulated = await emulatedOrg({ items: 100, emulator: { results: { pageRows: 30 } } });
    emulated.emulator.faults.add({ match: { path: LISTS }, action: { before } });
    const run = testRun();

    const started = await startedQuery(emulated.org, run);

    expect(missingItems(await allRows(started, run.ctx), 100)).toEqual([]);
    expect(run.notes.map(({ code }) => code)).toEqual(['PARALLEL_PAGES_UNAVAILABLE']);
  });

  it('never start a second layout once splits were handed out', async () => {
    await using emulated = await emulatedOrg({ items: 300, emulator: { results: { pageRows: 25 } } });
    emulated.emulator.faults.add({
      match: { path: LISTS, nth: 2, times: 99 },
      action: { before: () => jsonBody({ done: false }) },
    });
    const run = testRun();
    const source = emulated.org.query(ITEMS);
    const { state } = await source.plan(run.ctx);
    const found: Json[] = [];

    const error = await rejectionOf(
      (async () => {
        for await (const split of source.splits(state, run.ctx)) found.push(split);
      })(),
    );

    expect(error).toMatchObject({ code: 'RESPONSE_INVALID' });
    expect(found).toHaveLength(5);
    const resumed = await rejectionOf(Array.fromAsync(source.splits(state, run.resumed().ctx)));
    expect(resumed).toMatchObject({ code: 'RESPONSE_INVALID' });
  });

  it('that come twice in a list are refused', async () => {
    await using emulated = await emulatedOrg({ items: 300, emulator: { results: { pageRows: 25 } } });
    let first: Reply | undefined;
    emulated.emulator.faults.add({
      match: { path: LISTS },
      action: { after: (reply) => (first === undefined ? (first = reply) : { ...reply, body: first.body ?? [] }) },
    });

    const error = await rejectionOf(startedQuery(emulated.org, testRun()));

    expect(error).toMatchObject({ code: 'RESPONSE_INVALID', message: expect.stringContaining('twice') });
  });

  it('go on behind the split a resumed run found last', async () => {
    await using emulated = await emulatedOrg({ items: 300, emulator: { results: { pageRows: 25 } } });
    const run = testRun();
    const { source, plan, splits } = await startedQuery(emulated.org, run);

    for (const [at, split] of splits.entries()) {
      const rest = await Array.fromAsync(source.splits(plan, run.resumed().ctx, split));
      expect(rest).toEqual(splits.slice(at + 1));
    }

    const lists = emulated.emulator.requests.matching({ path: LISTS });
    expect(lists.at(-1)?.query.get('locator')).not.toBeNull();
  });

  it('that are no longer the ones found before are not mixed with them', async () => {
    await using emulated = await emulatedOrg({ items: 300, emulator: { results: { pageRows: 25 } } });
    const run = testRun();
    const { source, plan, splits } = await startedQuery(emulated.org, run);
    const moved = splits[2] as Extract<(typeof splits)[number], { readonly kind: 'page' }>;

    const error = await rejectionOf(
      Array.fromAsync(source.splits(plan, run.resumed().ctx, { ...moved, path: `${moved.path}x` })),
    );

    expect(error).toMatchObject({ code: 'RESPONSE_INVALID', message: expect.stringContaining('listed before') });
  });

  it('ask for the same number of rows in each of a sequence', async () => {
    await using emulated = await emulatedOrg({ items: 100 });
    const run = testRun();

    const started = await startedQuery(emulated.org, run, ITEMS, { pageSize: 30, parallelPages: false });
    await allRows(started, run.ctx);

    const asked = emulated.emulator.requests.matching({ path: RESULTS });
    expect(asked.map(({ query }) => query.get('maxRecords'))).toEqual(['30', '30', '30', '30']);
  });

  it('are matched by name, whatever the order and case of the header row', async () => {
    await using emulated = await emulatedOrg({ items: 10 });
    emulated.emulator.faults.add({
      match: { path: RESULTS },
      action: { before: () => ({ status: 200, headers: { 'Sforce-NumberOfRecords': '10' }, body: [csvOfItems(10)] }) },
    });
    const run = testRun();

    const started = await startedQuery(emulated.org, run);

    expect(missingItems(await allRows(started, run.ctx), 10)).toEqual([]);
  });

  it('with another header row are another schema', async () => {
    await using emulated = await emulatedOrg({ items: 100, emulator: { results: { pageRows: 40 } } });
    emulated.emulator.faults.add({
      match: { path: RESULTS, nth: 2 },
      action: { after: (reply) => ({ ...reply, body: [Buffer.from('"17","no header"\n')] }) },
    });
    const run = testRun();

    const error = await rejectionOf(startedQuery(emulated.org, run).then((started) => allRows(started, run.ctx)));

    expect(error).toMatchObject({ code: 'SCHEMA_CHANGED' });
  });
});

function jsonBody(value: Json): Reply {
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: [Buffer.from(JSON.stringify(value))] };
}
