import { CELL_READ, CELL_ROUNDED, CELL_UNREADABLE, type CellStatus } from '@sluice/core/cells';
import { type Data, makeData } from 'apache-arrow';

import { RowBits } from '../bits/row-bits.ts';
import type { ColumnProgram } from './column-program.ts';
import { type CsvKernel, NOTE_EMPTY, NOTE_ROUNDED } from './kernel/csv-kernel.ts';
import { cellAddress, RUN_ROWS } from './kernel/kernel-memory.ts';
import type { RejectLog } from './reject-log.ts';
import type { ScannedRows } from './scanned-rows.ts';
import type { WordType } from './word-type.ts';

/** A column of one batch in the making whose values all have one width. */
export class WordColumn {
  readonly #program: ColumnProgram;
  readonly #type: WordType;
  readonly #nulls = new RowBits();
  readonly #rounded = new RowBits();
  #words = new Uint32Array(0);

  constructor(program: ColumnProgram, type: WordType) {
    this.#program = program;
    this.#type = type;
  }

  /** Appends `rows[from, to)` as rows `base` and following of the batch; `expectedRows` is what the batch may have in all. */
  append(rows: ScannedRows, from: number, to: number, base: number, expectedRows: number, rejects: RejectLog): void {
    this.#reserve(base + to - from, expectedRows);
    const { kernel } = rows;
    if (kernel === undefined) this.#appendCells(rows, from, to, base, rejects);
    else this.#appendRuns(rows, kernel, from, to, base, rejects);
  }

  /** A row without a value, which is not kept. */
  appendRefused(row: number, expectedRows: number): void {
    this.#reserve(row + 1, expectedRows);
  }

  /** The column of the rows so far, of which `kept` stay. Begins the next batch. */
  end(rows: number, kept: Uint32Array | undefined): { readonly data: Data; readonly rounded: number } {
    const { wordCount, pack } = this.#type;
    if (kept !== undefined) this.#keep(kept);
    const length = kept?.length ?? rows;
    const used = length * wordCount;
    // What is far too large is not worth keeping alive.
    const words = used * 2 < this.#words.length ? this.#words.slice(0, used) : this.#words.subarray(0, used);
    const nullCount = this.#nulls.count;
    const props = {
      type: this.#program.field.type,
      length,
      nullCount,
      data: pack(words),
      ...(nullCount === 0 ? {} : { nullBitmap: this.#nulls.inverted(length) }),
    };
    const rounded = this.#rounded.count;
    this.#words = new Uint32Array(0);
    this.#nulls.reset();
    this.#rounded.reset();
    // Which shape of data belongs to the type is only known at run time.
    return { data: makeData(props as never), rounded };
  }

  #appendCells(rows: ScannedRows, from: number, to: number, base: number, rejects: RejectLog) {
    const { bytes, cells, columnCount, emptyIsNull } = rows;
    const { parse, wordCount } = this.#type;
    const words = this.#words;
    const stride = columnCount * 2;
    let cell = from * stride + this.#program.fileColumn * 2;
    let at = base * wordCount;
    for (let row = base; row < base + to - from; row++, cell += stride, at += wordCount) {
      const start = cells[cell]!;
      const end = cells[cell + 1]!;
      if (start === end) {
        if (emptyIsNull || start < 0) this.#appendNull(row, rejects);
        else this.#note(CELL_UNREADABLE, row, rejects);
        continue;
      }
      const status = parse(bytes, start, end, words, at);
      if (status !== CELL_READ) this.#note(status, row, rejects);
    }
  }

  #appendRuns(
    { bytes, cells, columnCount }: ScannedRows,
    kernel: CsvKernel,
    from: number,
    to: number,
    base: number,
    rejects: RejectLog,
  ): void {
    const { parse, readRun, wordCount } = this.#type;
    const words = this.#words;
    const stride = columnCount * 2;
    for (let first = from; first < to; first += RUN_ROWS) {
      const count = Math.min(RUN_ROWS, to - first);
      const firstRow = base + first - from;
      const firstCell = first * stride + this.#program.fileColumn * 2;
      const noteCount = readRun(kernel.exports, cellAddress(firstCell), stride * 4, count);
      words.set(kernel.words.subarray(0, count * wordCount), firstRow * wordCount);
      for (let i = 0; i < noteCount; i++) {
        const note = kernel.notes[i]!;
        const row = firstRow + (note >> 2);
        const kind = note & 3;
        if (kind === NOTE_EMPTY) this.#appendNull(row, rejects);
        else if (kind === NOTE_ROUNDED) this.#rounded.set(row);
        else {
          const cell = firstCell + (note >> 2) * stride;
          const status = parse(bytes, cells[cell]!, cells[cell + 1]!, words, row * wordCount);
          if (status !== CELL_READ) this.#note(status, row, rejects);
        }
      }
    }
  }

  #appendNull(row: number, rejects: RejectLog): void {
    this.#nulls.set(row);
    const { field } = this.#program;
    if (!field.nullable) rejects.add(row, field.name, `${field.name}: expected a value`);
  }

  #note(status: CellStatus, row: number, rejects: RejectLog): void {
    if (status === CELL_ROUNDED) {
      this.#rounded.set(row);
      return;
    }
    const { name } = this.#program.field;
    rejects.add(row, name, `${name}: expected ${this.#type.expected[status - CELL_UNREADABLE]}`);
  }

  #reserve(rows: number, expectedRows: number): void {
    const { wordCount } = this.#type;
    const capacity = this.#words.length / wordCount;
    if (rows <= capacity) return;
    const grown = new Uint32Array(Math.max(rows, capacity === 0 ? expectedRows : capacity * 2) * wordCount);
    grown.set(this.#words);
    this.#words = grown;
  }

  #keep(kept: Uint32Array): void {
    const { wordCount } = this.#type;
    kept.forEach((row, i) => this.#words.copyWithin(i * wordCount, row * wordCount, (row + 1) * wordCount));
    this.#nulls.keep(kept);
    this.#rounded.keep(kept);
  }
}
