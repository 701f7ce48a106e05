import { type FileEncoding, type Format, SluiceError } from '@sluice/core';
import type { ExcessDigits } from '@sluice/core/decimal';
import { type Data, DataType, type Schema } from 'apache-arrow';

import { GrowingBytes } from '../bits/growing-bytes.ts';
import { type CellWriter, cellWriter } from './cell-writer.ts';
import { LF } from './csv-dialect.ts';
import { decodeText, firstPlace, schemaOfText, type TextReading } from './text-decode.ts';
import { isPlain, textDialect } from './text-dialect.ts';

export interface CsvFormatOptions {
  /** Between cells; one character or several. Default comma. */
  readonly delimiter?: string;
  /** One ASCII character around cells that need it, or none. Default `"`. */
  readonly quote?: string;
  /** One ASCII character before a quote, and before itself, within quotes. Default: the quote, which is doubled. */
  readonly escape?: string;
  /** At the end of a row. Default: CRLF when writing, LF, CRLF or CR, whichever comes, when reading. */
  readonly lineEnd?: string;
  /** Whether the first row has the names of the columns; else they are `Prop_0`, `Prop_1`, … when reading. Default true. */
  readonly header?: boolean;
  /** What stands for null without quotes. Default: nothing. */
  readonly nullText?: string;
  /** Quotes around every cell but null ones. Default false. */
  readonly quoteAll?: boolean;
  /** Reading: whether that text in quotes is null, too. Default false. */
  readonly quotedNulls?: boolean;
  /** Reading: what lines begin with that are passed over, such as `#`. Default: none are. */
  readonly comment?: string;
  /** Reading: lines to pass over ahead of the header, blank ones not counted. Default 0. */
  readonly skipLines?: number;
  /** Reading: as `TextDecoder` knows it; a byte order mark comes before it. Default UTF-8. */
  readonly encoding?: string;
  /** Reading: says that no cell holds a line end, so that big files can be read in parts side by side. Default false. */
  readonly lineEndsOnlyEndRows?: boolean;
  /**
   * Reading: what becomes of rows with the wrong number of cells, a stray quote or text that is not UTF-8. Damage that
   * leaves open where its row ends is an error either way. Default `fail`.
   */
  readonly malformedRows?: 'fail' | 'reject';
  /** Reading: what becomes of fraction digits beyond a decimal's scale. Default `round`, counted in `changes`. */
  readonly excessDigits?: ExcessDigits;
  /** Reading: a longer row is taken for damage; bounds memory. Default 64 MiB. */
  readonly maxRowBytes?: number;
}

/** Of a chunk of encoded rows. */
const CHUNK_BYTES = 262_144;

const DEFAULT_MAX_ROW_BYTES = 64 * 1_048_576;

/**
 * Delimited text, by default CSV (RFC 4180, https://www.rfc-editor.org/rfc/rfc4180).
 *
 * Reading: columns are text under the names of the header; where a schema is asked for, columns are found by name (by
 * place without a header), and cells are read as its types as `csvDecoder` does. Blank lines are passed over where rows
 * have several cells. UTF-8 with a delimiter of one character and doubled quotes goes straight to the decoder; several
 * characters, escapes, comments, other line ends, encodings and texts of null are turned into that first, at a third of
 * the speed or less, and errors name row and column, but no byte (`config.reading` says which of both).
 *
 * Writing: UTF-8 without a byte order mark. Columns are texts: how a number or a date is written is a matter of who
 * reads it, so a mapping casts them before. A text that would be taken for null, or that holds a delimiter, a quote or
 * a line end, is quoted. An encoder holds one batch as text.
 *
 * @throws `CONFIG_INVALID` for options that make no sense; `TYPE_UNSUPPORTED` from `encode` naming a column that is no
 * text; `VALUE_INVALID` while encoding, for a text that cannot be told from others without quotes; from `decode`
 * `ROW_MALFORMED` with row, column and byte, `SCHEMA_CHANGED` naming the column.
 *
 * @example
 * const semicolons = csv({ delimiter: ';', encoding: 'windows-1252', malformedRows: 'reject' });
 */
export function csv(options: CsvFormatOptions = {}): Format {
  const { header = true, quoteAll = false, lineEndsOnlyEndRows = false } = options;
  const dialect = textDialect(options);
  const { delimiter, quote, escape, nullText } = dialect;
  const lineEnd = options.lineEnd ?? '\r\n';
  const writeCell = cellWriter({ delimiter, quote, escape, lineEnd, nullText, quoteAll });
  const reading: TextReading = {
    dialect,
    header,
    skipLines: options.skipLines ?? 0,
    malformedRows: options.malformedRows ?? 'fail',
    excessDigits: options.excessDigits ?? 'round',
    maxRowBytes: options.maxRowBytes ?? DEFAULT_MAX_ROW_BYTES,
  };
  if (!Number.isSafeInteger(reading.skipLines) || reading.skipLines < 0) {
    throw invalid('skipLines must be a whole number of at least 0');
  }
  const hasRanges = isPlain(dialect) && (lineEndsOnlyEndRows || quote === '');
  return {
    name: 'csv',
    extension: '.csv',
    config: {
      ...reading,
      reading: isPlain(dialect) ? 'straight' : 'turned into CSV',
      dialect: { ...dialect, lineEnd: dialect.lineEnd ?? null },
      quoteAll,
      lineEndsOnlyEndRows,
    },
    bufferBytes: CHUNK_BYTES,
    encode(schema) {
      if (dialect.encoding !== 'utf-8') throw invalid(`files are written in UTF-8, not in ${dialect.encoding}`);
      return encoding(schema, { writeCell, delimiter, lineEnd, header });
    },
    schema: (input) => schemaOfText(input, reading),
    decode: (input, decoding) => decodeText(input, reading, decoding),
    ...(hasRanges
      ? { ranges: { rowEndByte: LF, first: (input, decoding) => firstPlace(input, reading, decoding) } }
      : {}),
  };
}

function invalid(problem: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `csv: ${problem}`, { hint: 'Correct the options of the CSV format.' });
}

interface Encoding {
  readonly writeCell: CellWriter;
  readonly delimiter: string;
  readonly lineEnd: string;
  readonly header: boolean;
}

function encoding({ fields }: Schema, { writeCell, delimiter, lineEnd, header }: Encoding): FileEncoding {
  for (const { name, type } of fields) {
    if (DataType.isUtf8(type)) continue;
    throw new SluiceError('TYPE_UNSUPPORTED', `column ${name} is no text, and a text file holds nothing else`, {
      hint: 'Cast the column to text in the mapping.',
    });
  }
  const encoder = new TextEncoder();
  const between = encoder.encode(delimiter);
  const behind = encoder.encode(lineEnd);

  const headerRow = (): Uint8Array => {
    const out = new GrowingBytes();
    fields.forEach(({ name }, column) => {
      if (column > 0) out.appendBytes(between);
      const bytes = encoder.encode(name);
      writeCell(out, bytes, 0, bytes.length, name);
    });
    out.appendBytes(behind);
    return out.view().slice();
  };

  return {
    prologue: () => (header ? headerRow() : new Uint8Array(0)),
    segment: () => ({
      write(batch) {
        const chunks: Uint8Array[] = [];
        const out = new GrowingBytes(CHUNK_BYTES);
        const columns = batch.data.children.map(textCells);
        for (let row = 0; row < batch.numRows; row++) {
          columns.forEach(({ data, bytes, offsets }, column) => {
            if (column > 0) out.appendBytes(between);
            const { name } = fields[column]!;
            if (data.getValid(row)) writeCell(out, bytes, offsets[row]!, offsets[row + 1]!, name);
            else writeCell(out, undefined, 0, 0, name);
          });
          out.appendBytes(behind);
          if (out.length < CHUNK_BYTES) continue;
          chunks.push(out.view().slice());
          out.clear();
        }
        if (out.length > 0) chunks.push(out.view().slice());
        return chunks;
      },
      end: () => ({ bytes: [], summary: null }),
    }),
    epilogue: () => new Uint8Array(0),
  };
}

interface TextCells {
  readonly data: Data;
  readonly bytes: Uint8Array;
  readonly offsets: Int32Array;
}

function textCells(data: Data): TextCells {
  // Text lies in a byte array, its bounds in one of 32 bits.
  return { data, bytes: data.values as Uint8Array, offsets: data.valueOffsets as Int32Array };
}
