import type { CanonicalCell } from './canonical-cell.ts';
import { type Hash64, hashBytes } from './hash.ts';

const LENGTH_BYTES = 4;
const VALUE_BYTES = 16;
const WORD = 0x1_0000_0000;

/** Some cells of a row in canonical form, in work. */
export class CanonicalRow {
  #bytes = new Uint8Array(1024);
  #end = 0;

  clear(): void {
    this.#end = 0;
  }

  /** Adds the cell `bytes[start, end)`, which is empty for a null. */
  add(write: CanonicalCell, bytes: Uint8Array, start: number, end: number): void {
    this.#reserve(LENGTH_BYTES + VALUE_BYTES + (end - start) * 2);
    const at = this.#end + LENGTH_BYTES;
    const to = write(bytes, start, end, this.#bytes, at);
    // The length keeps cells apart.
    const length = to - at;
    for (let i = 0; i < LENGTH_BYTES; i++) this.#bytes[this.#end + i] = length >>> (8 * i);
    this.#end = to;
  }

  /** Whether nothing but nulls was added. */
  get isBlank(): boolean {
    return this.#bytes.subarray(0, this.#end).every((byte) => byte === 0);
  }

  /** What has another seed is never the same. */
  hash(seed: number, out: Hash64): void {
    hashBytes(this.#bytes, 0, this.#end, seed ^ Math.floor(seed / WORD), out);
  }

  #reserve(more: number): void {
    const needed = this.#end + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = grown;
  }
}
