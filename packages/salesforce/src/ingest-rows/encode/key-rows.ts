const MIN_CAPACITY = 1024;

/** Which row a key was last seen in, by the 64 bits of its hash. 12 bytes an entry, at most three quarters full. */
export class KeyRows {
  #capacity = MIN_CAPACITY;
  /** High, low, and the row from 1; three words an entry. */
  #entries = new Uint32Array(MIN_CAPACITY * 3);
  #count = 0;

  /** Notes the row, and returns the one noted before; -1 where there is none. */
  replace(high: number, low: number, row: number): number {
    if (this.#count * 4 >= this.#capacity * 3) this.#grow();
    const at = this.#find(high, low);
    const earlier = this.#entries[at + 2]! - 1;
    if (earlier === -1) {
      this.#entries[at] = high;
      this.#entries[at + 1] = low;
      this.#count++;
    }
    this.#entries[at + 2] = row + 1;
    return earlier;
  }

  /** The row noted; -1 where there is none. */
  rowOf(high: number, low: number): number {
    return this.#entries[this.#find(high, low) + 2]! - 1;
  }

  #find(high: number, low: number): number {
    const mask = this.#capacity - 1;
    const entries = this.#entries;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 3;
      if (entries[at + 2] === 0 || (entries[at] === high && entries[at + 1] === low)) return at;
    }
  }

  #grow(): void {
    const old = this.#entries;
    this.#capacity *= 2;
    this.#entries = new Uint32Array(this.#capacity * 3);
    for (let at = 0; at < old.length; at += 3) {
      if (old[at + 2] === 0) continue;
      const to = this.#find(old[at]!, old[at + 1]!);
      for (let i = 0; i < 3; i++) this.#entries[to + i] = old[at + i]!;
    }
  }
}
