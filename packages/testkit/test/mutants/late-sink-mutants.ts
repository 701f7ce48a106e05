import type { Mutant } from './mutant.ts';
import { commits, mutant, sink } from './sink-mutant.ts';

/** Sinks whose verdicts come late, or that are given up before they come. */
export const LATE_SINK_MUTANTS: readonly Mutant[] = [
  mutant('K4-abort', 'forgets parts that were never prepared', /aborted once, it leaves run/, {
    ...sink((correct) => ({
      abort: (aim, schema, parts, ctx) =>
        correct.abort(
          aim,
          schema,
          parts.filter(({ message }) => message !== undefined),
          ctx,
        ),
    })),
    options: { late: true },
  }),
  mutant(
    'K4-results',
    'keeps to itself what had taken effect',
    /of the parts that `abort` tells of: \d+ rows too many/,
    sink((correct) => ({
      abort: async (...args) => ({ leftBehind: (await correct.abort(...args)).leftBehind }),
    })),
  ),
  mutant(
    'K4-results',
    'tells of parts that never took effect',
    /of the parts that `abort` tells of: \d+ of \d+ rows are missing/,
    {
      ...sink((correct) => ({
        async abort(aim, schema, parts, ctx) {
          const { leftBehind } = await correct.abort(aim, schema, parts, ctx);
          const results = parts.map(({ part }) => ({ part, writtenRows: 10, rejects: noRejects() }));
          return { leftBehind, results };
        },
      })),
      options: { late: true },
    },
  ),
  mutant(
    'K6-rows',
    'counts rows by the batches they were written in',
    /with its rows in batches of 1, a part has other results/,
    {
      ...commits(async function* (correct, _target, aim, schema, parts, ctx) {
        const inFirstBatch = parts.map((part) => ({ ...part, rows: () => firstOf(part.rows()) }));
        yield* correct.commit(aim, schema, inFirstBatch, ctx);
      }),
      options: { late: true },
    },
  ),
  mutant(
    'K12',
    'does not ask whether so many rejects are allowed',
    /of a run that rejected too many rows: \d+ rows too many/,
    {
      ...commits(async function* (correct, _target, aim, schema, parts, ctx) {
        yield* correct.commit(aim, schema, parts, { ...ctx, requireAllowed() {} });
      }),
      options: { late: true, commit: 'end' },
    },
  ),
  mutant(
    'K28',
    'takes rows that go again for the part they belong to',
    /with two retries: \d+ of \d+ rows are missing/,
    {
      ...sink((correct) => ({
        writer: (aim, schema, { split, part }, ctx, after) => correct.writer(aim, schema, { split, part }, ctx, after),
      })),
      options: { late: true },
    },
  ),
];

async function* firstOf<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const item of items) {
    yield item;
    return;
  }
}

async function* noRejects(): AsyncGenerator<never> {}
