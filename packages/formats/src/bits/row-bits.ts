/** One bit for each row, all clear at first. Costs nothing while none is set. */
export class RowBits {
  /** How many are set. */
  count = 0;
  #bits = new Uint8Array(0);

  /** A row is set once. */
  set(row: number): void {
    const at = row >> 3;
    if (at >= this.#bits.length) this.#grow(at + 1);
    this.#bits[at]! |= 1 << (row & 7);
    this.count++;
  }

  /** Keeps the bits of these rows only, which become rows 0, 1, 2 and so on. */
  keep(rows: Uint32Array): void {
    if (this.count === 0) return;
    const before = this.#bits;
    this.reset();
    rows.forEach((row, i) => {
      if ((((before[row >> 3] ?? 0) >> (row & 7)) & 1) === 1) this.set(i);
    });
  }

  /** A bitmap of `rows` bits. */
  bitmap(rows: number): Uint8Array {
    const out = new Uint8Array((rows + 7) >> 3);
    out.set(this.#bits.subarray(0, out.length));
    return out;
  }

  /** A bitmap of `rows` bits, set where these are clear. */
  inverted(rows: number): Uint8Array {
    const out = new Uint8Array((rows + 7) >> 3);
    for (let i = 0; i < out.length; i++) out[i] = ~(this.#bits[i] ?? 0);
    if ((rows & 7) !== 0) out[out.length - 1]! &= (1 << (rows & 7)) - 1;
    return out;
  }

  reset(): void {
    this.count = 0;
    this.#bits = new Uint8Array(0);
  }

  #grow(length: number): void {
    const grown = new Uint8Array(Math.max(64, length * 2));
    grown.set(this.#bits);
    this.#bits = grown;
  }
}
