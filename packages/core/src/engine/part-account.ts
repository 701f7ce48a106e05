import { batchBytes } from '../arrow/batch-bytes.ts';
import type { JournalRecord } from '../contract/journal.ts';
import type { PartId, Reject } from '../contract/sink.ts';
import type { Change } from '../contract/source.ts';
import type { PartDigest } from '../digest/part-digest.ts';
import { batchRowAt, rejectsBefore } from './delivered-rows.ts';
import type { RefusedRow } from './kept-rows.ts';
import type { MappedRows } from './map-rows.ts';
import { mergeChanges } from './receipt.ts';
import { groupOf, RejectGroups } from './reject-groups.ts';
import { rangesOf } from './row-ranges.ts';
import { UnseenRows } from './unseen-rows.ts';

type PreparedRecord = Extract<JournalRecord, { readonly kind: 'partPrepared' }>;

/** What a part has come to so far. */
export class PartAccount {
  readonly #split: number;
  readonly #startRow: number;
  readonly #digest: PartDigest;
  readonly #rejects = new RejectGroups();
  readonly #unseen = new UnseenRows();
  readonly #refused: number[] = [];
  readonly #retry: number[] = [];
  #changes: readonly Change[] = [];
  #readRows = 0;
  #batchBytes = 0;

  constructor({ split }: PartId, startRow: number, digest: PartDigest) {
    this.#split = split;
    this.#startRow = startRow;
    this.#digest = digest;
  }

  get readRows(): number {
    return this.#readRows;
  }

  get batchBytes(): number {
    return this.#batchBytes;
  }

  get rejects(): RejectGroups {
    return this.#rejects;
  }

  /** Rows `from` to `to` of a delivery, of which the engine or the source has rejected some. */
  addRead({ delivered, rejects }: MappedRows, from: number, to: number): void {
    const { batch } = delivered;
    const [first, end] = [batchRowAt(delivered, from), batchRowAt(delivered, to)];
    this.#digest.update(batch, first, end);
    this.#batchBytes += batchBytes(batch, first, end);
    for (const { row, ...reject } of rejects.slice(rejectsBefore(rejects, from), rejectsBefore(rejects, to))) {
      const partRow = this.#readRows + row - from;
      this.#unseen.add(partRow);
      this.#rejects.add({ ...reject, rows: 1, firstSplit: this.#split, firstRow: this.#startRow + partRow });
    }
    this.#readRows += to - from;
  }

  addChanges(changes: readonly Change[]): void {
    if (changes.length > 0) this.#changes = mergeChanges([...this.#changes, ...changes]);
  }

  /** `row` is counted in the part as the sink sees it. */
  addRefused(reject: Reject): RefusedRow {
    const row = this.#unseen.readRow(reject.row);
    this.#refused.push(row);
    this.#rejects.add(groupOf('write', reject, { split: this.#split, row: this.#startRow + row }));
    const { code, message, columns = [] } = reject;
    return { row, code, message, columns };
  }

  /** `row` is counted in the part as the sink sees it. */
  addRetry(row: number): void {
    this.#retry.push(this.#unseen.readRow(row));
  }

  summary(): Pick<
    PreparedRecord,
    'readRows' | 'preparedRows' | 'batchBytes' | 'digest' | 'changes' | 'rejects' | 'unseen' | 'refused' | 'retry'
  > {
    return {
      readRows: this.#readRows,
      preparedRows: this.#readRows - this.#rejects.rows - this.#retry.length,
      batchBytes: this.#batchBytes,
      digest: this.#digest.value(),
      changes: this.#changes,
      rejects: this.#rejects.values(),
      unseen: this.#unseen.ranges,
      refused: rangesOf(this.#refused),
      retry: rangesOf(this.#retry),
    };
  }
}
