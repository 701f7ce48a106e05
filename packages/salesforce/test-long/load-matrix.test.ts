import { expect, it } from 'vitest';

import { loadCells, playLoadCells } from '../test/campaign/load-matrix.ts';

it(
  'every fault at every request of a load ends with every row in the org once, or names those that are not',
  async () => {
    const cells = loadCells();

    const problems = await playLoadCells(cells);

    process.stdout.write(`${cells.length} cells\n`);
    expect(cells.length).toBeGreaterThan(3000);
    expect(problems).toEqual([]);
  },
  120 * 60_000,
);
