import { type Format, SluiceError } from '@sluice/core';
import type { ExcessDigits } from '@sluice/core/decimal';

import { LF } from './csv-dialect.ts';
import { csvEncoding } from './encode/csv-encoding.ts';
import { decodeText, firstPlace, schemaOfText, type TextReading } from './text-decode.ts';
import { isPlain, textDialect } from './text-dialect.ts';

export interface CsvFormatOptions {
  /** Between cells; one character or several. Default comma. */
  readonly delimiter?: string;
  /** One ASCII character around cells that need it, or none. Default `"`. */
  readonly quote?: string;
  /** One ASCII character before a quote, and before itself, within quotes. Default: the quote, which is doubled. */
  readonly escape?: string;
  /**
   * At the end of a row. Default: CRLF when writing; when reading, CR alone where the first row ends in that, else LF and
   * CRLF in any mixture. LF and CRLF are read alike.
   */
  readonly lineEnd?: string;
  /** Whether the first row has the names of the columns; else they are `Prop_0`, `Prop_1`, … when reading. Default true. */
  readonly header?: boolean;
  /** What stands for null without quotes; a text that equals it is quoted. Default: nothing. */
  readonly nullText?: string;
  /** Quotes around every cell but null ones. Default false. */
  readonly quoteAll?: boolean;
  /** Reading: whether that text in quotes is null, too. Default false. */
  readonly quotedNulls?: boolean;
  /** What lines begin with that are passed over in reading, such as `#`. Default: none are. */
  readonly comment?: string;
  /** Reading: lines to pass over ahead of the header, blank ones not counted. Default 0. */
  readonly skipLines?: number;
  /**
   * As `TextDecoder` knows it. In reading a byte order mark comes before it; written are UTF-8, UTF-16 with such a mark,
   * and encodings of one byte a character. Default UTF-8.
   */
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

/** The text of a batch of the usual size. */
const BUFFER_BYTES = 4 * 1_048_576;

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
 * Writing: straight from columns to bytes. Text, dictionaries of text included, byte for byte; booleans as `true` and
 * `false`; integers and decimals in plain notation with all digits of their scale; doubles as the shortest text that makes
 * them again; dates as `yyyy-MM-dd`; instants as `yyyy-MM-ddTHH:mm:ss.SSSZ`, with six or nine digits where less would lose
 * some, and without the `Z` where the type has no time zone; times as `HH:mm:ss.SSSZ`. What would be taken for null, or
 * for the end of a cell or a row, is quoted. Reading with the same options and the same schema gives the same values
 * again. An encoder holds one batch as text.
 *
 * @throws `CONFIG_INVALID` for options that make no sense; `TYPE_UNSUPPORTED` from `encode` naming a column of another
 * type; `VALUE_INVALID` while encoding, for a text that cannot be told from others without quotes, one that the encoding
 * has no characters for, or a date outside of the years 0001 to 9999; from `decode` `ROW_MALFORMED` with row, column and
 * byte, `SCHEMA_CHANGED` naming the column.
 *
 * @example
 * const semicolons = csv({ delimiter: ';', encoding: 'windows-1252', malformedRows: 'reject' });
 */
export function csv(options: CsvFormatOptions = {}): Format {
  const { header = true, quoteAll = false, lineEndsOnlyEndRows = false } = options;
  const dialect = textDialect(options);
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
  const hasRanges = isPlain(dialect) && (lineEndsOnlyEndRows || dialect.quote === '');
  return {
    contractVersion: 1,
    name: 'csv',
    extension: '.csv',
    config: {
      ...reading,
      reading: isPlain(dialect) ? 'straight' : 'turned into CSV',
      dialect: { ...dialect, lineEnd: dialect.lineEnd ?? null },
      quoteAll,
      lineEndsOnlyEndRows,
    },
    bufferBytes: BUFFER_BYTES,
    encode: (schema) => csvEncoding(schema, { dialect, lineEnd: options.lineEnd ?? '\r\n', header, quoteAll }),
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
