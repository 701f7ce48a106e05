import type { RejectGroup } from '../contract/journal.ts';
import type { PartResult, Reject, RowRange, WrittenRow } from '../contract/sink.ts';
import type { RefusedRow } from './kept-rows.ts';
import { contractBroken } from './plugin-fault.ts';
import { groupOf, RejectGroups } from './reject-groups.ts';
import { countRanges, rangesOf } from './row-ranges.ts';
import { RowVerdicts } from './row-verdicts.ts';
import { partName, type PartState } from './run-state.ts';

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
  readonly #verdicts: RowVerdicts;
  readonly #groups = new RejectGroups();
  readonly #refused: RefusedRow[] = [];
  readonly #written: WrittenRow[] = [];
  readonly #retry: number[] = [];
  readonly #inDoubt: RowRange[] = [];

  private constructor(state: PartState, options: OutcomeOptions) {
    this.#options = options;
    this.#state = state;
    this.#verdicts = new RowVerdicts(state, options.sink);
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
    this.#verdicts.take(reject.row);
    const row = this.#verdicts.unseen.readRow(reject.row);
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
    for (let row = from; row < to; row++) this.#verdicts.take(row);
    this.#inDoubt.push(...this.#verdicts.unseen.readRanges({ from, to }));
  }

  #addWritten({ row, id, created }: WrittenRow): void {
    this.#verdicts.take(row);
    this.#written.push({ row: this.#verdicts.unseen.readRow(row), id, created });
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
}
