import type { RejectGroup } from '../contract/journal.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { mergeRejects, rowsOf } from './receipt.ts';

const SHOWN_GROUPS = 5;

/** Stops a run with more rejected rows than it allows. */
export class RejectLimit {
  readonly #maxRows: number;
  #groups: readonly RejectGroup[] = [];

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  /** Takes in what is settled: rejects that are in the journal. */
  add(groups: readonly RejectGroup[]): void {
    if (groups.length > 0) this.#groups = mergeRejects([...this.#groups, ...groups]);
  }

  /** @throws `ROWS_REJECTED` when these, with all that are settled, are too many. */
  check(pending: readonly RejectGroup[] = []): void {
    const groups = pending.length === 0 ? this.#groups : mergeRejects([...this.#groups, ...pending]);
    const rows = rowsOf(groups);
    if (rows <= this.#maxRows) return;
    const reasons = groups.slice(0, SHOWN_GROUPS).map(reasonOf);
    const more = groups.length > SHOWN_GROUPS ? `; and ${groups.length - SHOWN_GROUPS} more reasons` : '';
    const allowed = this.#maxRows === 0 ? 'none' : `at most ${this.#maxRows}`;
    throw new SluiceError(
      'ROWS_REJECTED',
      `${rows} ${rows === 1 ? 'row was' : 'rows were'} rejected, and the run allows ${allowed}: ${reasons.join('; ')}${more}`,
      {
        hint: 'Correct the rows, or allow so many with `maxRejects`.',
        details: { rejects: groups.slice(0, SHOWN_GROUPS).map((group) => ({ ...group })) },
      },
    );
  }
}

function reasonOf({ code, message, columns, rows, firstRow }: RejectGroup): string {
  const where = columns.length === 0 ? '' : ` in ${columns.join(', ')}`;
  return `${rows} × ${code}${where}: ${message} (first: row ${firstRow})`;
}
