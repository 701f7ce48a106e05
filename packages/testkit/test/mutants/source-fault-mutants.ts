import { type Delivery, type Json, SluiceError } from '@sluice/core';

import type { Mutant } from './mutant.ts';
import { mutant, reading } from './source-mutant.ts';

/** What goes wrong on the remote side is overlooked, or taken for something else. */
export const SOURCE_FAULT_MUTANTS: readonly Mutant[] = [
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
