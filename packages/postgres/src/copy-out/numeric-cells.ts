import { type Decimal, makeData, Utf8 } from 'apache-arrow';

import type { BytesForm } from './bytes-cells.ts';
import { type Cell, type ColumnCells, nextRows } from './column-cells.ts';
import { numericText, putUnscaled, specialNumeric } from './numeric-value.ts';
import { ValidityBits } from './validity-bits.ts';

/** `numeric` as decimals, every digit kept. */
export class DecimalCells implements ColumnCells {
  readonly #type: Decimal;
  readonly #count: number;
  readonly #validity = new ValidityBits();
  #words: Uint32Array;

  constructor(type: Decimal) {
    this.#type = type;
    this.#count = type.bitWidth / 32;
    this.#words = new Uint32Array(nextRows(0) * this.#count);
  }

  put(row: number, cell: Cell): string | undefined {
    this.#reserve(row);
    const special = specialNumeric(cell);
    if (special !== undefined) return `is ${special}`;
    this.#validity.set(row);
    return putUnscaled(cell, this.#type, this.#words, row * this.#count, this.#count);
  }

  putNull(row: number): void {
    this.#reserve(row);
    // What is in the words of a null does not count, but is the same every time.
    for (let i = row * this.#count; i < (row + 1) * this.#count; i++) this.#words[i] = 0;
    this.#validity.clear(row);
  }

  take(rows: number): ReturnType<ColumnCells['take']> {
    const data = this.#words.subarray(0, rows * this.#count);
    this.#words = new Uint32Array(nextRows(rows) * this.#count);
    return makeData({ type: this.#type, length: rows, data, ...this.#validity.take(rows) });
  }

  #reserve(row: number): void {
    if ((row + 1) * this.#count <= this.#words.length) return;
    const grown = new Uint32Array(2 * this.#words.length);
    grown.set(this.#words);
    this.#words = grown;
  }
}

/** `numeric` as text, for columns without declared bounds. */
export const numericTextForm: BytesForm = {
  type: new Utf8(),
  // Four digits for each of the server's, the zeros around them, sign and point.
  sizeOf: ({ view, at, length }) => 2 * length + 4 * Math.abs(view.getInt16(at + 2)) + view.getUint16(at + 6) + 16,
  write: (cell, target, at) => {
    const text = numericText(cell);
    for (let i = 0; i < text.length; i++) target[at + i] = text.charCodeAt(i);
    return text.length;
  },
};
