import { SluiceError } from '@sluice/core';
import { type CellEncoder, type ValueCells, valueCells } from '@sluice/core/cells';
import { DataType, type Field, type RecordBatch, type Schema } from 'apache-arrow';

import { GrowingBytes } from '../bits/growing-bytes.ts';
import { isValid, openColumn, type Validity } from '../parquet/column-batch.ts';
import { CR, type CsvDialect, dialectBytes, LF } from './csv-dialect.ts';
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
const MIN_CHUNK_BYTES = 4096;

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
  /** What a row takes at most, the bytes of text apart. */
  readonly #rowBytes: number;
  #expectedBytes = MIN_CHUNK_BYTES;

  constructor(schema: Schema, encoding: Encoding) {
    this.#schema = schema;
    this.#encoding = encoding;
    this.#values = schema.fields.map(columnValues);
    const around = 3 + encoding.text.nulls.length;
    this.#rowBytes = this.#values.reduce((sum, cells) => sum + around + (cells?.maxBytes ?? 0), 0) + 2;
  }

  header(): Uint8Array {
    const { text, lineEnd } = this.#encoding;
    const out = new GrowingBytes();
    this.#schema.fields.forEach(({ name }, column) => {
      const bytes = Buffer.from(name);
      const cell = textCells(text, { bytes, offsets: Int32Array.of(0, bytes.length), codes: undefined });
      out.reserve(bytes.length * 2 + 4);
      if (column > 0) out.appendByte(text.delimiter);
      out.length = cell.write(out.bytes, out.length, 0);
    });
    out.appendBytes(lineEnd);
    return out.view().slice();
  }

  encode(batch: RecordBatch): Uint8Array {
    const { text, lineEnd, quotesValues } = this.#encoding;
    const { delimiter, quote, nulls } = text;
    const columns = batch.data.children.map((data, column) => openCells(openColumn(data), this.#values[column], text));
    const texts = columns.filter(({ isText }) => isText);
    const rowBytes = this.#rowBytes;
    const out = new GrowingBytes(this.#expectedBytes);
    for (let row = 0; row < batch.numRows; row++) {
      let needed = rowBytes;
      for (let i = 0; i < texts.length; i++) {
        const { validity, textBytes } = texts[i]!;
        if (validity === undefined || isValid(validity, row)) needed += textBytes(row);
      }
      out.reserve(needed);
      const { bytes } = out;
      let at = out.length;
      for (let i = 0; i < columns.length; i++) {
        if (i > 0) bytes[at++] = delimiter;
        const { validity, write, isText } = columns[i]!;
        if (validity !== undefined && !isValid(validity, row)) {
          for (let j = 0; j < nulls.length; j++) bytes[at++] = nulls[j]!;
        } else if (isText || !quotesValues) {
          at = write(bytes, at, row);
        } else {
          bytes[at++] = quote;
          at = write(bytes, at, row);
          bytes[at++] = quote;
        }
      }
      for (let j = 0; j < lineEnd.length; j++) bytes[at++] = lineEnd[j]!;
      out.length = at;
    }
    this.#expectedBytes = Math.max(out.length + (out.length >> 3), MIN_CHUNK_BYTES);
    // What is far too large is not worth keeping alive.
    return out.length * 2 < out.bytes.length ? out.view().slice() : out.view();
  }
}

interface OpenCells {
  readonly write: CellEncoder;
  readonly isText: boolean;
  /** Undefined when every row holds a value. */
  readonly validity: Validity | undefined;
  /** What the text of a row takes at most, quoted. */
  textBytes(row: number): number;
}

function openCells(
  { data, validity, cells }: ReturnType<typeof openColumn>,
  values: ValueCells | undefined,
  dialect: TextDialect,
): OpenCells {
  if (values !== undefined) return { write: values.open(data), isText: false, validity, textBytes: () => 0 };
  // Every column that has no values is one of text.
  return { ...textCells(dialect, cells!), isText: true, validity };
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
