import { SluiceError } from '@sluice/core';

/** How rows and cells of a text file are told apart. */
export interface TextDialect {
  /** Between cells; one character or several. Default comma. */
  readonly delimiter?: string;
  /** One character around cells, or none. Default `"`. */
  readonly quote?: string;
  /** One character before a quote, and before itself, within quotes. Default: the quote, doubled. */
  readonly escape?: string;
  /** At the end of a row. Default: LF, CRLF or CR, whichever comes. */
  readonly lineEnd?: string;
  /** As `TextDecoder` knows it; a byte order mark comes before it. Default UTF-8. */
  readonly encoding?: string;
}

export interface FullDialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
  readonly lineEnd: string | undefined;
  readonly encoding: string;
}

/** @throws `CONFIG_INVALID` */
export function fullDialect({
  delimiter = ',',
  quote = '"',
  escape,
  lineEnd,
  encoding = 'utf-8',
}: TextDialect): FullDialect {
  if (delimiter === '') throw invalid('delimiter must not be empty');
  if (quote.length > 1 || (escape?.length ?? 0) > 1) throw invalid('quote and escape are one character, or empty');
  if (quote !== '' && delimiter.includes(quote)) throw invalid('delimiter and quote must differ');
  if (lineEnd === '') throw invalid('lineEnd must not be empty');
  try {
    return { delimiter, quote, escape: escape ?? quote, lineEnd, encoding: new TextDecoder(encoding).encoding };
  } catch (cause) {
    throw new SluiceError(
      'CONFIG_INVALID',
      `delimited text: ${JSON.stringify(encoding)} is no encoding that is known`,
      {
        cause,
        hint: 'Use a name such as utf-8 or windows-1252.',
      },
    );
  }
}

/** Whether the decoder of CSV reads the dialect as it is. */
export function isPlain({ delimiter, quote, escape, lineEnd, encoding }: FullDialect): boolean {
  const isAscii = (text: string): boolean => text.length === 1 && text.charCodeAt(0) <= 0x7f && !/[\r\n\0]/.test(text);
  const endsLines = lineEnd === undefined || lineEnd === '\n' || lineEnd === '\r\n';
  return isAscii(delimiter) && isAscii(quote) && escape === quote && endsLines && encoding === 'utf-8';
}

function invalid(problem: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `delimited text: ${problem}`, { hint: 'Correct the options.' });
}
