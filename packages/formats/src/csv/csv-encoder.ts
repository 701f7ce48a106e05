import { SluiceError } from '@sluice/core';
import { type ValueCells, valueCells } from '@sluice/core/cells';
import { DataType, type Field, type RecordBatch, type Schema } from 'apache-arrow';

import { type ColumnBatch, openColumn } from '../bits/column-batch.ts';
import { CR, type CsvDialect, dialectBytes, LF } from './csv-dialect.ts';
import { headerRow } from './encode/header-cells.ts';
import { type OpenCells, RowWriter } from './encode/row-writer.ts';
import { textCells, type TextDialect } from './encode/text-cells.ts';

export interface CsvEncoderOptions extends CsvDialect {
  readonly schema: Schema;
  /** At the end of a row. Default LF. */
  readonly lineEnd?: '\n' | '\r\n';
  /** What stands for null, never in quotes: nothing by default; `#N/A` to Salesforce. */
  readonly nullText?: string;
  /** `needed`: only cells that would say something else without quotes. Nulls never are. Default `needed`. */
  readonly quoting?: 'needed' | 'always';
}

/** Encodes batches of one schema. What it returns is the caller's. */
export interface CsvEncoder {
  /** The names of the columns as a row. */
  header(): Uint8Array;
  /** Its rows. @throws `VALUE_INVALID` naming row and column. */
  encode(batch: RecordBatch): Uint8Array;
}

/** A null text that a number, a boolean or a date could be, too. */
const VALUE_TEXT = /^(?:[-+.\d].*|true|false|NaN|Infinity)$/;
/** What values other than text are written with. */
const VALUE_CHARACTER = /[-+.:\dA-Za-z]/;

/**
 * Encodes Arrow batches as CSV (RFC 4180, https://www.rfc-editor.org/rfc/rfc4180), straight into bytes.
 *
 * Text, dictionaries of text included, byte for byte; booleans as `true` and `false`; integers and decimals in plain
 * notation with all digits of their scale; doubles as the shortest text that makes them again; dates as `yyyy-MM-dd`;
 * instants as `yyyy-MM-ddTHH:mm:ss.SSSZ`, with six or nine digits where less would lose some, and without the `Z` where
 * the type has no time zone; times as `HH:mm:ss.SSSZ`. `csvDecoder` makes the same values of them again, but for empty
 * text, which it takes for null.
 *
 * A text that equals `nullText` is quoted, to tell it from null. Memory: one batch as text.
 *
 * @throws `CONFIG_INVALID` for options that make no sense; `TYPE_UNSUPPORTED` naming the column.
 *
 * @example
 * const encoder = csvEncoder({ schema, nullText: '#N/A' });
 * await upload.write(encoder.header());
 * for await (const batch of batches) await upload.write(encoder.encode(batch));
 */
export function csvEncoder(options: CsvEncoderOptions): CsvEncoder {
  const { schema, lineEnd = '\n', nullText = '', quoting = 'needed' } = options;
  const { delimiter, quote } = dialectBytes(options);
  if (lineEnd !== '\n' && lineEnd !== '\r\n') throw invalid('lineEnd must be LF or CRLF');
  if (VALUE_CHARACTER.test(String.fromCharCode(quote))) throw invalid('quote must be no letter, digit, or . : + -');
  if (VALUE_TEXT.test(nullText)) throw invalid('nullText must not be what a value could be');
  const nulls = Buffer.from(nullText);
  if ([delimiter, quote, CR, LF].some((byte) => nulls.includes(byte))) {
    throw invalid('nullText must hold no delimiter, quote or line end');
  }
  const always = quoting === 'always';
  const text: TextDialect = { delimiter, quote, nulls, always };
  const quotesValues = always || VALUE_CHARACTER.test(String.fromCharCode(delimiter));
  return new Encoder(schema, { text, quotesValues, lineEnd: Buffer.from(lineEnd) });
}

interface Encoding {
  readonly text: TextDialect;
  readonly quotesValues: boolean;
  readonly lineEnd: Uint8Array;
}

class Encoder implements CsvEncoder {
  readonly #schema: Schema;
  readonly #encoding: Encoding;
  /** Undefined for text. */
  readonly #values: readonly (ValueCells | undefined)[];
  readonly #writer: RowWriter;

  constructor(schema: Schema, encoding: Encoding) {
    this.#schema = schema;
    this.#encoding = encoding;
    this.#values = schema.fields.map(columnValues);
    const { quotesValues, lineEnd, text } = encoding;
    this.#writer = new RowWriter({ delimiter: text.delimiter, quote: text.quote, lineEnd, quotesValues });
  }

  header(): Uint8Array {
    const { text, lineEnd } = this.#encoding;
    const names = this.#schema.fields.map(({ name }) => name);
    return headerRow(names, text, lineEnd);
  }

  encode(batch: RecordBatch): Uint8Array {
    const { text } = this.#encoding;
    const columns = batch.data.children.map((data, column) => openCells(openColumn(data), this.#values[column], text));
    return this.#writer.write(columns, batch.numRows);
  }
}

function openCells(
  { data, validity, cells }: ColumnBatch,
  values: ValueCells | undefined,
  dialect: TextDialect,
): OpenCells {
  const { nulls } = dialect;
  if (values !== undefined) {
    const { maxBytes } = values;
    return { write: values.open(data), maxBytes, isText: false, validity, nulls };
  }
  // Every column that has no values is one of text.
  return { ...textCells(dialect, cells!), isText: true, validity, nulls };
}

function columnValues(field: Field): ValueCells | undefined {
  const { type } = field;
  const isText = DataType.isUtf8(DataType.isDictionary(type) ? type.dictionary : type);
  const cells = isText ? undefined : valueCells(field);
  if (isText || cells !== undefined) return cells;
  throw new SluiceError('TYPE_UNSUPPORTED', `column ${field.name}: ${String(type)} cannot be written as CSV cells`, {
    hint: 'Cast the column to text in the mapping.',
  });
}

function invalid(problem: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `csv: ${problem}`, { hint: 'Correct the options of the CSV encoder.' });
}
