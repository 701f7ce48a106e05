import { expect, inject, it } from 'vitest';

import { CHECKS, runCheck, type SinkHarness } from '../src/index.ts';
import { sinkHarness } from './memory-harness.ts';

/** Something is left of every run whose journal is of that kind. */
function leaving(isLeft: (journal: string) => boolean): SinkHarness {
  const harness = sinkHarness();
  return {
    ...harness,
    async target() {
      const target = await harness.target();
      return {
        ...target,
        leftovers: async (entries = []) => (isLeft(entries.join('\n')) ? ['something'] : []),
      };
    },
  };
}

const killed = CHECKS.find(({ id, side }) => id === 'P3' && side === 'sink')!;

it.each([
  ['is blamed for what the harness finds in the journal', /"kind":"partCommitted"/, 'failed'],
  ['is not blamed for what the harness does not find there', /no such entry/, 'passed'],
] as const)('a sink that is killed %s', async (_, entry, outcome) => {
  const result = await runCheck(
    killed,
    leaving((journal) => entry.test(journal)),
    { seed: inject('seed') },
  );

  expect(result).toMatchObject({ outcome });
});
