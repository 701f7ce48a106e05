import { batchBytes } from '../arrow/batch-bytes.ts';
import type { RejectGroup } from '../contract/journal.ts';
import type { Reject, RowRange } from '../contract/sink.ts';
import type { Change } from '../contract/source.ts';
import type { PartDigest } from '../digest/part-digest.ts';
import { mergeChanges } from './receipt.ts';
import { RejectGroups } from './reject-groups.ts';
import type { MappedRows } from './row-cursor.ts';
import { addRow, readRowOf } from './row-ranges.ts';

/** What a part has come to so far. */
export class PartAccount {
  readonly #startRow: number;
  readonly #digest: PartDigest;
  readonly #rejects = new RejectGroups();
  /** Rows of the part that the sink never sees, ascending. */
  readonly #unseen: RowRange[] = [];
  #changes: readonly Change[] = [];
  #readRows = 0;
  #batchBytes = 0;

  constructor(startRow: number, digest: PartDigest) {
    this.#startRow = startRow;
    this.#digest = digest;
  }

  get readRows(): number {
    return this.#readRows;
  }

  get batchBytes(): number {
    return this.#batchBytes;
  }

  get rejectedRows(): number {
    return this.#rejects.rows;
  }

  get rejects(): readonly RejectGroup[] {
    return this.#rejects.values();
  }

  /** Rows `from` to `to` of a delivery, of which the engine or the source has rejected some. */
  addRead(rows: MappedRows, from: number, to: number): void {
    const { batch, rejects } = rows.delivered;
    const before = rejects.filter(({ row }) => row < from).length;
    const within = rejects.filter(({ row }) => row >= from && row < to).length;
    const [first, end] = [from - before, to - before - within];
    this.#digest.update(batch, first, end);
    this.#batchBytes += batchBytes(batch, first, end);
    for (const { row, ...reject } of rows.rejects) {
      if (row < from || row >= to) continue;
      const partRow = this.#readRows + row - from;
      addRow(this.#unseen, partRow);
      this.#rejects.add({ ...reject, firstRow: this.#startRow + partRow });
    }
    this.#readRows += to - from;
  }

  addChanges(changes: readonly Change[]): void {
    if (changes.length > 0) this.#changes = mergeChanges([...this.#changes, ...changes]);
  }

  /** `row` is counted in the part as the sink sees it. */
  addRefused({ row, code, message, columns = [] }: Reject): void {
    const firstRow = this.#startRow + readRowOf(this.#unseen, row);
    this.#rejects.add({ stage: 'write', code, message, columns, firstRow });
  }

  summary() {
    return {
      readRows: this.#readRows,
      preparedRows: this.#readRows - this.#rejects.rows,
      batchBytes: this.#batchBytes,
      digest: this.#digest.value(),
      changes: this.#changes,
      rejects: this.rejects,
      unseen: this.#unseen,
    };
  }
}
