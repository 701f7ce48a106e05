import { RecordBatch } from 'apache-arrow';

import type { Json } from '../../../src/contract/json.ts';
import type { Delivery } from '../../../src/contract/source.ts';
import { batchOfRows, rowsOfBatch, testSchema } from '../../engine/row-batches.ts';
import { type EngineDouble, withOptions, withSink, withSource } from './engine-double.ts';

/** Everything at once, whether or not anybody wants it. */
async function* eagerly<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  yield* await Array.fromAsync(items);
}

export const READING_DOUBLES: readonly EngineDouble[] = [
  {
    check: 'E1',
    is: 'takes a batch for one of the planned schema without a look',
    says: /a run with a batch of another schema succeeds/,
    engine: withSource(({ read }) => ({
      async *read(...args) {
        for await (const delivery of read(...args)) {
          const { batch } = delivery;
          const known = batch.schema.fields.length === testSchema.fields.length ? batchOfRows([]) : batch;
          yield { ...delivery, batch: new RecordBatch(testSchema, known.data) };
        }
      },
    })),
  },
  {
    check: 'E1-open',
    is: 'finds splits before it opens the target',
    says: /before the target refuses, the source is asked for splits, split 0/,
    engine: withSource(({ plan, splits }) => ({
      async plan(ctx) {
        const planned = await plan(ctx);
        await splits(planned.state, ctx)[Symbol.asyncIterator]().next();
        return planned;
      },
    })),
  },
  {
    check: 'E2-resume',
    is: 'forgets which splits it has found',
    says: /gone on with, a run has \d+ rows instead of 21/,
    engine: withSource(({ splits }) => ({ splits: (plan, ctx) => splits(plan, ctx) })),
  },
  {
    check: 'E3',
    is: 'reads on from the start with positions, and takes every row once more',
    says: /cut at rows 8 and 16 with positions, the rows are 0 1 2 .* 0 1 2/,
    engine: withSource(({ traits, read }) => ({
      read: (plan, split, ctx, from) => read(plan, split, ctx, traits.positions ? undefined : from),
    })),
  },
  {
    check: 'E3',
    is: 'skips nothing where there are no positions',
    says: /cut at rows 8 and 16 without positions, the rows are 0 1 2 .* 0 1 2/,
    engine: withSource(({ traits, read }) => {
      const delivered: Delivery<Json>[] = [];
      return {
        async *read(...args) {
          if (!traits.positions) yield* delivered.slice();
          for await (const delivery of read(...args)) {
            yield delivery;
            delivered.push(delivery);
          }
        },
      };
    }),
  },
  {
    check: 'E4',
    is: 'reads a split to its end as soon as it is open',
    says: /is read ahead of by \d+ batches, where \d are allowed/,
    engine: withSource(({ read }) => ({ read: (...args) => eagerly(read(...args)) })),
  },
  {
    check: 'E4-read',
    is: 'reads a split to its end as soon as it is open',
    says: /a reader that takes nothing is read ahead of by 20 batches/,
    engine: withSource(({ read }) => ({ read: (...args) => eagerly(read(...args)) })),
  },
  {
    check: 'E4-splits',
    is: 'reads as many splits at once as there are writers',
    says: /4 splits are read at once with a parallelism of 2/,
    engine: withOptions(() => ({ parallelism: 4 })),
  },
  {
    check: 'E4-splits',
    is: 'does not look at how many connections the source has',
    says: /4 splits are read at once from a source of one connection/,
    engine: withSource(({ traits: { ordered, positions } }) => ({ traits: { ordered, positions } })),
  },
  {
    check: 'E4-writers',
    is: 'opens a writer for each split',
    says: /4 writers are open at once of a sink that has 1/,
    engine: withSink(({ traits }) => ({ traits: { ...traits, writers: 4 } })),
  },
  {
    check: 'E5',
    is: 'uses the memory of a batch again for the next one',
    says: /the batches that were written hold (\d+ )*3\d 3\d/,
    engine: withSource(({ read }) => ({
      async *read(...args) {
        let ids: Int32Array | undefined;
        for await (const delivery of read(...args)) {
          const batch = batchOfRows(rowsOfBatch(delivery.batch));
          // The column `id` of the schema of every test here.
          const own = batch.data.children[0]!.values as Int32Array;
          ids?.set(own.subarray(0, ids.length));
          ids = own;
          yield { ...delivery, batch };
        }
      },
    })),
  },
  {
    check: 'E7-splits',
    is: 'takes a failure to find splits for their end',
    says: /a run succeeds without the splits that its source failed to find/,
    engine: withSource(({ splits }) => ({
      async *splits(...args) {
        try {
          yield* splits(...args);
        } catch {
          // As if that were all.
        }
      },
    })),
  },
  {
    check: 'E10-read',
    is: 'leaves reads to themselves',
    says: /2 reads go on when nobody reads any more/,
    engine: withSource(({ read }) => ({
      read: (...args) => ({
        [Symbol.asyncIterator]() {
          const reading = read(...args)[Symbol.asyncIterator]();
          return { next: () => reading.next() };
        },
      }),
    })),
  },
  {
    check: 'E10-read',
    is: 'says that what was broken off is done',
    says: /broken off ends with finish committed, dispose/,
    engine: withSource(({ finish }) => ({ finish: (plan, _end, ctx) => finish(plan, 'committed', ctx) })),
  },
  {
    check: 'E12',
    is: 'knows a sink by its name',
    says: /named salesforce and files, the same plugins are treated otherwise/,
    engine: withSink(({ name, traits: { part, ...traits } }) => ({
      traits: name === 'files' || part === undefined ? traits : { ...traits, part },
    })),
  },
  {
    check: 'E12-positions',
    is: 'takes whatever position comes',
    says: /a run succeeds on positions that are not declared/,
    engine: withSource(({ traits }) => ({ traits: { ...traits, positions: true } })),
  },
  {
    check: 'E13-order',
    is: 'takes the splits as they come to hand',
    says: /a single stream gets rows in the order 3\d{4}/,
    engine: withSource(({ splits }) => ({
      async *splits(...args) {
        yield* (await Array.fromAsync(splits(...args))).toReversed();
      },
    })),
  },
];
