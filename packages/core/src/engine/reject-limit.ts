import type { RejectGroup } from '../contract/journal.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { RejectGroups, rowsOf } from './reject-groups.ts';
import { countRanges } from './row-ranges.ts';
import type { PartState } from './run-state.ts';

/** So many rows, or such a share of the rows whose verdict is in, from 0 to 1. */
export type MaxRejects = number | { readonly share: number };

const SHOWN_GROUPS = 5;
/** With fewer verdicts than these, a share is judged at the end alone. */
const MIN_SHARE_ROWS = 1000;

/** Stops a run with more rejected rows than it allows. */
export class RejectLimit {
  readonly #max: MaxRejects;
  /** Rejects that are in the journal. */
  readonly #settled = new RejectGroups();
  #judgedRows = 0;
  #judgedRejects = 0;

  constructor(max: MaxRejects) {
    this.#max = max;
  }

  /** Takes in rejects, and the rows on which the verdict is in with them, themselves among these. */
  add(groups: readonly RejectGroup[], judgedRows: number, judgedRejects = rowsOf(groups)): void {
    for (const group of groups) this.#settled.add(group);
    this.#judgedRows += judgedRows;
    this.#judgedRejects += judgedRejects;
  }

  /** A part in the journal as prepared. Where it is committed by itself, the verdict on its rows is still to come. */
  addPrepared({ prepared }: PartState, commit: 'end' | 'part'): void {
    const { rejects } = prepared;
    if (commit === 'part') this.add(rejects, 0, 0);
    else this.add(rejects, rowsSettledBy(prepared));
  }

  addCommitted({ prepared, committed }: PartState, commit: 'end' | 'part'): void {
    if (committed === undefined) return;
    const { rejects, retry } = committed;
    if (commit === 'end') return this.add(rejects, 0);
    const judged = rowsSettledBy(prepared) - countRanges(retry);
    this.add(rejects, judged, rowsOf(prepared.rejects) + rowsOf(rejects));
  }

  /** @throws `ROWS_REJECTED` when these, with all that are settled, are too many. */
  check(pending?: RejectGroups): void {
    if (typeof this.#max === 'number') this.#checkRows(this.#max, pending);
    else if (this.#judgedRows >= MIN_SHARE_ROWS) this.#checkShare(this.#max.share);
  }

  /**
   * Asked by a commit of these parts, which can still be taken back.
   *
   * @throws `ROWS_REJECTED` when its rejects are too many.
   */
  checkCommit(pending: RejectGroups, parts: readonly PartState[], commit: 'end' | 'part'): void {
    if (typeof this.#max === 'number') return this.#checkRows(this.#max, pending);
    // With these verdicts all are in, or those on the parts themselves.
    const under = commit === 'end' ? [] : parts.filter(({ committed }) => committed === undefined);
    const judged = under.reduce((rows, { prepared }) => rows + rowsSettledBy(prepared), this.#judgedRows);
    const early = under.reduce((rows, { prepared }) => rows + rowsOf(prepared.rejects), this.#judgedRejects);
    if (commit === 'end' || judged >= MIN_SHARE_ROWS) this.#checkShare(this.#max.share, judged, early, pending);
  }

  /** Once no verdict is to come any more. */
  checkAll(): void {
    if (typeof this.#max === 'number') this.#checkRows(this.#max);
    else this.#checkShare(this.#max.share);
  }

  #checkRows(max: number, pending?: RejectGroups): void {
    const rows = this.#settled.rows + (pending?.rows ?? 0);
    if (rows <= max) return;
    const groups = [...this.#settled.values(), ...(pending?.values() ?? [])];
    refuse(`${rows} ${rows === 1 ? 'row was' : 'rows were'}`, max === 0 ? 'none' : `at most ${max}`, groups);
  }

  #checkShare(share: number, judged = this.#judgedRows, early = this.#judgedRejects, pending?: RejectGroups): void {
    const rejects = early + (pending?.rows ?? 0);
    if (rejects <= share * judged) return;
    const groups = [...this.#settled.values(), ...(pending?.values() ?? [])];
    refuse(`${rejects} of ${judged} rows were`, `a share of at most ${share}`, groups);
  }
}

/** Those that the writer took, and those that were rejected before or by it. */
function rowsSettledBy({ preparedRows, rejects }: PartState['prepared']): number {
  return preparedRows + rowsOf(rejects);
}

function refuse(rows: string, allowed: string, rejects: readonly RejectGroup[]): never {
  const groups = new RejectGroups(rejects).byRows();
  const shown = groups.slice(0, SHOWN_GROUPS);
  const more = groups.length > SHOWN_GROUPS ? `; and ${groups.length - SHOWN_GROUPS} more reasons` : '';
  throw new SluiceError(
    'ROWS_REJECTED',
    `${rows} rejected, and the run allows ${allowed}: ${shown.map(reasonOf).join('; ')}${more}`,
    {
      hint: 'Correct the rows, or allow so many with `maxRejects`.',
      details: { rejects: shown.map((group) => ({ ...group })) },
    },
  );
}

function reasonOf({ code, message, columns, rows, firstSplit, firstRow }: RejectGroup): string {
  const where = columns.length === 0 ? '' : ` in ${columns.join(', ')}`;
  return `${rows} × ${code}${where}: ${message} (first: row ${firstRow} of split ${firstSplit})`;
}
