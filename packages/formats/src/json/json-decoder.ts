import { type DecodeOptions, type Delivery, type RowPlace, SluiceError } from '@sluice/core';
import type { ExcessDigits } from '@sluice/core/decimal';
import type { Schema } from 'apache-arrow';

import { BatchBuilder } from '../csv/batch-builder.ts';
import { columnPrograms } from '../csv/column-program.ts';
import { type JsonFault, JsonRowScanner } from './json-row-scanner.ts';
import type { JsonRowPlan } from './row-plan.ts';

export interface JsonDecoderOptions extends Pick<DecodeOptions, 'batch' | 'from'> {
  readonly schema: Schema;
  readonly plan: JsonRowPlan;
  readonly excessDigits: ExcessDigits;
  readonly rejectsMalformed: boolean;
  readonly maxRowBytes: number;
  /** Whether places in the bytes are places in the file, that one can begin at. */
  readonly hasOffsets: () => boolean;
}

/** Bytes of one file to batches of its rows; used as a decoder of CSV is. */
export class JsonDecoder {
  readonly #scanner: JsonRowScanner;
  readonly #builder: BatchBuilder;
  readonly #rejectsMalformed: boolean;
  readonly #hasOffsets: () => boolean;
  #rows: number;
  #rowsToSkip: number;

  constructor({
    schema,
    plan,
    batch,
    excessDigits,
    from,
    rejectsMalformed,
    maxRowBytes,
    hasOffsets,
  }: JsonDecoderOptions) {
    const columns = schema.fields.map((_, index) => index);
    const programs = columnPrograms({ schema, columns, excessDigits });
    this.#builder = new BatchBuilder(schema, programs, batch);
    this.#scanner = new JsonRowScanner(plan, from?.byteOffset ?? 0, maxRowBytes);
    this.#rejectsMalformed = rejectsMalformed;
    this.#hasOffsets = hasOffsets;
    const begins = from?.byteOffset !== undefined;
    this.#rows = begins ? from.row : 0;
    this.#rowsToSkip = begins ? 0 : (from?.row ?? 0);
  }

  *write(chunk: Uint8Array): Generator<Delivery<RowPlace>, void, undefined> {
    for (let at = 0; at < chunk.length;) {
      at = this.#scanner.take(chunk, at);
      yield* this.#decode(false);
    }
  }

  *end(): Generator<Delivery<RowPlace>, void, undefined> {
    yield* this.#decode(true);
    if (this.#builder.rows > 0) yield this.#deliver(this.#scanner.endOffset);
  }

  *#decode(isEnd: boolean): Generator<Delivery<RowPlace>, void, undefined> {
    const scanner = this.#scanner;
    for (;;) {
      scanner.scan(isEnd);
      let row = Math.min(this.#rowsToSkip, scanner.rows);
      this.#rowsToSkip -= row;
      this.#rows += row;
      while (row < scanner.rows) {
        row = this.#builder.append(scanner, row, scanner.rows);
        if (this.#builder.isFull) yield this.#deliver(this.#offsetBehind(row));
      }
      const { fault } = scanner;
      if (fault === undefined) break;
      if (!(fault.kind === 'member' || this.#rejectsMalformed) || !scanner.pass())
        throw faultError(fault, this.#rows + this.#builder.rows);
      this.#refuse(fault);
      scanner.drop();
      if (this.#builder.isFull) yield this.#deliver(scanner.byteOffset);
    }
    scanner.drop();
  }

  #refuse(fault: JsonFault): void {
    if (this.#rowsToSkip > 0) {
      this.#rowsToSkip--;
      this.#rows++;
      return;
    }
    const code = fault.kind === 'member' ? 'VALUE_INVALID' : 'ROW_MALFORMED';
    // Without the place, so that rows that are bad in the same way are counted as such.
    this.#builder.refuse({ code, message: fault.problem, columns: [] });
  }

  #deliver(byteOffset: number): Delivery<RowPlace> {
    const { batch, rows, rejects, changes } = this.#builder.end();
    this.#rows += rows;
    const row = this.#rows;
    const position = this.#hasOffsets() && !this.#scanner.isArray ? { row, byteOffset } : { row };
    return { batch, rejects, changes, position };
  }

  #offsetBehind(row: number): number {
    const { byteOffset, rowEnds } = this.#scanner;
    return byteOffset + (row === 0 ? 0 : rowEnds[row - 1]!);
  }
}

export function faultError(fault: JsonFault, row: number): SluiceError {
  const { kind, byteOffset, line } = fault;
  return new SluiceError(kind === 'cut' ? 'FILE_CORRUPT' : 'ROW_MALFORMED', `row ${row}, ${textOf(fault)}`, {
    hint:
      kind === 'cut'
        ? 'Check whether the file was cut short or is still being written.'
        : 'Check the file around that byte: each row must be a JSON object.',
    details: { row, line, byteOffset },
  });
}

function textOf({ line, byteOffset, problem }: JsonFault): string {
  return `line ${line}, byte ${byteOffset}: ${problem}`;
}
