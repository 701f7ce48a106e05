import { type Delivery, type Json, SluiceError } from '@sluice/core';
import { RecordBatch, Schema } from 'apache-arrow';

import { batchOf, rowsOf } from '../../src/index.ts';
import type { Mutant } from './mutant.ts';
import { cells, deliveries, mutant, reading } from './source-mutant.ts';

let shared: Delivery<Json>['batch'] | undefined;

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
