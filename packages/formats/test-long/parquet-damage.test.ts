import fc from 'fast-check';
import { expect, inject, it } from 'vitest';

import { CLEAR_OUTCOME, damagedFiles, outcomeOf } from '../test/parquet/damaged-parquet.ts';

it('reads or refuses damaged Parquet files, many of them', async () => {
  await fc.assert(
    fc.asyncProperty(damagedFiles, async (bytes) => {
      expect(await outcomeOf(bytes)).toMatch(CLEAR_OUTCOME);
    }),
    { seed: inject('seed'), numRuns: 50_000, endOnFailure: true },
  );
});
