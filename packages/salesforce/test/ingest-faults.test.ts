import { FAULT_CATALOGUE, INGEST_KINDS } from '@sluice/salesforce-emulator';
import { expect, it } from 'vitest';

import { type LoadCell, loadCells, playLoadCells } from './campaign/load-matrix.ts';

/** Of each fault one cell, at another kind of request, another of these and in another setting each time. */
function sample(cells: readonly LoadCell[]): readonly LoadCell[] {
  return [...Map.groupBy(cells, ({ fault }) => fault.fault).values()].map((ofFault, row) => {
    const groups = [...Map.groupBy(ofFault, ({ fault }) => fault.on).values()];
    const group = groups[row % groups.length]!;
    return group[(row * 7) % group.length]!;
  });
}

it('a load ends with every row once, or names those that are not, whatever befalls one of its requests', async () => {
  const cells = sample(loadCells());

  const problems = await playLoadCells(cells);

  const ofLoads = FAULT_CATALOGUE.filter(({ on }) => INGEST_KINDS.some((kind) => on.includes(kind)));
  expect(new Set(cells.map(({ fault }) => fault.fault)).size).toBe(ofLoads.length);
  expect(new Set(cells.map(({ fault }) => fault.on))).toEqual(new Set(INGEST_KINDS));
  expect(problems).toEqual([]);
}, 300_000);
