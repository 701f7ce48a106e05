import type { RejectGroup } from '../contract/journal.ts';
import type { Reject, RowRange } from '../contract/sink.ts';
import { contractBroken } from './plugin-fault.ts';
import { RejectGroups } from './reject-groups.ts';
import { partName, type PartState } from './run-state.ts';
import { UnseenRows } from './unseen-rows.ts';

/** What a sink says of the rows of a part, each of them once. */
export class PartOutcome {
  readonly #sink: string;
  readonly #state: PartState;
  readonly #unseen: UnseenRows;
  readonly #seenRows: number;
  /** A bit for every row that something was said of. */
  readonly #told: Uint8Array;
  readonly #groups = new RejectGroups();
  readonly #inDoubt: RowRange[] = [];
  #doubtfulRows = 0;

  constructor(sink: string, state: PartState) {
    this.#sink = sink;
    this.#state = state;
    this.#unseen = new UnseenRows(state.prepared.unseen);
    this.#seenRows = state.prepared.readRows - this.#unseen.rows;
    this.#told = new Uint8Array((this.#seenRows + 7) >> 3);
  }

  get groups(): readonly RejectGroup[] {
    return this.#groups.values();
  }

  get inDoubt(): readonly RowRange[] {
    return this.#inDoubt;
  }

  addReject({ row, code, message, columns = [] }: Reject): void {
    this.#tell(row);
    const { startRow, prepared } = this.#state;
    const firstRow = startRow + this.#unseen.readRow(row);
    this.#groups.add({ stage: 'commit', code, message, columns, rows: 1, firstSplit: prepared.part.split, firstRow });
  }

  addInDoubt({ from, to }: RowRange): void {
    for (let row = from; row < to; row++) this.#tell(row);
    this.#doubtfulRows += Math.max(0, to - from);
    this.#inDoubt.push(...this.#unseen.readRanges({ from, to }));
  }

  requireAllRows(writtenRows: number): void {
    const { part, preparedRows } = this.#state.prepared;
    const told = writtenRows + this.#groups.rows + this.#doubtfulRows;
    if (told === preparedRows && writtenRows >= 0) return;
    throw contractBroken(this.#sink, `${partName(part)} has ${preparedRows} rows, and it accounts for ${told} of them`);
  }

  #tell(row: number): void {
    const bit = 1 << (row & 7);
    const isRow = Number.isInteger(row) && row >= 0 && row < this.#seenRows;
    if (isRow && (this.#told[row >> 3]! & bit) === 0) {
      this.#told[row >> 3]! |= bit;
      return;
    }
    const fault = isRow ? `gave two verdicts on row ${row}` : `gave a verdict on row ${row}, which is not there,`;
    throw contractBroken(this.#sink, `it ${fault} of ${partName(this.#state.prepared.part)}`);
  }
}
