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

  /** Rows have sizes of their own: steps that double find where they no longer fit, then steps that halve find the row. */
  #fit(batch: RecordBatch, from: number, to: number): number {
    let fits = from;
    if (this.#rows === 0 && to > from) this.#bytes += batchBytes(batch, fits, ++fits);
    let isGrowing = true;
    for (let step = 1; step >= 1 && fits < to;) {
      const end = Math.min(to, fits + step);
      const bytes = batchBytes(batch, fits, end);
      const isFitting = this.#bytes + bytes <= this.#maxBytes;
      if (isFitting) [fits, this.#bytes] = [end, this.#bytes + bytes];
      else isGrowing = false;
      step = isGrowing ? step * 2 : Math.floor(step / 2);
    }
    return fits;
  }
}
