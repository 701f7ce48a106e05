import { Binary, type DataType, makeData, Utf8 } from 'apache-arrow';

import { copyBytes } from '../copy-bytes.ts';
import { type Cell, type ColumnCells, nextRows } from './column-cells.ts';
import { ValidityBits } from './validity-bits.ts';

const FIRST_BYTES = 16_384;

/** Appends bytes for a cell to `target` at `at`, where there is room for `sizeOf` of them; answers how many. */
interface BytesForm {
  readonly type: DataType;
  sizeOf(cell: Cell): number;
  write(cell: Cell, target: Uint8Array, at: number): number | string;
}

/** Texts and binary values: bytes one behind the other. */
export class BytesCells implements ColumnCells {
  readonly #form: BytesForm;
  readonly #validity = new ValidityBits();
  #bytes = new Uint8Array(FIRST_BYTES);
  #offsets = new Int32Array(nextRows(0) + 1);

  constructor(form: BytesForm) {
    this.#form = form;
  }

  put(row: number, cell: Cell): string | undefined {
    this.#reserveRow(row);
    const start = this.#offsets[row]!;
    this.#reserveBytes(start + this.#form.sizeOf(cell));
    const written = this.#form.write(cell, this.#bytes, start);
    if (typeof written === 'string') return written;
    this.#offsets[row + 1] = start + written;
    this.#validity.set(row);
    return undefined;
  }

  putNull(row: number): void {
    this.#reserveRow(row);
    this.#offsets[row + 1] = this.#offsets[row]!;
    this.#validity.clear(row);
  }

  take(rows: number): ReturnType<ColumnCells['take']> {
    const valueOffsets = this.#offsets.subarray(0, rows + 1);
    const data = this.#bytes.subarray(0, valueOffsets[rows]);
    this.#offsets = new Int32Array(nextRows(rows) + 1);
    this.#bytes = new Uint8Array(Math.max(FIRST_BYTES, data.length + (data.length >> 3)));
    // The form's bytes are those of its type.
    return makeData({
      type: this.#form.type,
      length: rows,
      data,
      valueOffsets,
      ...this.#validity.take(rows),
    } as never);
  }

  #reserveRow(row: number): void {
    if (row + 1 < this.#offsets.length) return;
    const grown = new Int32Array(2 * this.#offsets.length);
    grown.set(this.#offsets);
    this.#offsets = grown;
  }

  #reserveBytes(count: number): void {
    if (count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(count, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

function plain(type: DataType, headerBytes: number): BytesForm {
  return {
    type,
    sizeOf: ({ length }) => length,
    write({ bytes, at, length }, target, to) {
      copyBytes(bytes, at + headerBytes, at + length, target, to);
      return length - headerBytes;
    },
  };
}

export const textForm: BytesForm = plain(new Utf8(), 0);
export const binaryForm: BytesForm = plain(new Binary(), 0);
/** Led by the version of its form, which is 1 in every server so far. */
export const jsonbForm: BytesForm = plain(new Utf8(), 1);

const HEX = Buffer.from('0123456789abcdef');
const UUID_TEXT_BYTES = 36;
const DASH = 0x2d;
/** A dash stands before these bytes. */
const DASHED: ReadonlySet<number> = new Set([4, 6, 8, 10]);

export const uuidForm: BytesForm = {
  type: new Utf8(),
  sizeOf: () => UUID_TEXT_BYTES,
  write({ bytes, at }, target, to) {
    let next = to;
    for (let i = 0; i < 16; i++) {
      if (DASHED.has(i)) target[next++] = DASH;
      const byte = bytes[at + i]!;
      target[next++] = HEX[byte >> 4]!;
      target[next++] = HEX[byte & 15]!;
    }
    return UUID_TEXT_BYTES;
  },
};

export type { BytesForm };
