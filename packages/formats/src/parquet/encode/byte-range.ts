import type { MinMax } from './page-values.ts';

/** The smallest and largest of byte strings in unsigned byte order, which for UTF-8 is the order of code points. */
export class ByteRange {
  #min: Uint8Array | undefined;
  #max: Uint8Array | undefined;

  /** The bytes are kept only where they move a bound. */
  add(source: Uint8Array, start: number, end: number): void {
    if (this.#min === undefined || this.#max === undefined) {
      this.#min = this.#max = source.slice(start, end);
      return;
    }
    if (compare(source, start, end, this.#min) < 0) this.#min = source.slice(start, end);
    else if (compare(source, start, end, this.#max) > 0) this.#max = source.slice(start, end);
  }

  end(): MinMax | undefined {
    const minMax = this.#min === undefined || this.#max === undefined ? undefined : { min: this.#min, max: this.#max };
    this.#min = undefined;
    this.#max = undefined;
    return minMax;
  }
}

function compare(source: Uint8Array, start: number, end: number, other: Uint8Array): number {
  const common = Math.min(end - start, other.length);
  for (let i = 0; i < common; i++) {
    const difference = source[start + i]! - other[i]!;
    if (difference !== 0) return difference;
  }
  return end - start - other.length;
}
