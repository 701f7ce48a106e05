import { type Data, makeData, Utf8 } from 'apache-arrow';

import { RowBits } from '../bits/row-bits.ts';
import type { ColumnProgram } from './column-program.ts';
import type { CsvKernel } from './kernel/csv-kernel.ts';
import { AT, cellAddress, RUN_ROWS } from './kernel/kernel-memory.ts';
import type { RejectLog } from './reject-log.ts';
import type { ScannedRows } from './scanned-rows.ts';

/** Cells up to here are copied word by word, which is faster than a call. */
const SHORT_BYTES = 160;
const WORD_BYTES = 4;

/** A column of text of one batch in the making. The scanner has seen to it that it is UTF-8. */
export class TextColumn {
  readonly #program: ColumnProgram;
  readonly #nulls = new RowBits();
  #offsets = new Int32Array(1);
  #bytes = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  /** Bytes the last batch had. */
  #expectedBytes = 0;

  constructor(program: ColumnProgram) {
    this.#program = program;
  }

  /** Of the text so far. */
  get byteCount(): number {
    return this.#length;
  }

  append(rows: ScannedRows, from: number, to: number, base: number, expectedRows: number, rejects: RejectLog): void {
    this.#reserveRows(base + to - from, expectedRows);
    const { kernel } = rows;
    if (kernel === undefined) this.#appendCells(rows, from, to, base, rejects);
    else this.#appendRuns(rows, kernel, from, to, base, rejects);
  }

  #appendCells(rows: ScannedRows, from: number, to: number, base: number, rejects: RejectLog): void {
    const { bytes, view, cells } = rows;
    const offsets = this.#offsets;
    const stride = rows.columnCount * 2;
    let cell = from * stride + this.#program.fileColumn * 2;
    let length = this.#length;
    let text: DataView = this.#view;
    for (let row = base; row < base + to - from; row++, cell += stride) {
      const start = cells[cell]!;
      const end = cells[cell + 1]!;
      if (start === end) {
        if (rows.isNullText(start)) this.#appendNull(row, rejects);
      } else {
        const size = end - start;
        if (length + size + WORD_BYTES > text.byteLength) text = this.#growBytes(length, length + size + WORD_BYTES);
        if (size > SHORT_BYTES) this.#bytes.set(bytes.subarray(start, end), length);
        // The last word may bring bytes of no concern, which the next cell or nobody overwrites.
        else for (let i = 0; i < size; i += WORD_BYTES) text.setInt32(length + i, view.getInt32(start + i, true), true);
        length += size;
      }
      offsets[row + 1] = length;
    }
    this.#length = length;
  }

  #appendRuns(rows: ScannedRows, kernel: CsvKernel, from: number, to: number, base: number, rejects: RejectLog) {
    const stride = rows.columnCount * 2;
    for (let first = from; first < to; first += RUN_ROWS) {
      const count = Math.min(RUN_ROWS, to - first);
      const firstRow = base + first - from;
      const length = this.#length;
      const noteCount = kernel.exports.readText(
        cellAddress(first * stride + this.#program.fileColumn * 2),
        stride * 4,
        count,
        AT.window,
        AT.text,
        AT.offsets,
        length,
        AT.notes,
      );
      this.#offsets.set(kernel.offsets.subarray(0, count), firstRow + 1);
      this.#length = kernel.offsets[count - 1]!;
      if (this.#length > this.#bytes.length) this.#growBytes(length, this.#length);
      this.#bytes.set(kernel.text.subarray(0, this.#length - length), length);
      // All it notes of text is that there is none.
      for (let i = 0; i < noteCount; i++) {
        const row = kernel.notes[i]! >> 2;
        const start = rows.cells[(first + row) * stride + this.#program.fileColumn * 2]!;
        if (rows.isNullText(start)) this.#appendNull(firstRow + row, rejects);
      }
    }
  }

  /** A row without a value, which is not kept. */
  appendRefused(row: number, expectedRows: number): void {
    this.#reserveRows(row + 1, expectedRows);
    this.#offsets[row + 1] = this.#length;
  }

  end(rows: number, kept: Uint32Array | undefined): { readonly data: Data; readonly rounded: number } {
    if (kept !== undefined) this.#keep(kept);
    const length = kept?.length ?? rows;
    const bytes = this.#bytes;
    const offsets = this.#offsets;
    const nullCount = this.#nulls.count;
    const data = makeData({
      type: new Utf8(),
      length,
      nullCount,
      // What is far too large is not worth keeping alive.
      data: this.#length * 2 < bytes.length ? bytes.slice(0, this.#length) : bytes.subarray(0, this.#length),
      valueOffsets: length * 2 < offsets.length ? offsets.slice(0, length + 1) : offsets.subarray(0, length + 1),
      ...(nullCount === 0 ? {} : { nullBitmap: this.#nulls.inverted(length) }),
    });
    this.#expectedBytes = this.#length;
    this.#length = 0;
    this.#bytes = new Uint8Array(0);
    this.#view = new DataView(this.#bytes.buffer);
    this.#offsets = new Int32Array(1);
    this.#nulls.reset();
    return { data, rounded: 0 };
  }

  #appendNull(row: number, rejects: RejectLog): void {
    this.#nulls.set(row);
    const { field } = this.#program;
    if (!field.nullable) rejects.add(row, field.name, `${field.name}: expected a value`);
  }

  #reserveRows(rows: number, expectedRows: number): void {
    const capacity = this.#offsets.length - 1;
    if (rows <= capacity) return;
    const grown = new Int32Array(Math.max(rows, capacity === 0 ? expectedRows : capacity * 2) + 1);
    grown.set(this.#offsets);
    this.#offsets = grown;
  }

  #growBytes(length: number, needed: number): DataView {
    const capacity =
      this.#bytes.length === 0 ? this.#expectedBytes + (this.#expectedBytes >> 4) : this.#bytes.length * 2;
    const grown = new Uint8Array(Math.max(needed, capacity, 1024));
    grown.set(this.#bytes.subarray(0, length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
    return this.#view;
  }

  #keep(kept: Uint32Array): void {
    const offsets = this.#offsets;
    let length = 0;
    kept.forEach((row, i) => {
      const start = offsets[row]!;
      const end = offsets[row + 1]!;
      this.#bytes.copyWithin(length, start, end);
      length += end - start;
      // Only offsets behind `row` are still to be read, and `i` is not behind it.
      offsets[i + 1] = length;
    });
    this.#length = length;
    this.#nulls.keep(kept);
  }
}
