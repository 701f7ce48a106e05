import { describe, expect, inject, it } from 'vitest';

import { CHECKS, runCheck } from '../src/index.ts';
import { sourceHarness } from '../test/memory-harness.ts';
import type { Mutant } from '../test/mutants/mutant.ts';
import { commits, mutant as sinkMutant } from '../test/mutants/sink-mutant.ts';
import { deliveries, mutant as sourceMutant } from '../test/mutants/source-mutant.ts';

const LEAK_BYTES = 16_384;
const leaked: Uint8Array[] = [];

const SOURCE_MUTANTS: readonly Mutant[] = [
  sourceMutant('S6', 'keeps something of every delivery', /after \d+ rows, \d+ bytes more are in use/, {
    ...deliveries((delivery) => {
      leaked.push(new Uint8Array(LEAK_BYTES));
      return delivery;
    }),
    harness: (harness) => ({ ...harness, longRows: 60_000 }),
  }),
  sourceMutant(
    'P6',
    'gives positions that lie a row too far',
    /in run \d+ of 100: \d+ of \d+ rows are missing|SOURCE_CHANGED/,
    deliveries((delivery) => ({
      ...delivery,
      position: { version: 1, row: Number(Reflect.get(delivery.position as object, 'row')) + 1 },
    })),
  ),
  {
    check: 'P6',
    is: 'has a remote side whose connections are never cut',
    says: /^the fault never struck: "cut" was armed/,
    harness: () =>
      sourceHarness({
        harness: (harness) => ({
          ...harness,
          async fixture(table) {
            const fixture = await harness.fixture(table);
            return { ...fixture, faults: { ...fixture.faults, cut: () => ({ hits: 0 }) } };
          },
        }),
      }),
  },
];

const SINK_MUTANTS: readonly Mutant[] = [
  sinkMutant('P5', 'keeps something of every commit', /after \d+ rows, \d+ bytes more are in use/, {
    ...commits(async function* (correct, _target, ...args) {
      leaked.push(new Uint8Array(64 * LEAK_BYTES));
      yield* correct.commit(...args);
    }),
    harness: (harness) => ({ ...harness, longRows: 100_000 }),
  }),
  sinkMutant('P6', 'forgets what it has committed', /in run \d+ of 100: \d+ rows too many|STAGED_DATA_LOST/, {
    ...commits(async function* (correct, target, ...args) {
      target.committed.clear();
      yield* correct.commit(...args);
    }),
  }),
];

describe.each([
  ['source', SOURCE_MUTANTS],
  ['sink', SINK_MUTANTS],
] as const)('a %s', (side, mutants) => {
  it.each(mutants.map((mutant) => [mutant.is, mutant.check, mutant] as const))(
    'that %s fails %s at length',
    async (_is, id, mutant) => {
      const check = CHECKS.find((one) => one.id === id && one.side === side)!;

      const result = await runCheck(check, mutant.harness(), { seed: inject('seed'), long: true });

      leaked.length = 0;
      expect(result).toMatchObject({ outcome: 'failed', message: expect.stringMatching(mutant.says) });
    },
  );

  it('has a mutant for every long check', () => {
    const ids = CHECKS.filter((check) => check.side === side && check.isLong === true).map(({ id }) => id);

    expect(ids.filter((id) => !mutants.some(({ check }) => check === id))).toEqual([]);
  });
});
