import type { BatchBounds, Change, SourceReject } from '@sluice/core';
import { DataType, makeData, RecordBatch, type Schema, Struct } from 'apache-arrow';

import type { ColumnProgram } from './column-program.ts';
import { DictionaryColumn } from './dictionary-column.ts';
import { type Refusal, RejectLog } from './reject-log.ts';
import type { ScannedRows } from './scanned-rows.ts';
import { TextColumn } from './text-column.ts';
import { WordColumn } from './word-column.ts';

/** One batch of rows in the order of the file, with what did not go into it. */
export interface DecodedBatch {
  /** The good rows. Its buffers are the receiver's. */
  readonly batch: RecordBatch;
  /** Rows of the file: those of the batch and the rejected ones. */
  readonly rows: number;
  /** Ascending by `row`, which counts all `rows` from 0; a row comes once, with every column that refused it. */
  readonly rejects: readonly SourceReject[];
  /** What was rounded in the rows of the batch. */
  readonly changes: readonly Change[];
}

/**
 * Collects rows until the next would go beyond the bounds.
 *
 * Where a batch ends depends on the rows alone: their number, and their size in the sense of core's `batchBytes`,
 * rejected rows included.
 */
export class BatchBuilder {
  readonly #schema: Schema;
  readonly #programs: readonly ColumnProgram[];
  readonly #bounds: BatchBounds;
  readonly #columns: readonly (TextColumn | DictionaryColumn | WordColumn)[];
  readonly #texts: readonly (TextColumn | DictionaryColumn)[];
  /** Where the text columns are in the file. */
  readonly #textColumns: readonly number[];
  readonly #slotBytes: number;
  readonly #rejects = new RejectLog();
  #rows = 0;
  #byteCount = 0;
  #isFull = false;
  #expectedRows = 64;

  constructor(schema: Schema, programs: readonly ColumnProgram[], bounds: BatchBounds) {
    this.#schema = schema;
    this.#programs = programs;
    this.#bounds = bounds;
    const texts: (TextColumn | DictionaryColumn)[] = [];
    this.#columns = programs.map((program) => {
      if (program.words !== undefined) return new WordColumn(program, program.words);
      const isDictionary = DataType.isDictionary(program.field.type);
      const text = isDictionary ? new DictionaryColumn(program) : new TextColumn(program);
      texts.push(text);
      return text;
    });
    this.#texts = texts;
    this.#textColumns = programs.filter(({ words }) => words === undefined).map(({ fileColumn }) => fileColumn);
    this.#slotBytes = programs.reduce((sum, { slotBytes }) => sum + slotBytes, 0);
  }

  /** Rows since the batch before, rejected ones included. */
  get rows(): number {
    return this.#rows;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** Appends the rows of `[from, end)` that have room, and returns where it stopped. */
  append(rows: ScannedRows, from: number, end: number): number {
    const base = this.#rows;
    const fits = this.#fitsWhole(rows, from, end);
    const to = fits ? end : this.#fit(rows, from, end);
    for (const column of this.#columns) column.append(rows, from, to, base, this.#expectedRows, this.#rejects);
    if (fits) {
      this.#rows += to - from;
      this.#byteCount = this.#rows * this.#slotBytes + this.#texts.reduce((sum, { byteCount }) => sum + byteCount, 0);
    }
    return to;
  }

  /** A row of the file that is none of the batch. */
  refuse(reject: Refusal): void {
    const row = this.#rows++;
    for (const column of this.#columns) column.appendRefused(row, this.#expectedRows);
    this.#rejects.refuse(row, reject);
    this.#byteCount += this.#slotBytes;
    this.#isFull = this.#rows === this.#bounds.rows || this.#byteCount >= this.#bounds.bytes;
  }

  end(): DecodedBatch {
    const rows = this.#rows;
    const kept = this.#rejects.keptRows(rows);
    const ended = this.#columns.map((column) => column.end(rows, kept));
    const changes = ended.flatMap(({ rounded }, i): readonly Change[] =>
      rounded === 0 ? [] : [{ column: this.#programs[i]!.field.name, change: 'rounded', values: rounded }],
    );
    const struct = makeData({
      type: new Struct(this.#schema.fields),
      length: kept?.length ?? rows,
      nullCount: 0,
      children: ended.map(({ data }) => data),
    });
    this.#expectedRows = rows + (rows >> 4);
    this.#rows = 0;
    this.#byteCount = 0;
    this.#isFull = false;
    return { batch: new RecordBatch(this.#schema, struct), rows, rejects: this.#rejects.end(), changes };
  }

  /** Whether all rows have room, and leave some, by what their text cannot exceed: the bytes they take in the file. */
  #fitsWhole({ rowEnds, sharesBytes }: ScannedRows, from: number, end: number): boolean {
    if (sharesBytes) return false;
    const count = end - from;
    const most = count * this.#slotBytes + rowEnds[end - 1]! - (from === 0 ? 0 : rowEnds[from - 1]!);
    return this.#rows + count < this.#bounds.rows && this.#byteCount + most < this.#bounds.bytes;
  }

  /** Counts the rows of `[from, end)` that have room; a row beyond the bound has a batch to itself. */
  #fit({ cells, columnCount }: ScannedRows, from: number, end: number): number {
    const bounds = this.#bounds;
    const textColumns = this.#textColumns;
    let row = from;
    for (; row < end; row++) {
      let bytes = this.#slotBytes;
      const cell = row * columnCount;
      for (let i = 0; i < textColumns.length; i++) {
        const at = (cell + textColumns[i]!) * 2;
        bytes += cells[at + 1]! - cells[at]!;
      }
      if (this.#rows > 0 && this.#byteCount + bytes > bounds.bytes) {
        this.#isFull = true;
        return row;
      }
      this.#rows++;
      this.#byteCount += bytes;
      if (this.#rows === bounds.rows || this.#byteCount >= bounds.bytes) {
        this.#isFull = true;
        return row + 1;
      }
    }
    return row;
  }
}
