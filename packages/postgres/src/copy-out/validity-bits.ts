const FIRST_BYTES = 128;
const ALL_SET = 0xff;

/** Bits of rows, all set but those that are cleared. Rows come in order, or replace the last ones. */
export class ValidityBits {
  #bits: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #lastCleared = -1;

  set(row: number): void {
    // Cleared before, when the row was put for the first time.
    if (row <= this.#lastCleared) this.#bits[row >> 3]! |= 1 << (row & 7);
  }

  clear(row: number): void {
    const at = row >> 3;
    if (at >= this.#bits.length) this.#bits = grown(this.#bits, at + 1);
    this.#bits[at]! &= ~(1 << (row & 7));
    if (row > this.#lastCleared) this.#lastCleared = row;
  }

  /** Of the first `rows` rows; begins anew. */
  take(rows: number): { readonly nullBitmap: Uint8Array | undefined; readonly nullCount: number } {
    const last = Math.min(this.#lastCleared, rows - 1);
    const bits = this.#bits;
    let nullCount = 0;
    for (let row = 0; row <= last; row++) {
      if (bits[row >> 3] === ALL_SET) row |= 7;
      else nullCount += ~(bits[row >> 3]! >> (row & 7)) & 1;
    }
    if (this.#lastCleared >= 0) this.#bits = new Uint8Array(bits.length).fill(ALL_SET);
    this.#lastCleared = -1;
    if (nullCount === 0) return { nullBitmap: undefined, nullCount };
    const bytes = (rows + 7) >> 3;
    return { nullBitmap: (bits.length < bytes ? grown(bits, bytes) : bits).subarray(0, bytes), nullCount };
  }
}

function grown(bits: Uint8Array<ArrayBuffer>, bytes: number): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(Math.max(FIRST_BYTES, bytes, 2 * bits.length)).fill(ALL_SET);
  more.set(bits);
  return more;
}
