import type { RowRange } from '../contract/sink.ts';

/** Adds a row behind all that are there. */
export function addRow(ranges: RowRange[], row: number): void {
  const last = ranges.at(-1);
  if (last !== undefined && last.to === row) ranges[ranges.length - 1] = { from: last.from, to: row + 1 };
  else ranges.push({ from: row, to: row + 1 });
}

/** Row of a part as it was read, of a row counted without the `unseen` ones, which are ascending. */
export function readRowOf(unseen: readonly RowRange[], seenRow: number): number {
  let row = seenRow;
  for (const { from, to } of unseen) {
    if (from > row) break;
    row += to - from;
  }
  return row;
}
