import { damaged } from './damage.ts';

const MAX_BLOCK_VALUES = 0x1000_0000;

/**
 * Reads DELTA_BINARY_PACKED, as much as is asked for
 * (https://parquet.apache.org/docs/file-format/data-pages/encodings/, read 2025-11).
 *
 * Sums are kept in two words and wrap at 64 bits, as the encoding wants; whoever reads 32 takes the lower one.
 */
export class DeltaReader {
  readonly values: number;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #blockValues: number;
  readonly #miniblocks: number;
  readonly #miniblockValues: number;
  #at: number;
  #low: number;
  #high: number;
  /** The next value is the first, which the header has. */
  #isFirst = true;
  #taken = 0;
  #minLow = 0;
  #minHigh = 0;
  /** Where the widths of the block under way are, and which is next. */
  #widthsAt = 0;
  #miniblock = 0;
  #left = 0;
  #bitWidth = 0;
  #bit = 0;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#blockValues = this.#readCount();
    this.#miniblocks = this.#readCount();
    this.values = this.#readCount();
    this.#miniblockValues = this.#blockValues / this.#miniblocks;
    this.#miniblock = this.#miniblocks;
    if (
      this.#blockValues > MAX_BLOCK_VALUES ||
      this.#miniblocks < 1 ||
      this.#miniblockValues % 8 !== 0 ||
      this.#miniblockValues === 0
    ) {
      throw damaged('blocks of a size that makes no sense');
    }
    const [low, high] = this.#readZigzag();
    this.#low = low;
    this.#high = high;
  }

  /** The lower words of the next values. */
  readWords(out: Int32Array, from: number, count: number): void {
    this.#require(count);
    for (let i = from; i < from + count; i++) {
      this.#advance();
      out[i] = this.#low;
    }
  }

  /** The next values in two words each, the lower one first; `from` counts words. */
  readLongs(out: Int32Array, from: number, count: number): void {
    this.#require(count);
    for (let i = from; i < from + 2 * count; i += 2) {
      this.#advance();
      out[i] = this.#low;
      out[i + 1] = this.#high;
    }
  }

  /** Passes over all values, without looking at them, to where they end. For a reader that has not begun. */
  skipAll(): number {
    for (let left = this.values - 1; left > 0;) {
      this.#openBlock();
      for (let i = 0; i < this.#miniblocks && left > 0; i++) {
        this.#at += (this.#bytes[this.#widthsAt + i]! * this.#miniblockValues) / 8;
        left -= this.#miniblockValues;
      }
    }
    if (this.#at > this.#end) throw damaged('fewer values than there should be');
    return this.#at;
  }

  #require(count: number): void {
    this.#taken += count;
    if (this.#taken > this.values) throw damaged('fewer values than there should be');
  }

  #advance(): void {
    if (this.#isFirst) {
      this.#isFirst = false;
      return;
    }
    if (this.#left === 0) this.#openMiniblock();
    this.#left--;
    const bitWidth = this.#bitWidth;
    let deltaLow = this.#minLow;
    let deltaHigh = this.#minHigh;
    if (bitWidth > 0) {
      const low = this.#readBits(Math.min(bitWidth, 32));
      const high = bitWidth > 32 ? this.#readBits(bitWidth - 32) : 0;
      const sum = (deltaLow >>> 0) + (low >>> 0);
      deltaHigh = (deltaHigh + high + (sum > 0xffff_ffff ? 1 : 0)) | 0;
      deltaLow = sum | 0;
    }
    const sum = (this.#low >>> 0) + (deltaLow >>> 0);
    this.#high = (this.#high + deltaHigh + (sum > 0xffff_ffff ? 1 : 0)) | 0;
    this.#low = sum | 0;
  }

  #openMiniblock(): void {
    if (this.#miniblock === this.#miniblocks) {
      this.#openBlock();
      this.#miniblock = 0;
    }
    this.#bitWidth = this.#bytes[this.#widthsAt + this.#miniblock]!;
    if (this.#bitWidth > 64) throw damaged('numbers of more than 64 bits');
    this.#miniblock++;
    this.#left = this.#miniblockValues;
    this.#bit = 0;
  }

  #openBlock(): void {
    const [low, high] = this.#readZigzag();
    this.#minLow = low;
    this.#minHigh = high;
    this.#widthsAt = this.#at;
    this.#at += this.#miniblocks;
    if (this.#at > this.#end) throw damaged('fewer values than there should be');
  }

  /** At most 32 bits, lowest first. */
  #readBits(bitWidth: number): number {
    const bytes = this.#bytes;
    let value = 0;
    for (let read = 0; read < bitWidth;) {
      if (this.#at >= this.#end) throw damaged('fewer values than there should be');
      const taken = Math.min(8 - this.#bit, bitWidth - read);
      const bits = (bytes[this.#at]! >>> this.#bit) & ((1 << taken) - 1);
      value |= bits << read;
      read += taken;
      this.#bit += taken;
      if (this.#bit === 8) {
        this.#bit = 0;
        this.#at++;
      }
    }
    return value;
  }

  #readCount(): number {
    const [low, high] = this.#readVarint();
    if (high !== 0 || low < 0) throw damaged('a count that makes no sense');
    return low;
  }

  #readZigzag(): readonly [low: number, high: number] {
    const [low, high] = this.#readVarint();
    const sign = -(low & 1);
    return [((low >>> 1) | (high << 31)) ^ sign, (high >>> 1) ^ sign];
  }

  #readVarint(): readonly [low: number, high: number] {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.#at >= this.#end) throw damaged('fewer values than there should be');
      const byte = this.#bytes[this.#at++]!;
      const bits = byte & 0x7f;
      if (shift < 32) low |= bits << shift;
      if (shift > 25) high |= shift >= 32 ? bits << (shift - 32) : bits >>> (32 - shift);
      if (byte < 0x80) return [low, high];
    }
    throw damaged('a number of more than 64 bits');
  }
}
