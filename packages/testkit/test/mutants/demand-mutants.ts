import type { Delivery, Json } from '@sluice/core';

import type { Mutant } from './mutant.ts';
import { mutant, reading } from './source-mutant.ts';

const readSplits = new WeakSet<object>();

/** Rows are asked for too early, for too long, or in a place that another reading has too. */
export const DEMAND_MUTANTS: readonly Mutant[] = [
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
  mutant('S8', 'leaves its listener on the signal', /leaves \d+ listeners on the signal/, {
    source: (source) => ({
      ...source,
      async *read(plan, split, ctx, from) {
        ctx.signal.addEventListener('abort', () => undefined);
        yield* source.read(plan, split, ctx, from);
      },
    }),
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
];
