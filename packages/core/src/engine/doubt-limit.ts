import { SluiceError } from '../error/sluice-error.ts';
import type { SplitRows } from './receipt.ts';
import { countRanges } from './row-ranges.ts';
import { inSplit } from './run-account.ts';
import type { PartState } from './run-state.ts';

const SHOWN_RANGES = 5;

/** Stops a run with more rows in doubt than it allows, once what became of the others is in the journal. */
export class DoubtLimit {
  readonly #max: number;
  readonly #ranges: SplitRows[] = [];
  #rows = 0;

  constructor(max: number) {
    this.#max = max;
  }

  addCommitted(state: PartState): void {
    const ranges = inSplit(state, state.committed?.inDoubt ?? []);
    this.#rows += countRanges(ranges);
    this.#ranges.push(...ranges);
  }

  /** @throws `ROWS_IN_DOUBT` */
  check(): void {
    if (this.#rows <= this.#max) return;
    const ranges = this.#ranges.toSorted((a, b) => a.split - b.split || a.from - b.from);
    const shown = ranges.slice(0, SHOWN_RANGES);
    const more = ranges.length > SHOWN_RANGES ? `; and ${ranges.length - SHOWN_RANGES} more ranges` : '';
    const rows = this.#rows === 1 ? '1 row is' : `${this.#rows} rows are`;
    const allowed = this.#max === 0 ? 'none' : `at most ${this.#max}`;
    throw new SluiceError(
      'ROWS_IN_DOUBT',
      `${rows} in doubt, and the run allows ${allowed}: ${shown.map(rowsText).join('; ')}${more}`,
      {
        hint:
          'Look in the target which of these rows are there. `maxInDoubt` allows for so many: a run that is kept goes on ' +
          'when it is resumed with it; else abandon the run.',
        details: { inDoubtRows: this.#rows, inDoubt: shown.map((range) => ({ ...range })) },
      },
    );
  }
}

/** With its last row, as people count. */
function rowsText({ split, from, to }: SplitRows): string {
  return to - from === 1 ? `row ${from} of split ${split}` : `rows ${from} to ${to - 1} of split ${split}`;
}
