import { GrowingBytes } from './growing-bytes.ts';

/** Distinct byte strings in order of first appearance, found by hash. */
export class ByteDictionary {
  /** The entries in Parquet's plain encoding: a length of four bytes, then the bytes. */
  readonly plain = new GrowingBytes(1024);
  size = 0;
  #starts = new Int32Array(256);
  #hashes = new Int32Array(256);
  /** Entry number plus one, 0 where free; a power of two long and at most half full. */
  #slots = new Int32Array(512);

  clear(): void {
    this.plain.clear();
    this.size = 0;
    this.#slots.fill(0);
  }

  /** Where the entry's bytes are in `plain`, behind the length. */
  startOf(entry: number): number {
    return this.#starts[entry]!;
  }

  endOf(entry: number): number {
    return entry + 1 < this.size ? this.#starts[entry + 1]! - 4 : this.plain.length;
  }

  /** The number of the entry, which is added when it is new. `view` is of the bytes of `source`. */
  entryOf(source: Uint8Array, view: DataView, start: number, end: number): number {
    const hash = hashOf(source, view, start, end);
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let entry = slots[slot]! - 1; entry >= 0; entry = slots[slot]! - 1) {
      if (this.#hashes[entry] === hash && this.#equals(entry, source, start, end)) return entry;
      slot = (slot + 1) & mask;
    }
    return this.#add(source, start, end, hash, slot);
  }

  #equals(entry: number, source: Uint8Array, start: number, end: number): boolean {
    let at = this.#starts[entry]!;
    if (this.endOf(entry) - at !== end - start) return false;
    const { bytes } = this.plain;
    for (let i = start; i < end; i++) if (bytes[at++] !== source[i]) return false;
    return true;
  }

  #add(source: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const entry = this.size++;
    if (entry === this.#starts.length) {
      this.#starts = doubled(this.#starts);
      this.#hashes = doubled(this.#hashes);
    }
    this.plain.appendUint32(end - start);
    this.#starts[entry] = this.plain.length;
    this.#hashes[entry] = hash;
    this.plain.appendBytes(source, start, end);
    this.#slots[slot] = entry + 1;
    if (this.size * 2 > this.#slots.length) this.#rehash();
    return entry;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let entry = 0; entry < this.size; entry++) {
      let slot = this.#hashes[entry]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry + 1;
    }
    this.#slots = slots;
  }
}

function doubled(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(values.length * 2);
  grown.set(values);
  return grown;
}

/** Four bytes a step; good enough to spread cells, and not meant to resist an attacker. */
function hashOf(source: Uint8Array, view: DataView, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ source[at]!, 0x85ebca6b);
  hash ^= hash >>> 13;
  return Math.imul(hash, 0xc2b2ae35) ^ (hash >>> 16);
}
