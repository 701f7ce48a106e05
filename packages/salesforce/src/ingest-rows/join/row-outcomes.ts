import type { Reject, RowRange } from '@sluice/core';

import { IN_DOUBT, isReject, NO_OUTCOME, type Outcome, type OutcomeTable, WRITTEN } from './outcome-table.ts';

const AMBIGUOUS = 0x8000;
const REJECTS_AT_ONCE = 1000;

/** What became of each row of a part: two bytes a row. */
export class RowOutcomes {
  readonly rows: number;
  readonly #outcomes: Uint16Array;

  constructor(rows: number) {
    this.rows = rows;
    this.#outcomes = new Uint16Array(rows);
  }

  of(row: number): Outcome {
    return this.#outcomes[row]! & ~AMBIGUOUS;
  }

  set(row: number, outcome: Outcome): void {
    this.#outcomes[row] = outcome;
  }

  /** A guess stays one. */
  replace(row: number, outcome: Outcome): void {
    this.#outcomes[row] = outcome | (this.#outcomes[row]! & AMBIGUOUS);
  }

  copy(from: number, to: number): void {
    this.#outcomes[to] = this.#outcomes[from]!;
  }

  setAmbiguous(row: number): void {
    this.#outcomes[row]! |= AMBIGUOUS;
  }

  counts(): { readonly written: number; readonly rejected: number; readonly ambiguous: number } {
    let written = 0;
    let rejected = 0;
    let ambiguous = 0;
    for (const outcome of this.#outcomes) {
      if (outcome === WRITTEN) written++;
      else if (isReject(outcome)) rejected++;
      if (outcome >= AMBIGUOUS) ambiguous++;
    }
    return { written, rejected, ambiguous };
  }

  /** Rows without an outcome, in their order. */
  *open(): Generator<number, void, undefined> {
    for (let row = 0; row < this.rows; row++) if (this.#outcomes[row] === NO_OUTCOME) yield row;
  }

  inDoubt(): readonly RowRange[] {
    const ranges: { from: number; to: number }[] = [];
    for (let row = 0; row < this.rows; row++) {
      if (this.of(row) !== IN_DOUBT) continue;
      const last = ranges.at(-1);
      if (last?.to === row) last.to = row + 1;
      else ranges.push({ from: row, to: row + 1 });
    }
    return ranges;
  }

  *rejects(table: OutcomeTable): Generator<readonly Reject[], void, undefined> {
    let rejects: Reject[] = [];
    for (let row = 0; row < this.rows; row++) {
      const outcome = this.of(row);
      if (!isReject(outcome)) continue;
      const ambiguous = this.#outcomes[row]! >= AMBIGUOUS ? { ambiguous: true as const } : {};
      rejects.push({ row, ...table.reasonOf(outcome), ...ambiguous });
      if (rejects.length < REJECTS_AT_ONCE) continue;
      yield rejects;
      rejects = [];
    }
    if (rejects.length > 0) yield rejects;
  }
}
