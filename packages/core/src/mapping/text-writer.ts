import { type Data, DataType } from 'apache-arrow';

import { dataOf, type NullFacts } from './column-nulls.ts';

const FIRST_BYTES = 1024;
/** UTF-8 takes no more for a UTF-16 unit. */
const UNIT_BYTES = 3;

/** Writes texts or bytes of variable or fixed width one behind another, by ascending row; rows left out are empty. */
export class TextWriter {
  readonly #offsets: Int32Array;
  readonly #widthBytes: number | undefined;
  #nextRow = 0;
  #bytes: Buffer<ArrayBuffer>;
  #length = 0;

  constructor(rows: number, widthBytes?: number) {
    this.#widthBytes = widthBytes;
    this.#offsets = new Int32Array(rows + 1);
    this.#bytes = Buffer.from(new ArrayBuffer(widthBytes === undefined ? FIRST_BYTES : widthBytes * rows));
  }

  writeText(row: number, text: string): void {
    const at = this.#begin(row, text.length * UNIT_BYTES);
    this.#end(row, at + this.#bytes.write(text, at, 'utf8'));
  }

  writeBytes(row: number, source: Uint8Array, start: number, end: number): void {
    const at = this.#begin(row, end - start);
    this.#bytes.set(source.subarray(start, end), at);
    this.#end(row, at + end - start);
  }

  /** Lets `write` put at most `maxBytes` where it is told, and say where they end. */
  writeWith(row: number, maxBytes: number, write: (bytes: Uint8Array, at: number) => number): void {
    const at = this.#begin(row, maxBytes);
    this.#end(row, write(this.#bytes, at));
  }

  finish(type: DataType, facts: NullFacts): Data {
    if (this.#widthBytes !== undefined) return dataOf(type, facts, { data: new Uint8Array(this.#bytes.buffer) });
    this.#skipTo(this.#offsets.length - 1);
    const data = new Uint8Array(this.#bytes.buffer.slice(0, this.#length));
    const isLarge = DataType.isLargeUtf8(type) || DataType.isLargeBinary(type);
    const valueOffsets = isLarge ? BigInt64Array.from(this.#offsets, BigInt) : this.#offsets;
    return dataOf(type, facts, { valueOffsets, data });
  }

  #begin(row: number, maxBytes: number): number {
    if (this.#widthBytes !== undefined) return row * this.#widthBytes;
    this.#skipTo(row);
    const needed = this.#length + maxBytes;
    if (needed > this.#bytes.length) {
      const grown = Buffer.from(new ArrayBuffer(Math.max(needed, this.#bytes.length * 2)));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    return this.#length;
  }

  #end(row: number, end: number): void {
    if (this.#widthBytes !== undefined) return;
    this.#length = end;
    this.#nextRow = row + 1;
    this.#offsets[row + 1] = end;
  }

  #skipTo(row: number): void {
    this.#offsets.fill(this.#length, this.#nextRow, row + 1);
    this.#nextRow = row;
  }
}
