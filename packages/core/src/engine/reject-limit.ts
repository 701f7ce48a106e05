import type { RejectGroup } from '../contract/journal.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { RejectGroups } from './reject-groups.ts';

const SHOWN_GROUPS = 5;

/** Stops a run with more rejected rows than it allows. */
export class RejectLimit {
  readonly #maxRows: number;
  readonly #settled = new RejectGroups();

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  /** Takes in what is settled: rejects that are in the journal. */
  add(groups: readonly RejectGroup[]): void {
    for (const group of groups) this.#settled.add(group);
  }

  /** @throws `ROWS_REJECTED` when these, with all that are settled, are too many. */
  check(pending?: RejectGroups): void {
    const rows = this.#settled.rows + (pending?.rows ?? 0);
    if (rows <= this.#maxRows) return;
    const groups = new RejectGroups([...this.#settled.values(), ...(pending?.values() ?? [])]).byRows();
    const shown = groups.slice(0, SHOWN_GROUPS);
    const more = groups.length > SHOWN_GROUPS ? `; and ${groups.length - SHOWN_GROUPS} more reasons` : '';
    const allowed = this.#maxRows === 0 ? 'none' : `at most ${this.#maxRows}`;
    throw new SluiceError(
      'ROWS_REJECTED',
      `${rows} ${rows === 1 ? 'row was' : 'rows were'} rejected, and the run allows ${allowed}: ${shown.map(reasonOf).join('; ')}${more}`,
      {
        hint: 'Correct the rows, or allow so many with `maxRejects`.',
        details: { rejects: shown.map((group) => ({ ...group })) },
      },
    );
  }
}

function reasonOf({ code, message, columns, rows, firstSplit, firstRow }: RejectGroup): string {
  const where = columns.length === 0 ? '' : ` in ${columns.join(', ')}`;
  return `${rows} × ${code}${where}: ${message} (first: row ${firstRow} of split ${firstSplit})`;
}
