import type { RejectGroup } from '../contract/journal.ts';
import type { PartResult, Reject, RowRange, WrittenRow } from '../contract/sink.ts';
import type { RefusedRow } from './kept-rows.ts';
import { contractBroken } from './plugin-fault.ts';
import { groupOf, RejectGroups } from './reject-groups.ts';
import { countRanges, mergeRanges, rangesOf } from './row-ranges.ts';
import { partName, type PartState } from './run-state.ts';
import { UnseenRows } from './unseen-rows.ts';

export interface OutcomeOptions {
  /** Named in errors. */
  readonly sink: string;
  /** Retryable rejects are rows that go again. */
  readonly retries: boolean;
  /** Whether each reject is wanted, and not their groups alone. */
  readonly wantsRejects: boolean;
  readonly wantsWritten: boolean;
}

/** What a sink says of the rows of a part, each of them once. Rows are given back as read. */
export class PartOutcome {
  readonly #options: OutcomeOptions;
  readonly #state: PartState;
  readonly #unseen: UnseenRows;
  readonly #seenRows: number;
  /** A bit for every row that something was said of. */
  readonly #told: Uint8Array;
  readonly #groups = new RejectGroups();
  readonly #refused: RefusedRow[] = [];
  readonly #written: WrittenRow[] = [];
  readonly #retry: number[] = [];
  readonly #inDoubt: RowRange[] = [];

  private constructor(state: PartState, options: OutcomeOptions) {
    this.#options = options;
    this.#state = state;
    this.#unseen = new UnseenRows(state.prepared.unseen);
    this.#seenRows = state.prepared.readRows - this.#unseen.rows;
    this.#told = new Uint8Array((this.#seenRows + 7) >> 3);
    // The writer has had its say of these.
    const refused = mergeRanges(state.prepared.refused, state.prepared.retry);
    for (const { from, to } of refused) for (let row = from; row < to; row++) this.#tell(this.#unseen.seenRow(row));
  }

  /** @throws `CONTRACT_BROKEN` unless there is one verdict on each row that was prepared. */
  static async of(
    state: PartState,
    { writtenRows, rejects, inDoubt = [], written }: PartResult,
    options: OutcomeOptions,
  ): Promise<PartOutcome> {
    const outcome = new PartOutcome(state, options);
    for (const range of inDoubt) outcome.#addInDoubt(range);
    for await (const some of rejects) for (const reject of some) outcome.#addReject(reject);
    if (options.wantsWritten && written !== undefined) {
      for await (const some of written) for (const row of some) outcome.#addWritten(row);
    }
    outcome.#requireAllRows(writtenRows);
    return outcome;
  }

  get groups(): readonly RejectGroup[] {
    return this.#groups.values();
  }

  get inDoubt(): readonly RowRange[] {
    return this.#inDoubt;
  }

  get retry(): readonly RowRange[] {
    return rangesOf(this.#retry);
  }

  /** Those that are wanted one by one. */
  get refused(): readonly RefusedRow[] {
    return this.#refused;
  }

  get written(): readonly WrittenRow[] {
    return this.#written;
  }

  #addReject(reject: Reject): void {
    this.#tell(reject.row);
    const row = this.#unseen.readRow(reject.row);
    if (reject.retryable && this.#options.retries) {
      this.#retry.push(row);
      return;
    }
    const { startRow, prepared } = this.#state;
    this.#groups.add(groupOf('commit', reject, { split: prepared.part.split, row: startRow + row }));
    const { code, message, columns = [] } = reject;
    if (this.#options.wantsRejects) this.#refused.push({ row, code, message, columns });
  }

  #addInDoubt({ from, to }: RowRange): void {
    for (let row = from; row < to; row++) this.#tell(row);
    this.#inDoubt.push(...this.#unseen.readRanges({ from, to }));
  }

  #addWritten({ row, id, created }: WrittenRow): void {
    this.#tell(row);
    this.#written.push({ row: this.#unseen.readRow(row), id, created });
  }

  #requireAllRows(writtenRows: number): void {
    const { part, preparedRows } = this.#state.prepared;
    const told = writtenRows + this.#groups.rows + this.#retry.length + countRanges(this.#inDoubt);
    if (told === preparedRows && writtenRows >= this.#written.length) return;
    throw contractBroken(
      this.#options.sink,
      `${partName(part)} has ${preparedRows} rows, and it accounts for ${told} of them`,
    );
  }

  #tell(row: number): void {
    const bit = 1 << (row & 7);
    const isRow = Number.isInteger(row) && row >= 0 && row < this.#seenRows;
    if (isRow && (this.#told[row >> 3]! & bit) === 0) {
      this.#told[row >> 3]! |= bit;
      return;
    }
    const fault = isRow ? `gave two verdicts on row ${row}` : `gave a verdict on row ${row}, which is not there,`;
    throw contractBroken(this.#options.sink, `it ${fault} of ${partName(this.#state.prepared.part)}`);
  }
}
