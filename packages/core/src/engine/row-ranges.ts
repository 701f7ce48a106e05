import type { RowRange } from '../contract/sink.ts';

/** Rows in any order, each of them once, as ranges. */
export function rangesOf(rows: readonly number[]): readonly RowRange[] {
  const ranges: { readonly from: number; to: number }[] = [];
  for (const row of rows.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.to === row) last.to++;
    else ranges.push({ from: row, to: row + 1 });
  }
  return ranges;
}

export function countRanges(ranges: readonly RowRange[]): number {
  return ranges.reduce((rows, { from, to }) => rows + to - from, 0);
}

/** Ranges that have no row in common, as one list in order. */
export function mergeRanges(a: readonly RowRange[], b: readonly RowRange[]): readonly RowRange[] {
  const merged: { readonly from: number; to: number }[] = [];
  for (const { from, to } of [...a, ...b].toSorted((one, other) => one.from - other.from)) {
    const last = merged.at(-1);
    if (last?.to === from) last.to = to;
    else merged.push({ from, to });
  }
  return merged;
}

/** The rows of `rows` in all that are in none of the ranges. */
export function otherRanges(ranges: readonly RowRange[], rows: number): readonly RowRange[] {
  const others: RowRange[] = [];
  let next = 0;
  for (const { from, to } of [...ranges, { from: rows, to: rows }]) {
    if (from > next) others.push({ from: next, to: from });
    next = to;
  }
  return others;
}

/** What the ranges have of the rows `from` to `to`. */
export function rangesWithin(ranges: readonly RowRange[], { from, to }: RowRange): readonly RowRange[] {
  return ranges.flatMap((range) => {
    const within = { from: Math.max(from, range.from), to: Math.min(to, range.to) };
    return within.from < within.to ? [within] : [];
  });
}
