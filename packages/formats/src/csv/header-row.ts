import { SluiceError } from '@sluice/core';

import { CR, type CsvDialect, dialectBytes, LF, NO_QUOTE } from './csv-dialect.ts';

/** Of a header this long something is wrong; the longest legal one is far shorter. */
const MAX_HEADER_BYTES = 4 * 1024 * 1024;

export interface HeaderRow {
  readonly cells: readonly string[];
  /** Of the row, a byte order mark and its line end included. */
  readonly byteLength: number;
}

/**
 * The first row of a file, or undefined while it is not all there; `isWhole` says that no more bytes follow.
 *
 * @throws `ROW_MALFORMED` when it never ends.
 */
export function parseHeaderRow(bytes: Uint8Array, isWhole: boolean, dialect: CsvDialect = {}): HeaderRow | undefined {
  const { delimiter, quote } = dialectBytes(dialect);
  const quoteText = quote === NO_QUOTE ? '' : String.fromCharCode(quote);
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const cuts: number[] = [];
  let isQuoted = false;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (byte === delimiter) cuts.push(at);
    else if (byte === LF) return { cells: cellsBetween(bytes, start, cuts, at, quoteText), byteLength: at + 1 };
  }
  if (bytes.length > MAX_HEADER_BYTES) {
    throw new SluiceError('ROW_MALFORMED', `the header row does not end within ${MAX_HEADER_BYTES} bytes`, {
      hint: 'Check that the file is CSV and begins with a header row.',
    });
  }
  if (!isWhole || bytes.length === start || isQuoted) return undefined;
  return { cells: cellsBetween(bytes, start, cuts, bytes.length, quoteText), byteLength: bytes.length };
}

function cellsBetween(
  bytes: Uint8Array,
  start: number,
  cuts: readonly number[],
  end: number,
  quote: string,
): readonly string[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const stop = bytes[end - 1] === CR ? end - 1 : end;
  const starts = [start, ...cuts.map((cut) => cut + 1)];
  const ends = [...cuts, stop];
  return starts.map((from, cell) => unquoted(decoder.decode(bytes.subarray(from, ends[cell])), quote));
}

function unquoted(cell: string, quote: string): string {
  return quote !== '' && cell.startsWith(quote) && cell.endsWith(quote) && cell.length >= 2
    ? cell.slice(1, -1).replaceAll(quote + quote, quote)
    : cell;
}
