import { SluiceError } from '@sluice/core';

import { encodingName } from '../text/text-encoding.ts';

/** How rows and cells of a text file are told apart. */
export interface TextDialect {
  readonly delimiter: string;
  /** Empty for none. */
  readonly quote: string;
  /** Ahead of a quote, and of itself, in quotes; without quotes, ahead of anything. Empty for none. */
  readonly escape: string;
  /** Undefined: LF, CRLF or CR, whichever comes. */
  readonly lineEnd: string | undefined;
  /** What rows begin with that are passed over. Empty for none. */
  readonly comment: string;
  /** As the standard names it. */
  readonly encoding: string;
  readonly nullText: string;
  /** Whether the text of null stands for it in quotes, too. */
  readonly quotedNulls: boolean;
}

/** @throws `CONFIG_INVALID` */
export function textDialect(
  options: Partial<Omit<TextDialect, 'encoding' | 'lineEnd'>> & {
    readonly encoding?: string | undefined;
    readonly lineEnd?: string | undefined;
  },
): TextDialect {
  const { delimiter = ',', quote = '"', lineEnd, comment = '', nullText = '', quotedNulls = false } = options;
  const escape = options.escape ?? quote;
  if (delimiter === '') throw invalid('delimiter must not be empty');
  if (quote.length > 1 || escape.length > 1) throw invalid('quote and escape are one character, or empty');
  if (quote !== '' && delimiter.includes(quote)) throw invalid('delimiter and quote must differ');
  if (lineEnd === '') throw invalid('lineEnd must not be empty');
  const encoding = encodingName('csv', options.encoding);
  return { delimiter, quote, escape, lineEnd, comment, encoding, nullText, quotedNulls };
}

/** Whether the decoder reads the text as it is. */
export function isPlain({ delimiter, quote, escape, lineEnd, comment, encoding, nullText }: TextDialect): boolean {
  const isAscii = (text: string): boolean => text.length === 1 && text.charCodeAt(0) <= 0x7f && !/[\r\n\0]/.test(text);
  const endsLines = lineEnd === undefined || lineEnd === '\n' || lineEnd === '\r\n';
  const isAllText = encoding === 'utf-8' && nullText === '' && comment === '';
  return isAscii(delimiter) && (quote === '' || isAscii(quote)) && escape === quote && endsLines && isAllText;
}

function invalid(problem: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `csv: ${problem}`, { hint: 'Correct the options of the CSV format.' });
}
