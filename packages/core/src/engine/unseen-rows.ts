import type { RowRange } from '../contract/sink.ts';
import { partitionPoint } from './partition-point.ts';

/** The rows of a part that its sink never sees, ascending: they tell a row as read from a row as the sink counts it. */
export class UnseenRows {
  readonly #ranges: RowRange[] = [];
  /** How many unseen rows there are up to the end of each range. */
  readonly #counts: number[] = [];

  constructor(ranges: readonly RowRange[] = []) {
    for (const range of ranges) this.#push(range);
  }

  get ranges(): readonly RowRange[] {
    return this.#ranges;
  }

  get rows(): number {
    return this.#counts.at(-1) ?? 0;
  }

  /** Adds a row behind all that are there. */
  add(row: number): void {
    const last = this.#ranges.at(-1);
    if (last?.to !== row) return this.#push({ from: row, to: row + 1 });
    this.#ranges[this.#ranges.length - 1] = { from: last.from, to: row + 1 };
    this.#counts[this.#counts.length - 1]!++;
  }

  /** The row as read that a row as seen is. */
  readRow(seenRow: number): number {
    const ahead = partitionPoint(this.#ranges.length, (i) => this.#ranges[i]!.from - this.#countBefore(i) <= seenRow);
    return seenRow + this.#countBefore(ahead);
  }

  /** The row as seen that a row as read is, which is not one of the unseen. */
  seenRow(readRow: number): number {
    return readRow - this.#countBefore(partitionPoint(this.#ranges.length, (i) => this.#ranges[i]!.from < readRow));
  }

  /** The rows as read that a range of rows as seen is made of. */
  readRanges({ from, to }: RowRange): readonly RowRange[] {
    const ranges: RowRange[] = [];
    for (let seenRow = from; seenRow < to;) {
      const start = this.readRow(seenRow);
      const next = this.#ranges[partitionPoint(this.#ranges.length, (i) => this.#ranges[i]!.from <= start)];
      const count = Math.min(to - seenRow, (next?.from ?? Infinity) - start);
      ranges.push({ from: start, to: start + count });
      seenRow += count;
    }
    return ranges;
  }

  #countBefore(index: number): number {
    return this.#counts[index - 1] ?? 0;
  }

  #push(range: RowRange): void {
    this.#counts.push(this.rows + range.to - range.from);
    this.#ranges.push(range);
  }
}
