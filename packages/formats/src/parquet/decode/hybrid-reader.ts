import { BITS_SET, setBits } from './bitmap.ts';
import { damaged } from './damage.ts';

/** Bits that fit beside a whole byte in 32. */
const MAX_SIMPLE_WIDTH = 24;

/**
 * Reads Parquet's hybrid of run lengths and bit packing, as much as is asked for
 * (https://parquet.apache.org/docs/file-format/data-pages/encodings/, read 2025-11).
 */
export class HybridReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #bitWidth: number;
  #at: number;
  /** Values left of the run under way. */
  #left = 0;
  #isPacked = false;
  #value = 0;
  #pending = 0;
  #pendingBits = 0;

  constructor(bytes: Uint8Array, start: number, end: number, bitWidth: number) {
    if (bitWidth > 32) throw damaged('numbers of more than 32 bits');
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#bitWidth = bitWidth;
  }

  /** @throws `FILE_CORRUPT` when there are fewer. */
  read(out: Int32Array, from: number, count: number): void {
    for (let at = from, end = from + count; at < end;) {
      if (this.#left === 0) this.#openRun();
      const taken = Math.min(this.#left, end - at);
      this.#left -= taken;
      if (!this.#isPacked) out.fill(this.#value, at, at + taken);
      else if (this.#bitWidth <= MAX_SIMPLE_WIDTH) this.#unpack(out, at, at + taken, this.#bitWidth);
      else this.#unpackWide(out, at, at + taken);
      at += taken;
    }
  }

  /** Reads numbers of one bit into a bitmap whose bits from `from` on are clear, and returns how many are set. */
  readBits(out: Uint8Array, from: number, count: number): number {
    let set = 0;
    for (let at = from, end = from + count; at < end;) {
      if (this.#left === 0) this.#openRun();
      const taken = Math.min(this.#left, end - at);
      this.#left -= taken;
      if (!this.#isPacked) {
        if (this.#value !== 0) {
          setBits(out, at, at + taken);
          set += taken;
        }
      } else {
        set += this.#copyBits(out, at, at + taken);
      }
      at += taken;
    }
    return set;
  }

  /** Takes the next values if they are a run of this one, and says whether it did. */
  takeRun(value: number, count: number): boolean {
    if (this.#left === 0) this.#openRun();
    if (this.#isPacked || this.#value !== value || this.#left < count) return false;
    this.#left -= count;
    return true;
  }

  #openRun(): void {
    const head = this.#readVarint();
    this.#isPacked = head % 2 === 1;
    const count = Math.floor(head / 2);
    if (this.#isPacked) {
      // The last group may be cut off behind the last value.
      const most = this.#bitWidth === 0 ? Infinity : Math.floor(((this.#end - this.#at) * 8) / this.#bitWidth);
      this.#left = Math.min(count * 8, most);
      this.#pending = 0;
      this.#pendingBits = 0;
    } else {
      this.#left = count;
      this.#value = this.#readValue();
    }
    if (this.#left === 0) throw damaged('a run of no values');
  }

  #readVarint(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 28; scale *= 128) {
      if (this.#at >= this.#end) throw damaged('fewer values than there should be');
      const byte = this.#bytes[this.#at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw damaged('a run of more than 32 bits');
  }

  #readValue(): number {
    let value = 0;
    for (let shift = 0; shift < this.#bitWidth; shift += 8) {
      if (this.#at >= this.#end) throw damaged('fewer values than there should be');
      value |= this.#bytes[this.#at++]! << shift;
    }
    if (this.#bitWidth < 32 && value >>> this.#bitWidth !== 0) throw damaged('a number of more bits than it may have');
    return value;
  }

  #unpack(out: Int32Array, from: number, to: number, bitWidth: number): void {
    const bytes = this.#bytes;
    const mask = (1 << bitWidth) - 1;
    let at = this.#at;
    let pending = this.#pending;
    let pendingBits = this.#pendingBits;
    for (let i = from; i < to; i++) {
      while (pendingBits < bitWidth) {
        pending |= bytes[at++]! << pendingBits;
        pendingBits += 8;
      }
      out[i] = pending & mask;
      pending >>>= bitWidth;
      pendingBits -= bitWidth;
    }
    this.#at = at;
    this.#pending = pending;
    this.#pendingBits = pendingBits;
  }

  /** In two halves, since a number and what is left of a byte exceed 32 bits. */
  #unpackWide(out: Int32Array, from: number, to: number): void {
    const half = new Int32Array(1);
    for (let i = from; i < to; i++) {
      this.#unpack(half, 0, 1, 16);
      const low = half[0]!;
      this.#unpack(half, 0, 1, this.#bitWidth - 16);
      out[i] = low | (half[0]! << 16);
    }
  }

  #copyBits(out: Uint8Array, from: number, to: number): number {
    const bytes = this.#bytes;
    let set = 0;
    let bit = from;
    if ((bit & 7) === 0 && this.#pendingBits === 0) {
      for (; bit + 8 <= to; bit += 8) {
        const byte = bytes[this.#at++]!;
        out[bit >> 3] = byte;
        set += BITS_SET[byte]!;
      }
    }
    for (; bit < to; bit++) {
      if (this.#pendingBits === 0) {
        this.#pending = bytes[this.#at++]!;
        this.#pendingBits = 8;
      }
      const value = this.#pending & 1;
      this.#pending >>>= 1;
      this.#pendingBits--;
      out[bit >> 3]! |= value << (bit & 7);
      set += value;
    }
    return set;
  }
}
