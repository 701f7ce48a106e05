import { expect, it } from 'vitest';

import { matrixCells, playCells } from '../test/campaign/fault-matrix.ts';

it(
  'every fault at every request ends in exact data, or in one clear error that names what is left',
  async () => {
    const cells = matrixCells();

    const problems = await playCells(cells);

    expect(cells.length).toBeGreaterThan(5000);
    expect(problems).toEqual([]);
  },
  60 * 60_000,
);
