import type { RejectGroup } from '../contract/journal.ts';
import { rejectKey } from './receipt.ts';

/** More reasons than this in one part are counted as one, so that a journal entry stays small. */
const MAX_GROUPS = 100;

/** Counts the rejected rows of a part by reason. */
export class RejectGroups {
  readonly #groups = new Map<string, RejectGroup>();
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  add(reject: Omit<RejectGroup, 'rows'>): void {
    this.#rows++;
    const key = rejectKey(reject);
    const known = this.#groups.get(key);
    if (known !== undefined) this.#groups.set(key, { ...known, rows: known.rows + 1 });
    else if (this.#groups.size < MAX_GROUPS) this.#groups.set(key, { ...reject, rows: 1 });
    else this.#addOther(reject);
  }

  values(): readonly RejectGroup[] {
    return [...this.#groups.values()];
  }

  #addOther({ stage, firstRow }: Omit<RejectGroup, 'rows'>): void {
    const key = `other ${stage}`;
    const known = this.#groups.get(key);
    const other = { stage, code: 'ROWS_REJECTED', message: 'further reasons', columns: [], firstRow } as const;
    this.#groups.set(key, { ...(known ?? other), rows: (known?.rows ?? 0) + 1 });
  }
}
