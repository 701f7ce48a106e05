import { expect, inject, it } from 'vitest';

import { CHECKS, type Harness, runCheck } from '../src/index.ts';
import { sinkHarness, sourceHarness } from '../test/memory-harness.ts';

const held: unknown[] = [];

const MUTANTS: readonly [is: string, side: string, id: string, says: RegExp, harness: () => Harness][] = [
  [
    'a source that keeps what it has read',
    'source',
    'S6',
    /bytes more are in use than at the start/,
    () =>
      sourceHarness({
        source: (source) => ({
          ...source,
          async *read(...args) {
            for await (const delivery of source.read(...args)) {
              held.push(new Uint8Array(65_536));
              yield delivery;
            }
          },
        }),
      }),
  ],
  [
    'a source that cannot be read from a position twice',
    'source',
    'P6',
    /in run \d+ of \d+|fails unexpectedly/,
    () =>
      sourceHarness({
        source: (source) => ({
          ...source,
          read: (plan, split, ctx, from) =>
            source.read(
              plan,
              split,
              ctx,
              from === undefined ? from : { version: 1, row: Number(Reflect.get(from as object, 'row')) + 1 },
            ),
        }),
      }),
  ],
  [
    'a sink that keeps what it has written',
    'sink',
    'P5',
    /bytes more are in use than at the start/,
    () =>
      sinkHarness({
        sink: (sink) => ({
          ...sink,
          async writer(...args) {
            held.push(new Uint8Array(2 ** 21));
            return await sink.writer(...args);
          },
        }),
      }),
  ],
  [
    'a sink that loses the second attempt at a part',
    'sink',
    'P6',
    /in run \d+ of \d+|fails unexpectedly/,
    () =>
      sinkHarness({
        sink: (sink, target) => ({
          ...sink,
          async writer(aim, schema, id, ctx, after) {
            const isSecond = [...target.staged.keys()].some((key) => key.endsWith(`/${id.split}/${id.part}`));
            const writer = await sink.writer(aim, schema, id, ctx, after);
            return isSecond ? { ...writer, write: async () => ({}) } : writer;
          },
        }),
      }),
  ],
];

it.each(MUTANTS)('%s fails', async (_is, side, id, says, harness) => {
  const check = CHECKS.find((one) => one.side === side && one.id === id)!;

  const result = await runCheck(check, { ...harness(), longRows: 40_000 }, { seed: inject('seed'), long: true });
  held.length = 0;

  expect(result).toMatchObject({ outcome: 'failed', message: expect.stringMatching(says) });
});
