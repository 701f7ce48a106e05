/** Up to here copies word by word are faster than a call. */
const MAX_WORDS_BYTES = 160;

/** Bytes appended to one buffer that doubles as needed and is used again after `clear`. */
export class GrowingBytes {
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;
  #view: DataView<ArrayBuffer>;

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Room for `extra` bytes behind `length`; `bytes` may be another array afterwards. */
  reserve(extra: number): void {
    const needed = this.length + extra;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  clear(): void {
    this.length = 0;
  }

  /** What was appended; valid until the next change. */
  view(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }

  appendByte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  appendUint32(value: number): void {
    this.reserve(4);
    this.#view.setUint32(this.length, value, true);
    this.length += 4;
  }

  /** The bytes with their number in front, in four bytes. `view` is of the bytes of `source`. */
  appendCounted(source: Uint8Array, view: DataView, start: number, end: number): void {
    const count = end - start;
    // The last word may bring bytes of no concern.
    this.reserve(count + 8);
    const target = this.#view;
    let at = this.length;
    target.setUint32(at, count, true);
    at += 4;
    if (count > MAX_WORDS_BYTES || start + count + 3 > view.byteLength) {
      copyBytes(source, start, end, this.bytes, at);
    } else {
      for (let i = 0; i < count; i += 4) target.setInt32(at + i, view.getInt32(start + i, true), true);
    }
    this.length = at + count;
  }

  /** Unsigned LEB128. */
  appendVarint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.appendByte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.appendByte(rest);
  }

  appendBytes(source: Uint8Array, start = 0, end = source.length): void {
    const count = end - start;
    this.reserve(count);
    copyBytes(source, start, end, this.bytes, this.length);
    this.length += count;
  }
}

/** Short copies by hand: making a subarray costs more than copying a few bytes. */
function copyBytes(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): void {
  if (end - start > 48) {
    target.set(source.subarray(start, end), at);
    return;
  }
  let to = at;
  // Every index is below the lengths the caller reserved.
  for (let from = start; from < end; from++) target[to++] = source[from]!;
}
