import { copyBytes } from '../copy-bytes.ts';

/** Bytes written one behind the other, numbers in network order. */
export class ByteWriter {
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView<ArrayBuffer>;
  /** Where the next byte goes. */
  at = 0;
  readonly #capacity: number;

  /** Room to begin with, in bytes. */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Makes room for so many bytes from `at` on. */
  reserve(count: number): void {
    const needed = this.at + count;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  int32(value: number): void {
    this.reserve(4);
    this.view.setInt32(this.at, value);
    this.at += 4;
  }

  int16(value: number): void {
    this.reserve(2);
    this.view.setInt16(this.at, value);
    this.at += 2;
  }

  append(source: Uint8Array, from: number, to: number): void {
    this.reserve(to - from);
    copyBytes(source, from, to, this.bytes, this.at);
    this.at += to - from;
  }

  /** The same with its length ahead. */
  appendCell(source: Uint8Array, from: number, to: number): void {
    const length = to - from;
    this.reserve(4 + length);
    this.view.setInt32(this.at, length);
    copyBytes(source, from, to, this.bytes, this.at + 4);
    this.at += 4 + length;
  }

  /** What was written, which the caller now owns. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.bytes.subarray(0, this.at);
    this.bytes = new Uint8Array(this.#capacity);
    this.view = new DataView(this.bytes.buffer);
    this.at = 0;
    return taken;
  }
}
