import type { MinMax } from './page-values.ts';

/** The smallest and largest of byte strings in unsigned byte order, which for UTF-8 is the order of code points. */
export class ByteRange {
  #min: Uint8Array | undefined;
  #max: Uint8Array | undefined;

  /** Values in Parquet's plain encoding: each with its length in front. Bytes are kept only of the two that bound them. */
  add(plain: Uint8Array): void {
    if (plain.length === 0) return;
    const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
    let min = 0;
    let max = 0;
    for (let at = 4 + view.getUint32(0, true); at < plain.length; at += 4 + view.getUint32(at, true)) {
      if (compare(plain, view, at, max) > 0) max = at;
      else if (compare(plain, view, at, min) < 0) min = at;
    }
    const smallest = valueAt(plain, view, min);
    const largest = valueAt(plain, view, max);
    if (this.#min === undefined || Buffer.compare(smallest, this.#min) < 0) this.#min = smallest.slice();
    if (this.#max === undefined || Buffer.compare(largest, this.#max) > 0) this.#max = largest.slice();
  }

  end(): MinMax | undefined {
    const minMax = this.#min === undefined || this.#max === undefined ? undefined : { min: this.#min, max: this.#max };
    this.#min = undefined;
    this.#max = undefined;
    return minMax;
  }
}

function valueAt(plain: Uint8Array, view: DataView, at: number): Uint8Array {
  return plain.subarray(at + 4, at + 4 + view.getUint32(at, true));
}

function compare(plain: Uint8Array, view: DataView, left: number, right: number): number {
  const leftBytes = view.getUint32(left, true);
  const rightBytes = view.getUint32(right, true);
  const common = Math.min(leftBytes, rightBytes);
  for (let i = 4; i < common + 4; i++) {
    const difference = plain[left + i]! - plain[right + i]!;
    if (difference !== 0) return difference;
  }
  return leftBytes - rightBytes;
}
