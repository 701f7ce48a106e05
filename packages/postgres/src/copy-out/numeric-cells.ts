import { type Decimal, makeData, Utf8 } from 'apache-arrow';

import type { BytesForm } from './bytes-cells.ts';
import type { Cell, ColumnCells } from './column-cells.ts';
import { numericText, specialNumeric, unscaledNumeric } from './numeric-value.ts';
import { ValidityBits } from './validity-bits.ts';

const FIRST_ROWS = 1024;
const WORD = 2 ** 32;

/** `numeric` as decimals, every digit kept. */
export class DecimalCells implements ColumnCells {
  readonly #type: Decimal;
  readonly #count: number;
  readonly #limit: bigint;
  readonly #validity = new ValidityBits();
  #words: Uint32Array;

  constructor(type: Decimal) {
    this.#type = type;
    this.#count = type.bitWidth / 32;
    this.#limit = 10n ** BigInt(type.precision);
    this.#words = new Uint32Array(FIRST_ROWS * this.#count);
  }

  put(row: number, cell: Cell): string | undefined {
    this.#reserve(row);
    const special = specialNumeric(cell);
    if (special !== undefined) return `is ${special}`;
    const value = unscaledNumeric(cell, this.#type.scale);
    if (value === undefined) return `has more than ${this.#type.scale} digits behind the point`;
    if (value >= this.#limit || value <= -this.#limit) return `has more than ${this.#type.precision} digits`;
    if (typeof value === 'number') this.#putNumber(row * this.#count, value);
    else this.#putBig(row * this.#count, value);
    this.#validity.set(row, true);
    return undefined;
  }

  putNull(row: number): void {
    this.#reserve(row);
    this.#words.fill(0, row * this.#count, (row + 1) * this.#count);
    this.#validity.set(row, false);
  }

  take(rows: number): ReturnType<ColumnCells['take']> {
    const data = this.#words.subarray(0, rows * this.#count);
    this.#words = new Uint32Array(this.#words.length);
    return makeData({ type: this.#type, length: rows, data, ...this.#validity.take(rows) });
  }

  #putNumber(at: number, value: number): void {
    const words = this.#words;
    const high = Math.floor(value / WORD);
    words[at] = value - high * WORD;
    words[at + 1] = high;
    words.fill(value < 0 ? 0xffff_ffff : 0, at + 2, at + this.#count);
  }

  #putBig(at: number, value: bigint): void {
    let rest = value;
    for (let i = 0; i < this.#count; i++, rest >>= 32n) this.#words[at + i] = Number(BigInt.asUintN(32, rest));
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
