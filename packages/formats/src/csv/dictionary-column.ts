import { type Data, type Dictionary, makeData, Utf8, Vector } from 'apache-arrow';

import { ByteDictionary } from '../bits/byte-dictionary.ts';
import { RowBits } from '../bits/row-bits.ts';
import type { ColumnProgram } from './column-program.ts';
import type { RejectLog } from './reject-log.ts';
import type { ScannedRows } from './scanned-rows.ts';

/** Ahead of each entry in the plain encoding. */
const LENGTH_BYTES = 4;

/** A column of text of one batch in the making, each distinct text once. The scanner has seen to it that it is UTF-8. */
export class DictionaryColumn {
  readonly #program: ColumnProgram;
  readonly #nulls = new RowBits();
  readonly #entries = new ByteDictionary();
  #codes = new Int32Array(0);
  #byteCount = 0;

  constructor(program: ColumnProgram) {
    this.#program = program;
  }

  /** Of the text so far, as often as it came. */
  get byteCount(): number {
    return this.#byteCount;
  }

  append(rows: ScannedRows, from: number, to: number, base: number, expectedRows: number, rejects: RejectLog): void {
    this.#reserveRows(base + to - from, expectedRows);
    const { bytes, view, cells, columnCount } = rows;
    const stride = columnCount * 2;
    let cell = from * stride + this.#program.fileColumn * 2;
    for (let row = base; row < base + to - from; row++, cell += stride) {
      const start = cells[cell]!;
      const end = cells[cell + 1]!;
      if (start === end && rows.isNullText(start)) this.#appendNull(row, rejects);
      else this.#codes[row] = this.#entries.entryOf(bytes, view, start, end);
      this.#byteCount += end - start;
    }
  }

  /** A row without a value, which is not kept. */
  appendRefused(row: number, expectedRows: number): void {
    this.#reserveRows(row + 1, expectedRows);
  }

  /** The column of the rows so far, of which `kept` stay. Begins the next batch. */
  end(rows: number, kept: Uint32Array | undefined): { readonly data: Data; readonly rounded: number } {
    if (kept !== undefined) {
      kept.forEach((row, i) => (this.#codes[i] = this.#codes[row]!));
      this.#nulls.keep(kept);
    }
    const length = kept?.length ?? rows;
    const nullCount = this.#nulls.count;
    const data = makeData({
      // Only fields of this type get here.
      type: this.#program.field.type as Dictionary<Utf8>,
      length,
      nullCount,
      data: this.#codes.slice(0, length),
      dictionary: this.#texts(),
      ...(nullCount === 0 ? {} : { nullBitmap: this.#nulls.inverted(length) }),
    });
    this.#entries.clear();
    this.#nulls.reset();
    this.#codes.fill(0, 0, rows);
    this.#byteCount = 0;
    return { data, rounded: 0 };
  }

  /** The entries, without their lengths. */
  #texts(): Vector<Utf8> {
    const { plain, size } = this.#entries;
    const data = new Uint8Array(plain.length - size * LENGTH_BYTES);
    const valueOffsets = new Int32Array(size + 1);
    for (let entry = 0, at = 0; entry < size; entry++) {
      const start = this.#entries.startOf(entry);
      const end = this.#entries.endOf(entry);
      data.set(plain.bytes.subarray(start, end), at);
      at += end - start;
      valueOffsets[entry + 1] = at;
    }
    return new Vector([makeData({ type: new Utf8(), length: size, nullCount: 0, data, valueOffsets })]);
  }

  #appendNull(row: number, rejects: RejectLog): void {
    this.#nulls.set(row);
    const { field } = this.#program;
    if (!field.nullable) rejects.add(row, field.name, `${field.name}: expected a value`);
  }

  #reserveRows(rows: number, expectedRows: number): void {
    const capacity = this.#codes.length;
    if (rows <= capacity) return;
    const grown = new Int32Array(Math.max(rows, capacity === 0 ? expectedRows : capacity * 2));
    grown.set(this.#codes);
    this.#codes = grown;
  }
}
