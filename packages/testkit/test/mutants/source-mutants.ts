import { type Delivery, type Json, type Source, SluiceError } from '@sluice/core';
import { RecordBatch, Schema } from 'apache-arrow';

import { batchOf, rowsOf } from '../../src/index.ts';
import { type SourceChange, sourceHarness } from '../memory-harness.ts';
import type { Mutant } from './mutant.ts';

type Read = Source['read'];
type Reading = AsyncIterable<Delivery<Json>>;

/** What is read, changed on the way. */
function reading(change: (rows: Reading, ...args: Parameters<Read>) => Reading): SourceChange {
  return { source: (source) => ({ ...source, read: (...args) => change(source.read(...args), ...args) }) };
}

/** Each delivery, changed. */
function deliveries(change: (delivery: Delivery<Json>, i: number) => Delivery<Json>): SourceChange {
  return reading(async function* (rows) {
    let i = 0;
    for await (const delivery of rows) yield change(delivery, i++);
  });
}

/** Every row, changed. */
function cells(change: (value: unknown, name: string) => unknown): SourceChange {
  return deliveries(({ batch, ...rest }) => ({
    ...rest,
    batch: batchOf(
      batch.schema,
      rowsOf(batch).map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, change(value, name) as never])),
      ),
    ),
  }));
}

function mutant(check: string, is: string, says: RegExp, change: SourceChange): Mutant {
  return { check, is, says, harness: () => sourceHarness(change) };
}

let shared: Delivery<Json>['batch'] | undefined;
const readSplits = new WeakSet<object>();

export const SOURCE_MUTANTS: readonly Mutant[] = [
  mutant('S1', 'renames a column in its batches', /does not have the planned schema/, {
    ...deliveries(({ batch, ...rest }) => ({
      ...rest,
      batch: new RecordBatch(
        new Schema(batch.schema.fields.map((field, i) => (i === 1 ? field.clone({ name: 'other' }) : field))),
        batch.data,
      ),
    })),
  }),
  mutant('S2', 'makes up a row where there is none', /of an empty result: 1 rows too many/, {
    source: (source, { table }) => ({
      ...source,
      async *splits(...args) {
        let count = 0;
        for await (const split of source.splits(...args)) {
          count++;
          yield split;
        }
        if (count === 0) yield { version: 1, job: 'job 1', from: 0, to: 0, extra: true };
      },
      async *read(plan, split, ctx, from) {
        yield* source.read(plan, split, ctx, from);
        if (table.rows.length === 0) {
          yield {
            batch: batchOf(table.schema, [
              { row_id: 'made up', dense_union: { member: 0, value: 1 }, sparse_union: { member: 0, value: 1 } },
            ]),
          };
        }
      },
    }),
  }),
  mutant(
    'S3',
    'loses a last batch of one row',
    /1 of \d+ rows are missing/,
    reading(async function* (rows) {
      for await (const delivery of rows) if (delivery.batch.numRows !== 1) yield delivery;
    }),
  ),
  mutant('S4', 'takes the bounds of batches for advice', /a batch has \d+ rows, and the bound is 7/, {
    source: (source) => ({
      ...source,
      read: (plan, split, ctx, from) =>
        source.read(plan, split, { ...ctx, batch: { rows: 1000, bytes: 2 ** 30 } }, from),
    }),
  }),
  mutant(
    'S5',
    'reads a split ahead whole',
    /4 requests were made when 1 of 4 deliveries had been asked for, and 1 of 4 bring those/,
    reading(async function* (rows) {
      yield* await Array.fromAsync(rows);
    }),
  ),
  mutant('S5', 'begins to read before anybody asks', /1 requests were made before anybody asked for a row/, {
    source: (source) => ({
      ...source,
      read(...args) {
        const iterator = source.read(...args)[Symbol.asyncIterator]();
        let first: ReturnType<typeof iterator.next> | undefined = iterator.next();
        return {
          [Symbol.asyncIterator]: () => ({
            next() {
              const next = first ?? iterator.next();
              first = undefined;
              return next;
            },
            return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
          }),
        };
      },
    }),
  }),
  mutant('S5', 'reads the splits behind the first with it', /3 requests were made when 1 of 1 deliveries/, {
    harness: (harness) => ({ ...harness, manyRows: 30 }),
    source: (source, remote) => ({
      ...source,
      async *read(plan, split, ctx, from) {
        const isFirst = Reflect.get(split as object, 'from') === 0;
        if (isFirst && readSplits.has(remote)) remote.remote.requests += 2;
        readSplits.add(remote);
        yield* source.read(plan, split, ctx, from);
      },
    }),
  }),
  mutant('S5', 'has a harness whose requests are not counted', /the harness counts no request/, {
    harness: ({ fixture, ...rest }) => ({
      ...rest,
      fixture: async (table) => ({ ...(await fixture(table)), requests: () => 0 }),
    }),
  }),
  mutant('S5', 'has pages too large to tell', /a split of the fixture takes 2 requests, too few to see them stop/, {
    harness: (harness) => ({ ...harness, manyRows: 60 }),
  }),
  mutant(
    'S7',
    'uses its buffers again',
    /batch \d+ has changed since it was delivered/,
    reading(async function* (rows) {
      shared = undefined;
      for await (const { batch, ...rest } of rows) {
        const ids = batch.getChild('int32')!.data[0]!.values as Int32Array;
        const before = shared?.getChild('int32')!.data[0]!.values as Int32Array | undefined;
        before?.set(ids.subarray(0, before.length));
        shared = batchOf(batch.schema, rowsOf(batch));
        yield { ...rest, batch: shared };
      }
    }),
  ),
  mutant('S7', 'uses its buffers again for the split behind', /batch \d+ has changed since it was delivered/, {
    source: (source) => {
      let first: Int32Array | undefined;
      return {
        ...source,
        async *read(...args) {
          first?.fill(7);
          first = undefined;
          for await (const { batch, ...rest } of source.read(...args)) {
            const own = batchOf(batch.schema, rowsOf(batch));
            first ??= own.getChild('int32')!.data[0]!.values as Int32Array;
            yield { ...rest, batch: own };
          }
        },
      };
    },
  }),
  mutant('S8', 'leaves its listener on the signal', /leaves \d+ listeners on the signal/, {
    source: (source) => ({
      ...source,
      async *read(plan, split, ctx, from) {
        ctx.signal.addEventListener('abort', () => undefined);
        yield* source.read(plan, split, ctx, from);
      },
    }),
  }),
  mutant('S9', 'has splits that overlap', /rows too many/, {
    source: (source) => ({
      ...source,
      async *splits(...args) {
        for await (const split of source.splits(...args))
          yield { ...(split as object), from: Math.max(0, Number(Reflect.get(split as object, 'from')) - 1) };
      },
    }),
  }),
  mutant('S9-after', 'begins anew where it is asked for the splits behind one', /are not those that followed it/, {
    source: (source) => ({ ...source, splits: (plan, ctx) => source.splits(plan, ctx) }),
  }),
  mutant(
    'S10',
    'gives positions that lie a row too far',
    /resumed from position \d+ of a split: 1 of \d+ rows are missing/,
    deliveries((delivery) => ({
      ...delivery,
      position: { version: 1, row: Number(Reflect.get(delivery.position as object, 'row')) + 1 },
    })),
  ),
  mutant('S10-none', 'gives positions that it does not declare', /declares that it has none/, {
    source: (source) => ({ ...source, traits: { ...source.traits, positions: false } }),
  }),
  mutant(
    'S11',
    'writes positions without a version',
    /a position carries no version/,
    deliveries((delivery) => ({
      ...delivery,
      position: { row: 1 },
    })),
  ),
  mutant('S11', 'hands out splits with a date that is no JSON', /a split holds an object of class Date at \.at/, {
    source: (source) => ({
      ...source,
      async *splits(...args) {
        for await (const split of source.splits(...args)) yield { ...(split as object), at: new Date(0) as never };
      },
    }),
  }),
  mutant('S11', 'takes positions of any version', /a position of an unknown version is taken as if it were known/, {
    source: (source) => ({
      ...source,
      read: (plan, split, ctx, from) =>
        source.read(plan, split, ctx, from === undefined ? undefined : { ...(from as object), version: 1 }),
    }),
  }),
  mutant(
    'S12',
    'gives the position of what it has read ahead',
    /delivery \d of 3 asked for at once/,
    reading(async function* (rows) {
      const all = await Array.fromAsync(rows);
      for (const delivery of all) yield { ...delivery, position: all.at(-1)?.position ?? null };
    }),
  ),
  mutant('S13', 'hands out splits in an order of its own each time', /fails unexpectedly with|rows/, {
    source: (source) => ({
      ...source,
      async *splits(plan, ctx, after) {
        // Forgets what came after the one it is asked to go on behind.
        if (after === undefined) yield* source.splits(plan, ctx, after);
      },
    }),
  }),
  mutant(
    'S14',
    'takes a result that is gone for an empty one',
    /rows are missing/,
    reading(async function* (rows) {
      try {
        yield* rows;
      } catch (error) {
        if (!(SluiceError.is(error) && error.code === 'JOB_GONE')) throw error;
      }
    }),
  ),
  mutant(
    'S17',
    'does not look at the remote side’s count',
    /a copy succeeds although the remote side counts other rows/,
    {
      source: (source, remote) => {
        const page = remote.page.bind(remote);
        remote.page = (from, to) => ({ ...page(from, to), count: to - from });
        return source;
      },
    },
  ),
  mutant(
    'S18',
    'gives up at the first cut',
    /a connection cut once ends the run/,
    reading(async function* (rows) {
      try {
        yield* rows;
      } catch (error) {
        throw SluiceError.is(error) ? new SluiceError('JOB_FAILED', error.message) : error;
      }
    }),
  ),
  mutant(
    'S18-truncated',
    'takes an early end for the end',
    /rows are missing/,
    reading(async function* (rows) {
      try {
        yield* rows;
      } catch (error) {
        if (!(SluiceError.is(error) && error.code === 'RESPONSE_TRUNCATED')) throw error;
      }
    }),
  ),
  mutant(
    'S19',
    'takes empty text for null',
    /has null in column "(dictionary_)?text"/,
    cells((value) => (value === '' ? null : value)),
  ),
  mutant(
    'S20',
    'reads decimals as doubles',
    /in column "decimal_/,
    cells((value, name) =>
      name.startsWith('decimal_38_0') && typeof value === 'string'
        ? BigInt(Number(value)).toString().slice(0, 38)
        : value,
    ),
  ),
  mutant(
    'S21',
    'moves dates by a day',
    /in column "date_day"/,
    cells((value, name) => (name === 'date_day' && value === '2024-02-29' ? '2024-03-01' : value)),
  ),
  mutant(
    'S22',
    'folds the case of names',
    /does not have|rows|in column/,
    cells((value, name) => (name === 'Name' ? 7 : value)),
  ),
  mutant('S23', 'reads on with the planned schema', /although a column is another now/, {
    source: (source, remote) => {
      const page = remote.page.bind(remote);
      remote.page = (from, to) => ({ ...page(from, to), schemaVersion: 1 });
      return source;
    },
  }),
  mutant('S25', 'repeats a page after a new login', /rows too many/, {
    source: (source, remote) => ({
      ...source,
      async *read(plan, split, ctx, from) {
        let last: Delivery<Json> | undefined;
        const before = remote.remote.requests;
        for await (const delivery of source.read(plan, split, ctx, from)) {
          yield delivery;
          const wasRepeated = remote.remote.requests - before > 3 && last === undefined;
          if (wasRepeated) yield (last = delivery);
        }
      },
    }),
  }),
  mutant('S26', 'does not wait as long as it is told', /it waited \d times that long/, {
    source: (source) => ({
      ...source,
      check: (ctx) =>
        source.check({ ...ctx, clock: { ...ctx.clock, now: () => 0, sleep: async () => {} }, retry: impatient }),
      plan: (ctx) => source.plan({ ...ctx, retry: impatient }),
    }),
  }),
  mutant('S27', 'loses a row between pages of one size', /by way of "splits of 7 rows"/, {
    source: (source) =>
      JSON.stringify(source.config) === '{"splitRows":7}'
        ? {
            ...source,
            ...reading(async function* (rows) {
              let i = 0;
              for await (const delivery of rows)
                yield i++ === 0 ? { ...delivery, batch: delivery.batch.slice(1) } : delivery;
            }).source!(source, undefined as never),
          }
        : source,
  }),
  mutant('S28', 'turns small batches round', /read again in smaller batches: rows are in another order/, {
    source: (source) => ({
      ...source,
      async *read(plan, split, ctx, from) {
        const deliveries = await Array.fromAsync(source.read(plan, split, ctx, from));
        yield* ctx.batch.rows < 10 ? deliveries.toReversed() : deliveries;
      },
    }),
  }),
  mutant(
    'S28',
    'goes on where another reading of the split is',
    /a split read twice at the same time: \d+ of \d+ rows/,
    {
      source: (source) => {
        const places = new Map<string, AsyncIterator<Delivery<Json>>>();
        return {
          ...source,
          async *read(plan, split, ctx, from) {
            const key = JSON.stringify(split);
            const place = places.get(key) ?? source.read(plan, split, ctx, from)[Symbol.asyncIterator]();
            places.set(key, place);
            for (let next = await place.next(); next.done !== true; next = await place.next()) yield next.value;
            places.delete(key);
          },
        };
      },
    },
  ),
  mutant('S28', 'gives nothing the second time', /a split read again in smaller batches: \d+ of \d+ rows are missing/, {
    source: (source) => {
      const seen = new Set<string>();
      return {
        ...source,
        async *read(plan, split, ctx, from) {
          const key = String(Reflect.get(split as object, 'from'));
          if (seen.has(key)) return;
          seen.add(key);
          yield* source.read(plan, split, ctx, from);
        },
      };
    },
  }),
  mutant('S29', 'leaves its job when a run is abandoned', /as abandoned, it leaves job \d+ without a word/, {
    source: (source) => ({
      ...source,
      finish: async (plan, end, ctx) => (end === 'abandoned' ? [] : await source.finish(plan, end, ctx)),
    }),
  }),
  mutant('P2', 'does not end what it started when the sink fails', /a failed run leaves job/, {
    source: (source) => ({ ...source, finish: async () => [] }),
  }),
  mutant(
    'P3',
    'remembers its job after it has created it',
    /killed (before|after) entry \d+ of \d+ and resumed|fails unexpectedly/,
    {
      source: (source) => ({
        ...source,
        async *splits(plan, ctx, after) {
          if (ctx.memo.get('job') !== undefined) throw new SluiceError('JOB_GONE', 'another process has it');
          yield* source.splits(plan, ctx, after);
        },
      }),
    },
  ),
  mutant('P4', 'loses the rows of a split', /of \d+ rows \d+ were read/, {
    source: (source) => ({
      ...source,
      async *splits(...args) {
        let i = 0;
        for await (const split of source.splits(...args)) if (i++ > 0) yield split;
      },
    }),
  }),
];

async function impatient<T>(request: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request(attempt);
    } catch (error) {
      if (!SluiceError.is(error) || !error.retryable || attempt > 9) throw error;
    }
  }
}
