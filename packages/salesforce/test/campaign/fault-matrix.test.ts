import { FAULT_CATALOGUE, QUERY_KINDS } from '@sluice/salesforce-emulator';
import { expect, it } from 'vitest';

import { matrixCells, playCells, type MatrixCell } from './fault-matrix.ts';

/** Of each fault one cell at every third kind of request, another request and setting each time. */
function sample(cells: readonly MatrixCell[]): readonly MatrixCell[] {
  return [...Map.groupBy(cells, ({ fault }) => fault.fault).values()].flatMap((ofFault, row) => {
    const groups = [...Map.groupBy(ofFault, ({ fault }) => fault.on).values()];
    const kept = groups.filter((_, at) => groups.length < 3 || (at + row) % 3 === 0);
    return kept.map((group, at) => group[(row * 7 + at) % group.length]!);
  });
}

it('every fault at every third kind of request ends in exact data, or in one clear error that names what is left', async () => {
  const cells = sample(matrixCells());

  const problems = await playCells(cells);

  const ofQueries = FAULT_CATALOGUE.filter(({ on }) => QUERY_KINDS.some((kind) => on.includes(kind)));
  expect(new Set(cells.map(({ fault }) => fault.fault)).size).toBe(ofQueries.length);
  expect(problems).toEqual([]);
}, 300_000);
