import { SluiceError } from '@sluice/core';

import { CR, LF } from '../csv-dialect.ts';

/** How rows and cells are written. */
export interface CellDialect {
  readonly delimiter: Uint8Array;
  readonly lineEnd: Uint8Array;
  /** Undefined for none. */
  readonly quote: number | undefined;
  /** Ahead of a quote and of itself in quotes; without quotes, ahead of what would mean something. Undefined for none. */
  readonly escape: number | undefined;
  /** What stands for null, never in quotes. */
  readonly nulls: Uint8Array;
  /** Whether to quote what says the same without. */
  readonly always: boolean;
  /** Whether every line end within a text is written as LF. */
  readonly unifiesLineEnds: boolean;
  /** Whether an empty text would be nothing on its line, which is no row to many a reader. */
  readonly quotesEmpty: boolean;
  /** For each byte what it means to a cell that holds it. */
  readonly meanings: Uint8Array;
}

/** In quotes and without, a byte like any other. */
export const PLAIN = 0;
/** Cannot stand in a cell that is bare. */
export const SPECIAL = 1;
/** Is escaped in quotes, and plain in a cell that is bare. */
const ESCAPE = 2;

export interface CellDialectOptions {
  /** Default comma. */
  readonly delimiter?: string;
  /** One ASCII character, or none. Default `"`. */
  readonly quote?: string;
  /** One ASCII character, or none. Default: the quote, which is doubled. */
  readonly escape?: string;
  readonly lineEnd: string;
  /** Default: nothing. */
  readonly nullText?: string;
  /** What lines begin with that readers pass over. Default: none are. */
  readonly comment?: string;
  readonly always?: boolean;
  readonly unifiesLineEnds?: boolean;
  readonly quotesEmpty?: boolean;
}

/** @throws `CONFIG_INVALID` for a text of null that would mean something else. */
export function cellDialect(options: CellDialectOptions): CellDialect {
  const { delimiter = ',', quote = '"', escape = quote, lineEnd, nullText = '', comment = '' } = options;
  const { always = false, unifiesLineEnds = false, quotesEmpty = false } = options;
  const encoder = new TextEncoder();
  const meanings = new Uint8Array(256);
  if (escape !== '') meanings[escape.charCodeAt(0)] = quote === '' ? SPECIAL : ESCAPE;
  // Of what is longer, the first byte stands for all.
  for (const text of [delimiter, lineEnd, comment, quote]) {
    const [first] = encoder.encode(text);
    if (first !== undefined) meanings[first] = SPECIAL;
  }
  for (const byte of [CR, LF]) meanings[byte] = SPECIAL;
  const nulls = encoder.encode(nullText);
  if (nulls.some((byte) => meanings[byte] === SPECIAL)) {
    throw new SluiceError('CONFIG_INVALID', 'csv: nullText must hold no delimiter, quote, comment or line end', {
      hint: 'Choose another text for null to write.',
    });
  }
  return {
    delimiter: encoder.encode(delimiter),
    lineEnd: encoder.encode(lineEnd),
    quote: quote === '' ? undefined : quote.charCodeAt(0),
    escape: escape === '' ? undefined : escape.charCodeAt(0),
    nulls,
    always: always && quote !== '',
    unifiesLineEnds,
    quotesEmpty,
    meanings,
  };
}
