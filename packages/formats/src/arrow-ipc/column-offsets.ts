import type { Data } from 'apache-arrow';

import { GrowingBytes } from '../bits/growing-bytes.ts';
import type { MessageBody } from './ipc-message.ts';

/** Where the cells of a column of varying length end, counted from the start of its message. */
export class ColumnOffsets {
  /** The end of the last cell. */
  last = 0;
  readonly #isLarge: boolean;
  readonly #bytes = new GrowingBytes();

  constructor(offsetBytes: 4 | 8) {
    this.#isLarge = offsetBytes === 8;
    this.#push(0);
  }

  /** The cells `data[from, to)`, all of which hold a value. */
  append(data: Data, from: number, to: number): void {
    const offsets: Int32Array | BigInt64Array = data.valueOffsets;
    const shift = this.last - Number(offsets[from]);
    for (let row = from + 1; row <= to; row++) this.#push(Number(offsets[row]) + shift);
  }

  appendLength(length: number): void {
    this.#push(this.last + length);
  }

  appendEmpty(rows: number): void {
    for (let i = 0; i < rows; i++) this.#push(this.last);
  }

  end(body: MessageBody): void {
    body.addBuffer(this.#bytes.view().slice());
    this.#bytes.clear();
    this.#push(0);
  }

  #push(offset: number): void {
    this.last = offset;
    this.#bytes.appendUint32(offset);
    // No message is that large.
    if (this.#isLarge) this.#bytes.appendUint32(0);
  }
}
