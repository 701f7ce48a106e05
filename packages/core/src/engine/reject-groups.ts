import type { RejectGroup } from '../contract/journal.ts';
import type { Reject } from '../contract/sink.ts';

/** More reasons than this are counted as one, so that a journal entry and a receipt stay small. */
const MAX_GROUPS = 100;

/** Counts rejected rows by reason. */
export class RejectGroups {
  readonly #groups = new Map<string, RejectGroup>();
  #rows = 0;

  constructor(groups: Iterable<RejectGroup> = []) {
    for (const group of groups) this.add(group);
  }

  get rows(): number {
    return this.#rows;
  }

  add(group: RejectGroup): void {
    this.#rows += group.rows;
    const key = keyOf(group);
    if (this.#groups.has(key) || this.#groups.size < MAX_GROUPS) this.#merge(key, group);
    else {
      const other = { ...group, code: 'ROWS_REJECTED', message: 'further reasons', columns: [] };
      this.#merge(keyOf(other), other);
    }
  }

  /** In the order in which the reasons came. */
  values(): readonly RejectGroup[] {
    return [...this.#groups.values()];
  }

  /** The most frequent reason first. */
  byRows(): readonly RejectGroup[] {
    return this.values().toSorted((a, b) => b.rows - a.rows);
  }

  #merge(key: string, group: RejectGroup): void {
    const known = this.#groups.get(key);
    if (known === undefined) {
      this.#groups.set(key, group);
      return;
    }
    const { firstSplit, firstRow } = isBefore(group, known) ? group : known;
    this.#groups.set(key, { ...known, rows: known.rows + group.rows, firstSplit, firstRow });
  }
}

/** Of one row that a sink has refused. */
export function groupOf(
  stage: RejectGroup['stage'],
  { code, message, columns = [], ambiguous }: Reject,
  { split: firstSplit, row: firstRow }: { readonly split: number; readonly row: number },
): RejectGroup {
  const guess = ambiguous === true ? { ambiguous } : {};
  return { stage, code, message, columns, ...guess, rows: 1, firstSplit, firstRow };
}

function isBefore(a: RejectGroup, b: RejectGroup): boolean {
  return a.firstSplit - b.firstSplit < 0 || (a.firstSplit === b.firstSplit && a.firstRow < b.firstRow);
}

function keyOf({ stage, code, message, columns, ambiguous }: RejectGroup): string {
  return JSON.stringify([stage, code, message, columns, ambiguous === true]);
}

export function rowsOf(groups: readonly RejectGroup[]): number {
  return groups.reduce((rows, group) => rows + group.rows, 0);
}
