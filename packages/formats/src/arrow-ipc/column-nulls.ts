import { type Data, DataType } from 'apache-arrow';

import { RowBits } from '../bits/row-bits.ts';
import type { MessageBody } from './ipc-message.ts';

export interface RowVisitor {
  /** Rows of the data given, each with a value. */
  readonly valid: (from: number, to: number) => void;
  /** So many rows without. */
  readonly missing: (rows: number) => void;
}

/** Which rows of a column in the making hold no value. */
export class ColumnNulls {
  rows = 0;
  readonly #nulls = new RowBits();

  /** Appends the validity of `data[from, to)`, stretch by stretch. */
  append(data: Data, from: number, to: number, visit: RowVisitor): void {
    // A slice shares its bitmap with the whole, so bits are counted from `data.offset`.
    const { nullBitmap, offset } = data;
    if (data.nullCount === 0 || DataType.isNull(data.type)) {
      this.rows += to - from;
      visit.valid(from, to);
      return;
    }
    const isValid = (row: number): boolean => ((nullBitmap[(offset + row) >> 3]! >> ((offset + row) & 7)) & 1) === 1;
    for (let start = from; start < to;) {
      const isRunValid = isValid(start);
      let end = start + 1;
      while (end < to && isValid(end) === isRunValid) end++;
      if (isRunValid) {
        this.rows += end - start;
        visit.valid(start, end);
      } else {
        this.appendNulls(end - start);
        visit.missing(end - start);
      }
      start = end;
    }
  }

  appendNulls(rows: number): void {
    for (let i = 0; i < rows; i++) this.#nulls.set(this.rows++);
  }

  /** Begins the next message. */
  end(body: MessageBody): void {
    const { count } = this.#nulls;
    body.addNode(this.rows, count);
    body.addBuffer(count === 0 ? new Uint8Array(0) : this.#nulls.inverted(this.rows));
    this.#nulls.reset();
    this.rows = 0;
  }
}
