import { type Validity, isValid } from '../../bits/column-batch.ts';
import type { GrowingBytes } from '../../bits/growing-bytes.ts';
import { appendBitmapRun, appendRun } from './hybrid-encoding.ts';
import { PAGE_ROWS } from './page-values.ts';

/** Which rows of the page under way hold a value. */
export class PageLevels {
  rows = 0;
  nulls = 0;
  readonly #bitmap = new Uint8Array(PAGE_ROWS / 8);

  add(validity: Validity | undefined, from: number, to: number): void {
    const bitmap = this.#bitmap;
    let at = this.rows;
    this.rows += to - from;
    if (validity === undefined) {
      setBits(bitmap, at, this.rows);
      return;
    }
    let valid = 0;
    for (let row = from; row < to; at++, row++) {
      if ((at & 7) === 0) {
        // Eight rows at a time.
        for (; row + 8 <= to; at += 8, row += 8) {
          const bits = eightBits(validity, row);
          bitmap[at >> 3] = bits;
          valid += ONES[bits]!;
        }
        if (row === to) break;
      }
      const bit = isValid(validity, row) ? 1 : 0;
      const mask = 1 << (at & 7);
      bitmap[at >> 3] = (bitmap[at >> 3]! & ~mask) | (bit << (at & 7));
      valid += bit;
    }
    this.nulls += to - from - valid;
  }

  /** Appends the definition levels with their length in front, as data pages of version 1 have them, and starts anew. */
  end(out: GrowingBytes): void {
    const lengthAt = out.length;
    out.appendUint32(0);
    if (this.nulls === 0) appendRun(out, 1, this.rows, 1);
    else if (this.nulls === this.rows) appendRun(out, 0, this.rows, 1);
    else appendBitmapRun(out, this.#bitmap, this.rows);
    const byteLength = out.length - lengthAt - 4;
    new DataView(out.bytes.buffer).setUint32(lengthAt, byteLength, true);
    this.rows = 0;
    this.nulls = 0;
  }
}

/** How many bits of a byte are set. */
const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

function eightBits({ bitmap, bitOffset }: Validity, row: number): number {
  const bit = bitOffset + row;
  const low = bitmap[bit >> 3]!;
  return (bit & 7) === 0 ? low : ((low >> (bit & 7)) | (bitmap[(bit >> 3) + 1]! << (8 - (bit & 7)))) & 0xff;
}

function setBits(bitmap: Uint8Array, from: number, to: number): void {
  let bit = from;
  while (bit < to && bit % 8 !== 0) {
    bitmap[bit >> 3]! |= 1 << (bit & 7);
    bit++;
  }
  if (to - bit >= 8) {
    bitmap.fill(0xff, bit >> 3, to >> 3);
    bit = to & ~7;
  }
  while (bit < to) {
    bitmap[bit >> 3]! |= 1 << (bit & 7);
    bit++;
  }
}
