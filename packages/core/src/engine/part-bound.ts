import type { RecordBatch } from 'apache-arrow';

import { batchBytes } from '../arrow/batch-bytes.ts';
import type { SinkTraits } from '../contract/sink.ts';

/** Where a part ends: a function of its rows alone, however they are batched. */
export class PartBound {
  readonly #maxRows: number;
  readonly #maxBytes: number;
  #rows = 0;
  #bytes = 0;

  constructor({ rows, bytes }: NonNullable<SinkTraits['part']> = {}) {
    this.#maxRows = rows ?? Infinity;
    this.#maxBytes = bytes ?? Infinity;
  }

  get rows(): number {
    return this.#rows;
  }

  /** The end of the rows from `from` on that the part takes: at least one row of a part that has none yet. */
  take(batch: RecordBatch, from: number): number {
    let to = Math.min(batch.numRows, from + this.#maxRows - this.#rows);
    if (this.#maxBytes !== Infinity) to = this.#fit(batch, from, to);
    this.#rows += to - from;
    return to;
  }

  #fit(batch: RecordBatch, from: number, to: number): number {
    const left = this.#maxBytes - this.#bytes;
    let fits = this.#rows === 0 && to > from ? from + 1 : from;
    let bytes = batchBytes(batch, from, fits);
    const all = batchBytes(batch, from, to);
    if (all <= left) [fits, bytes] = [to, all];
    // Rows have sizes of their own, so the last that fits is searched for.
    for (let high = to; fits + 1 < high;) {
      const middle = (fits + high) >> 1;
      const more = batchBytes(batch, from, middle);
      if (more <= left) [fits, bytes] = [middle, more];
      else high = middle;
    }
    this.#bytes += bytes;
    return fits;
  }
}
