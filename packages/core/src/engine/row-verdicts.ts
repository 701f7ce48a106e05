import { contractBroken } from './plugin-fault.ts';
import { mergeRanges } from './row-ranges.ts';
import { partName, type PartState } from './run-state.ts';
import { UnseenRows } from './unseen-rows.ts';

/** What a sink says of the rows of a prepared part, numbered as it sees them: of each of them once. */
export class RowVerdicts {
  readonly unseen: UnseenRows;
  readonly #sink: string;
  readonly #part: string;
  readonly #seenRows: number;
  /** A bit for every row that something was said of. */
  readonly #told: Uint8Array;

  /** @param sink Named in errors. */
  constructor({ prepared }: PartState, sink: string) {
    this.unseen = new UnseenRows(prepared.unseen);
    this.#sink = sink;
    this.#part = partName(prepared.part);
    this.#seenRows = prepared.readRows - this.unseen.rows;
    this.#told = new Uint8Array((this.#seenRows + 7) >> 3);
    // The writer has had its say of these.
    const refused = mergeRanges(prepared.refused, prepared.retry);
    for (const { from, to } of refused) for (let row = from; row < to; row++) this.take(this.unseen.seenRow(row));
  }

  /** @throws `CONTRACT_BROKEN` for a row that is not there, or of which something was said before. */
  take(row: number): void {
    const bit = 1 << (row & 7);
    const isRow = Number.isInteger(row) && row >= 0 && row < this.#seenRows;
    if (isRow && (this.#told[row >> 3]! & bit) === 0) {
      this.#told[row >> 3]! |= bit;
      return;
    }
    const fault = isRow ? `gave two verdicts on row ${row}` : `gave a verdict on row ${row}, which is not there,`;
    throw contractBroken(this.#sink, `it ${fault} of ${this.#part}`);
  }
}
