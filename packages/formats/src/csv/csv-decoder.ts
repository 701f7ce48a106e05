import { type BatchBounds, SluiceError } from '@sluice/core';
import type { ExcessDigits } from '@sluice/core/decimal';
import type { Schema } from 'apache-arrow';

import { BatchBuilder, type DecodedBatch } from './batch-builder.ts';
import { columnPrograms } from './column-program.ts';
import { type CsvDialect, dialectBytes } from './csv-dialect.ts';
import type { CsvKernel } from './kernel/csv-kernel.ts';
import { MAX_COLUMNS } from './kernel/kernel-memory.ts';
import { giveBackKernel, takeKernel } from './kernel/kernel-pool.ts';
import { RowScanner } from './row-scanner.ts';
import type { Damage } from './scanned-rows.ts';

export { type CsvEncoder, csvEncoder, type CsvEncoderOptions } from './csv-encoder.ts';
export { csv, type CsvFormatOptions } from './delimited-text.ts';
export { type HeaderRow, parseHeaderRow } from './header-row.ts';
export type { CsvDialect, DecodedBatch, ExcessDigits };

/** `wasm`: a kernel with vectors scans and converts what is regular. `js`: TypeScript does everything. */
export type CsvEngine = 'wasm' | 'js';

export interface CsvDecoderOptions extends CsvDialect {
  /** Of the batches. Fields of a type that cells cannot be read as are refused. */
  readonly schema: Schema;
  /**
   * For each column of the file, in its order, the index of the schema field it fills, or -1 to skip it. Every field is
   * filled by exactly one column.
   */
  readonly columns: readonly number[];
  /** Where batches are cut at the latest. A row larger than `bytes` has a batch to itself. */
  readonly batch: BatchBounds;
  /** What becomes of fraction digits beyond a decimal's scale. Default `round`, counted in `changes`. */
  readonly excessDigits?: ExcessDigits;
  /** Rows at the start that are checked for their structure only, and not delivered. Default 0. */
  readonly skipRows?: number;
  /** Where the first byte stands in the file, behind the header row for instance; for positions. Default 0. */
  readonly byteOffset?: number;
  /** A longer row is taken for damage, such as a quote that never closes; bounds memory. Default 64 MiB. */
  readonly maxRowBytes?: number;
  /** Both give the same, at another pace. Default `wasm` where the platform has it and the file at most 4,096 columns. */
  readonly engine?: CsvEngine;
}

/**
 * Decodes the rows of one file.
 *
 * Bytes go in by `write` in chunks cut anywhere, and at last `end`. Both return batches as a lazy iteration, which has to
 * be taken to its end before the next call; whoever stops early is done with the decoder. Neither a chunk nor a batch is
 * kept or used again.
 */
export interface CsvDecoder {
  readonly engine: CsvEngine;
  /** Rows of the file up to the end of the last batch delivered, skipped and rejected ones included. */
  readonly rows: number;
  /** Where the row after those begins, in the file: with `rows` the place to go on from. */
  readonly byteOffset: number;
  /** The batches complete with this chunk. @throws `ROW_MALFORMED` */
  write(chunk: Uint8Array): IterableIterator<DecodedBatch>;
  /** The rows that are left. The last may lack its line end. @throws `ROW_MALFORMED` */
  end(): IterableIterator<DecodedBatch>;
}

const DEFAULT_MAX_ROW_BYTES = 64 * 1024 * 1024;
const MAX_BYTES = 0x3fff_ffff;

/**
 * Decodes CSV (RFC 4180, https://www.rfc-editor.org/rfc/rfc4180) straight into Arrow columns: no string for a cell.
 *
 * The caller has taken the byte order mark and the header row (`parseHeaderRow`) and says which field each column fills.
 * Cells are quoted or not; quotes are doubled inside quotes; lines end in LF or CRLF in any mixture, the last one perhaps
 * in neither. A blank line is a row of one empty cell.
 *
 * An empty cell, quoted or not, is null. Types: `Utf8`; `Bool` (`true`, `false` in any case, `1`, `0`); integers of any
 * width in any notation of a whole number (`5.0`, `1.0E7`); `Float64` (the nearest double); decimals of 128 and 256 bits,
 * exact, with `excessDigits` for what is beyond the scale; `Date32` (`yyyy-MM-dd`, years 0001 to 9999); timestamps of any
 * unit (`2024-04-16T19:00:00.000Z`, other offsets, none meaning UTC; a date alone is its midnight); times of any unit.
 *
 * A value its column cannot take, or none where the column is not nullable, rejects the row: `VALUE_INVALID`, naming
 * the columns and what was expected. Rejected rows are counted among the rows of the delivery.
 *
 * Batches are cut by rows and by bytes as core's `batchBytes` counts them, rejected rows included: a function of the
 * rows, not of the chunks. Memory is bounded by one batch, a window of 128 KiB, and twice the longest row.
 *
 * @throws `CONFIG_INVALID` for options that make no sense; `TYPE_UNSUPPORTED` naming the field; while decoding,
 * `ROW_MALFORMED` with row (from 0, behind the header), column and byte, for text behind a closing quote, a quote inside
 * unquoted text, too few or too many cells, bytes that are not UTF-8, a quote that is not closed, a row too long.
 * Complete batches of the rows ahead of the damage come first.
 *
 * @example
 * const header = parseHeaderRow(bytes, true);
 * const decoder = csvDecoder({ schema, columns: [0, -1, 1], batch: { rows: 65_536, bytes: 4_194_304 } });
 * for await (const chunk of chunks) for (const { batch } of decoder.write(chunk)) await sink.write(batch);
 * for (const { batch } of decoder.end()) await sink.write(batch);
 */
export function csvDecoder(options: CsvDecoderOptions): CsvDecoder {
  const { batch, schema, columns, excessDigits = 'round', skipRows = 0, byteOffset = 0 } = options;
  const maxRowBytes = options.maxRowBytes ?? DEFAULT_MAX_ROW_BYTES;
  requireCount('batch.rows', batch.rows, 1);
  requireCount('batch.bytes', batch.bytes, 1, MAX_BYTES);
  requireCount('maxRowBytes', maxRowBytes, 1, MAX_BYTES);
  requireCount('skipRows', skipRows, 0);
  requireCount('byteOffset', byteOffset, 0);
  const programs = columnPrograms({ schema, columns, excessDigits });
  const dialect = dialectBytes(options);
  const kernel = kernelFor(options.engine, columns.length);
  const scanner = new RowScanner(columns.length, dialect, byteOffset, maxRowBytes, kernel);
  const names = columns.map((index) => schema.fields[index]?.name);
  return new Decoder(scanner, new BatchBuilder(schema, programs, batch), names, skipRows, kernel);
}

function kernelFor(engine: CsvEngine | undefined, columnCount: number): CsvKernel | undefined {
  if (engine === 'js') return undefined;
  const kernel = columnCount > MAX_COLUMNS ? undefined : takeKernel();
  if (kernel === undefined && engine === 'wasm') {
    throw new SluiceError('CONFIG_INVALID', `csv: the engine wasm cannot decode ${columnCount} columns here`, {
      hint: `Leave the engine out: wasm needs a platform with WebAssembly SIMD, and at most ${MAX_COLUMNS} columns.`,
    });
  }
  return kernel;
}

class Decoder implements CsvDecoder {
  readonly engine: CsvEngine;
  rows = 0;
  byteOffset: number;
  readonly #scanner: RowScanner;
  readonly #builder: BatchBuilder;
  readonly #names: readonly (string | undefined)[];
  #rowsToSkip: number;
  #isBusy = false;
  #kernel: CsvKernel | undefined;

  constructor(
    scanner: RowScanner,
    builder: BatchBuilder,
    names: readonly (string | undefined)[],
    skipRows: number,
    kernel: CsvKernel | undefined,
  ) {
    this.engine = kernel === undefined ? 'js' : 'wasm';
    this.#kernel = kernel;
    this.#scanner = scanner;
    this.#builder = builder;
    this.#names = names;
    this.#rowsToSkip = skipRows;
    this.byteOffset = scanner.byteOffset;
  }

  write(chunk: Uint8Array): IterableIterator<DecodedBatch> {
    this.#begin();
    return this.#decodeChunk(chunk);
  }

  end(): IterableIterator<DecodedBatch> {
    this.#begin();
    return this.#decodeEnd();
  }

  #begin(): void {
    if (this.#isBusy) {
      throw new SluiceError('CONTRACT_BROKEN', 'a CSV decoder was used on before its last iteration came to an end');
    }
    this.#isBusy = true;
  }

  *#decodeChunk(chunk: Uint8Array): Generator<DecodedBatch, void, undefined> {
    for (let from = 0; from < chunk.length;) {
      from = this.#scanner.take(chunk, from);
      this.#scanner.scan();
      yield* this.#decodeRows();
      this.#scanner.drop();
    }
    this.#isBusy = false;
  }

  *#decodeEnd(): Generator<DecodedBatch, void, undefined> {
    try {
      this.#scanner.scanEnd();
      yield* this.#decodeRows();
      if (this.#builder.rows > 0) yield this.#deliver(this.#scanner.endOffset);
    } finally {
      this.#letGo();
    }
  }

  *#decodeRows(): Generator<DecodedBatch, void, undefined> {
    const scanner = this.#scanner;
    let row = Math.min(this.#rowsToSkip, scanner.rows);
    if (row > 0) {
      this.#rowsToSkip -= row;
      this.rows += row;
      this.byteOffset = this.#offsetBehind(row);
    }
    while (row < scanner.rows) {
      row = this.#builder.append(scanner, row);
      if (this.#builder.isFull) yield this.#deliver(this.#offsetBehind(row));
    }
    if (scanner.damage === undefined) return;
    this.#letGo();
    throw this.#malformed(scanner.damage);
  }

  /** Nothing is scanned or read any more. */
  #letGo(): void {
    if (this.#kernel !== undefined) giveBackKernel(this.#kernel);
    this.#kernel = undefined;
  }

  #deliver(byteOffset: number): DecodedBatch {
    const decoded = this.#builder.end();
    this.rows += decoded.rows;
    this.byteOffset = byteOffset;
    return decoded;
  }

  #offsetBehind(row: number): number {
    const { byteOffset, rowEnds, endOffset } = this.#scanner;
    // The line end that the last row lacked is none of the file's.
    return row === 0 ? byteOffset : Math.min(byteOffset + rowEnds[row - 1]!, endOffset);
  }

  #malformed({ column, byteOffset, problem }: Damage): SluiceError {
    const row = this.rows + this.#builder.rows;
    const name = column === undefined ? undefined : this.#names[column];
    const cell = column === undefined ? '' : `, column ${column + 1}${name === undefined ? '' : ` (${name})`}`;
    return new SluiceError('ROW_MALFORMED', `row ${row}${cell}, byte ${byteOffset}: ${problem}`, {
      hint: 'Check the delimiter, the quotes and the encoding of the file around that byte.',
      details: { row, byteOffset, ...(column === undefined ? {} : { column }) },
    });
  }
}

function requireCount(option: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  throw new SluiceError('CONFIG_INVALID', `csv: ${option} must be a whole number from ${min} to ${max}`, {
    hint: `Correct ${option}.`,
  });
}
