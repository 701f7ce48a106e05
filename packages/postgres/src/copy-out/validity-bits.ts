const FIRST_BYTES = 128;

/** A null bitmap that grows. */
export class ValidityBits {
  #bits = new Uint8Array(FIRST_BYTES);

  set(row: number, isValid: boolean): void {
    const at = row >> 3;
    if (at >= this.#bits.length) {
      const grown = new Uint8Array(2 * this.#bits.length);
      grown.set(this.#bits);
      this.#bits = grown;
    }
    const bit = 1 << (row & 7);
    if (isValid) this.#bits[at]! |= bit;
    else this.#bits[at]! &= ~bit;
  }

  /** Of the first `rows` rows; begins anew. */
  take(rows: number): { readonly nullBitmap: Uint8Array | undefined; readonly nullCount: number } {
    const bits = this.#bits.subarray(0, (rows + 7) >> 3);
    let nullCount = rows;
    for (let row = 0; row < rows; row++) nullCount -= (bits[row >> 3]! >> (row & 7)) & 1;
    this.#bits = new Uint8Array(this.#bits.length);
    return { nullBitmap: nullCount === 0 ? undefined : bits, nullCount };
  }
}
