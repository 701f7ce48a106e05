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
  /**
   * What becomes of rows with the wrong number of cells, a stray quote or text that is not UTF-8: an end of it all, or
   * rejected rows. Damage that leaves open where its row ends is an end of it all either way. Default `fail`.
   */
  readonly malformedRows?: 'fail' | 'reject';
  /** Whether blank lines are passed over where rows have several cells; else they are malformed. Default false. */
  readonly skipsBlankLines?: boolean;
  /** Whether an empty cell of text in quotes is an empty text; else it is null. Default false. */
  readonly quotedIsText?: boolean;
  /** Rows at the start that are checked for their structure only, and not delivered. Default 0. */
  readonly skipRows?: number;
  /** How many rows are ahead of the first byte, for errors and `rows`. Default 0. */
  readonly firstRow?: number;
  /** Where the first byte stands in the file, behind the header row for instance; for positions. Default 0. */
  readonly byteOffset?: number;
  /** Whether the bytes are not those of the file, but made of them, so that errors do not name one. Default false. */
  readonly isTranslated?: boolean;
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
 * An empty cell, quoted or not, is null. Types: `Utf8`, also in a dictionary under `Int32`, a new one in each batch; `Bool`
 * (`true`, `false` in any case, `1`, `0`); integers of any width in any notation of a whole number (`5.0`, `1.0E7`);
 * `Float64` (the nearest double); decimals of 128 and 256 bits, exact, with `excessDigits` for what is beyond the scale;
 * `Date32` (`yyyy-MM-dd`, years 0001 to 9999); timestamps of any unit (`2024-04-16T19:00:00.000Z`, other offsets, none
 * meaning UTC; a date alone is its midnight); times of any unit.
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
  const { batch, schema, columns, excessDigits = 'round', skipRows = 0, firstRow = 0, byteOffset = 0 } = options;
  const maxRowBytes = options.maxRowBytes ?? DEFAULT_MAX_ROW_BYTES;
  requireCount('batch.rows', batch.rows, 1);
  requireCount('batch.bytes', batch.bytes, 1, MAX_BYTES);
  requireCount('maxRowBytes', maxRowBytes, 1, MAX_BYTES);
  requireCount('skipRows', skipRows, 0);
  requireCount('firstRow', firstRow, 0);
  requireCount('byteOffset', byteOffset, 0);
  const programs = columnPrograms({ schema, columns, excessDigits });
  const dialect = dialectBytes(options);
  const kernel = kernelFor(options.engine, columns.length);
  const { quotedIsText = false, malformedRows = 'fail', skipsBlankLines = false, isTranslated = false } = options;
  const columnCount = columns.length;
  const scanner = new RowScanner({ columnCount, dialect, byteOffset, maxRowBytes, quotedIsText, kernel });
  const names = columns.map((index) => schema.fields[index]?.name);
  const rejectsMalformed = malformedRows === 'reject';
  return new Decoder(
    { scanner, builder: new BatchBuilder(schema, programs, batch), kernel },
    { names, skipRows, firstRow, rejectsMalformed, skipsBlankLines: skipsBlankLines && columnCount > 1, isTranslated },
  );
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

interface DecoderParts {
  readonly scanner: RowScanner;
  readonly builder: BatchBuilder;
  readonly kernel: CsvKernel | undefined;
}

interface DecoderPolicy {
  /** Of the columns of the file; undefined for one that is passed over. */
  readonly names: readonly (string | undefined)[];
  readonly skipRows: number;
  readonly firstRow: number;
  readonly rejectsMalformed: boolean;
  readonly skipsBlankLines: boolean;
  readonly isTranslated: boolean;
}

class Decoder implements CsvDecoder {
  readonly engine: CsvEngine;
  rows: number;
  byteOffset: number;
  readonly #scanner: RowScanner;
  readonly #builder: BatchBuilder;
  readonly #policy: DecoderPolicy;
  #rowsToSkip: number;
  #isBusy = false;
  #kernel: CsvKernel | undefined;

  constructor({ scanner, builder, kernel }: DecoderParts, policy: DecoderPolicy) {
    this.engine = kernel === undefined ? 'js' : 'wasm';
    this.#kernel = kernel;
    this.#scanner = scanner;
    this.#builder = builder;
    this.#policy = policy;
    this.#rowsToSkip = policy.skipRows;
    this.rows = policy.firstRow;
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
      do {
        this.#scanner.scan();
        yield* this.#decodeRows();
        this.#scanner.drop();
      } while (this.#passDamage());
    }
    this.#isBusy = false;
  }

  *#decodeEnd(): Generator<DecodedBatch, void, undefined> {
    try {
      this.#scanner.scanEnd();
      yield* this.#decodeRows();
      while (this.#scanner.damage !== undefined) {
        this.#scanner.drop();
        this.#passDamage();
        this.#scanner.scanEnd();
        yield* this.#decodeRows();
      }
      if (this.#builder.rows > 0) yield this.#deliver(this.#scanner.endOffset);
    } finally {
      this.#letGo();
    }
  }

  *#decodeRows(): Generator<DecodedBatch, void, undefined> {
    const { badTexts, rows, damage } = this.#scanner;
    let row = this.#skipRows(0, rows);
    for (const bad of badTexts) {
      if (bad.row < row) continue;
      yield* this.#appendRows(row, bad.row);
      this.#refuse(bad.damage);
      row = bad.row + 1;
      if (this.#builder.isFull) yield this.#deliver(this.#offsetBehind(row));
    }
    yield* this.#appendRows(row, rows);
    if (damage === undefined || (damage.isBlank && this.#policy.skipsBlankLines)) return;
    if (this.#rowsToSkip > 0 && damage.hasEnd && this.#policy.rejectsMalformed) {
      this.#rowsToSkip--;
      this.rows++;
      return;
    }
    this.#refuse(damage);
    if (this.#builder.isFull) yield this.#deliver(this.#offsetBehind(rows));
  }

  *#appendRows(from: number, to: number): Generator<DecodedBatch, void, undefined> {
    for (let row = from; row < to;) {
      row = this.#builder.append(this.#scanner, row, to);
      if (this.#builder.isFull) yield this.#deliver(this.#offsetBehind(row));
    }
  }

  #skipRows(from: number, to: number): number {
    const row = Math.min(from + this.#rowsToSkip, to);
    if (row > from) {
      this.#rowsToSkip -= row - from;
      this.rows += row - from;
      this.byteOffset = this.#offsetBehind(row);
    }
    return row;
  }

  /** A row that is none is a rejected row, or the end of it all. @throws `ROW_MALFORMED` */
  #refuse(damage: Damage): void {
    const { rejectsMalformed } = this.#policy;
    if (!rejectsMalformed || !damage.hasEnd) {
      this.#letGo();
      throw this.#malformed(damage);
    }
    const name = damage.column === undefined ? undefined : this.#policy.names[damage.column];
    // Without the place, so that rows that are bad in the same way are counted as such.
    const message = name === undefined ? damage.problem : `${name}: ${damage.problem}`;
    this.#builder.refuse({ code: 'ROW_MALFORMED', message, columns: name === undefined ? [] : [name] });
  }

  /** Goes on behind a row that has been refused. */
  #passDamage(): boolean {
    if (this.#scanner.damage === undefined) return false;
    this.#scanner.pass();
    return true;
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

  #malformed({ column, byteOffset, problem, cells }: Damage): SluiceError {
    const { names, isTranslated } = this.#policy;
    const row = this.rows + this.#builder.rows;
    const name = column === undefined ? undefined : names[column];
    const cell = column === undefined ? '' : `, column ${column + 1}${name === undefined ? '' : ` (${name})`}`;
    const byte = isTranslated ? '' : `, byte ${byteOffset}`;
    return new SluiceError('ROW_MALFORMED', `row ${row}${cell}${byte}: ${problem}`, {
      hint: 'Check the delimiter, the quotes and the encoding of the file there.',
      details: {
        row,
        ...(isTranslated ? {} : { byteOffset }),
        ...(column === undefined ? {} : { column }),
        ...(cells === undefined ? {} : { cells }),
      },
    });
  }
}

function requireCount(option: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  throw new SluiceError('CONFIG_INVALID', `csv: ${option} must be a whole number from ${min} to ${max}`, {
    hint: `Correct ${option}.`,
  });
}
