import { type DecodeOptions, type Delivery, type RowPlace, SluiceError } from '@sluice/core';
import type { ExcessDigits } from '@sluice/core/decimal';
import { Field, Schema, Utf8 } from 'apache-arrow';

import { type ChunkReplay, restOf } from '../text/chunk-replay.ts';
import { csvDecoder } from './csv-decoder.ts';
import type { TextDialect } from './text-dialect.ts';
import { type TextRows, textRows } from './text-rows.ts';
import { columnNames, fieldsOfColumns, readStart, type TextStart } from './text-start.ts';

/** How files of text are read. */
export interface TextReading {
  readonly dialect: TextDialect;
  readonly header: boolean;
  readonly skipLines: number;
  readonly malformedRows: 'fail' | 'reject';
  readonly excessDigits: ExcessDigits;
  readonly maxRowBytes: number;
}

/** The names of the columns, all of them text. */
export async function schemaOfText(input: AsyncIterable<Uint8Array>, reading: TextReading): Promise<Schema> {
  const rows = textRows(input, reading.dialect);
  await using chunks = restOf(rows.chunks);
  return textSchema(columnNames(await readStart(chunks.iterator, rows, reading), reading.header));
}

/** Where the rows of the file begin, for whoever begins among them. */
export async function firstPlace(
  input: AsyncIterable<Uint8Array>,
  reading: TextReading,
  options: Pick<DecodeOptions, 'schema' | 'otherColumns'>,
): Promise<RowPlace> {
  const rows = textRows(input, reading.dialect);
  await using chunks = restOf(rows.chunks);
  const start = await readStart(chunks.iterator, rows, reading);
  const { columns, schema } = fileColumns(start, reading, options);
  return { row: 0, ...(rows.isAsIs() ? placeIn(start.byteOffset, rows, columns, schema) : {}) };
}

export async function* decodeText(
  input: AsyncIterable<Uint8Array>,
  reading: TextReading,
  options: DecodeOptions,
): AsyncGenerator<Delivery<RowPlace>, void, undefined> {
  const { batch, from, signal } = options;
  const { dialect, malformedRows, excessDigits, maxRowBytes } = reading;
  const begins = from?.byteOffset !== undefined;
  const rows = textRows(input, dialect, begins ? from['endsInCr'] === true : undefined);
  await using chunks = restOf(rows.chunks);
  const { schema, columns, byteOffset, rest } = begins
    ? placeColumns(from, options.schema)
    : await readFileStart(chunks, rows, reading, options);
  const decoder = csvDecoder({
    schema,
    columns,
    batch,
    delimiter: rows.delimiter,
    quote: rows.quote,
    byteOffset,
    excessDigits,
    malformedRows,
    maxRowBytes,
    skipsBlankLines: true,
    isTranslated: !begins && !rows.isAsIs(),
    quotedIsText: rows.quotedIsText,
    firstRow: begins ? from.row : 0,
    skipRows: begins ? 0 : (from?.row ?? 0),
  });
  const deliver = ({ batch: decoded, rejects, changes }: Omit<Delivery<RowPlace>, 'position'>): Delivery<RowPlace> => {
    const row = decoder.rows;
    const place = rows.isAsIs() ? placeIn(decoder.byteOffset, rows, columns, schema) : {};
    return { batch: decoded, position: { row, ...place }, rejects: rejects ?? [], changes: changes ?? [] };
  };
  for await (const chunk of chunks.behind(rest.length === 0 ? [] : [rest])) {
    signal.throwIfAborted();
    for (const decoded of decoder.write(chunk)) {
      yield deliver(decoded);
      signal.throwIfAborted();
    }
  }
  for (const decoded of decoder.end()) yield deliver(decoded);
}

interface FileColumns {
  readonly schema: Schema;
  readonly columns: readonly number[];
}

interface RowsStart extends FileColumns {
  readonly byteOffset: number;
  readonly rest: Uint8Array;
}

async function readFileStart(
  chunks: ChunkReplay,
  rows: TextRows,
  reading: TextReading,
  options: DecodeOptions,
): Promise<RowsStart> {
  const start = await readStart(chunks.iterator, rows, reading);
  const { byteOffset, rest } = start;
  return { ...fileColumns(start, reading, options), byteOffset, rest };
}

function fileColumns(
  start: TextStart,
  { header }: TextReading,
  { schema, otherColumns }: Pick<DecodeOptions, 'schema' | 'otherColumns'>,
): FileColumns {
  // Without a header, a file without a row is one of no rows, whatever its columns.
  if (schema !== undefined && start.cells === undefined && !header) {
    return { schema, columns: schema.fields.map((_, index) => index) };
  }
  const names = columnNames(start, header);
  if (schema === undefined) return { schema: textSchema(names), columns: names.map((_, index) => index) };
  const wanted = schema.fields.map(({ name }) => name);
  const columns = fieldsOfColumns(names, wanted, { header, skipsOthers: otherColumns === 'skip' });
  return { schema, columns };
}

function textSchema(names: readonly string[]): Schema {
  return new Schema(names.map((name) => new Field(name, new Utf8(), true)));
}

/** A place knows the columns of its file, unless they are those of the schema, and line ends that are not the usual ones. */
function placeIn(
  byteOffset: number,
  rows: TextRows,
  columns: readonly number[],
  schema: Schema,
): Omit<RowPlace, 'row'> {
  const isPlain = columns.length === schema.fields.length && columns.every((field, index) => field === index);
  return { byteOffset, ...(isPlain ? {} : { columns }), ...(rows.endsInCr() ? { endsInCr: true } : {}) };
}

function placeColumns(from: RowPlace, schema: Schema | undefined): RowsStart {
  const { byteOffset, columns } = from;
  if (schema === undefined || byteOffset === undefined) {
    throw new SluiceError('CONTRACT_BROKEN', 'text is decoded from the midst of a file without a schema');
  }
  const isKnown = Array.isArray(columns) && columns.every((field) => Number.isInteger(field));
  return {
    schema,
    // Checked to be whole numbers.
    columns: isKnown ? (columns as readonly number[]) : schema.fields.map((_, index) => index),
    byteOffset,
    rest: new Uint8Array(0),
  };
}
