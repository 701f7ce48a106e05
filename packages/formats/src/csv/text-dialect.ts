import { SluiceError } from '@sluice/core';

import { encodingName } from '../text/text-encoding.ts';

/** How rows and cells of a text file are told apart. */
export interface TextDialect {
  readonly delimiter: string;
  /** One ASCII character; empty for none. */
  readonly quote: string;
  /** Ahead of a quote, and of itself, in quotes; without quotes, ahead of anything. Empty for none. */
  readonly escape: string;
  /** Undefined: CR alone where the first row ends in that, else LF and CRLF in any mixture. */
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
  requireCharacter(quote, 'quote');
  requireCharacter(escape, 'escape');
  if (quote !== '' && escape === '') throw invalid('escape must not be empty beside a quote');
  if (delimiter === '') throw invalid('delimiter must not be empty');
  if (lineEnd === '') throw invalid('lineEnd must not be empty');
  const marks = [
    ['delimiter', delimiter],
    ...(lineEnd === undefined ? ['\r', '\n'] : [lineEnd]).map((end) => ['lineEnd', end] as const),
    ...(comment === '' ? [] : [['comment', comment] as const]),
  ] as const;
  for (const [i, [option, text]] of marks.entries()) {
    if (quote !== '' && text.includes(quote)) throw invalid(`${option} and quote must differ`);
    if (quote === '' && escape !== '' && text.includes(escape)) throw invalid(`${option} and escape must differ`);
    for (const [other, start] of marks.slice(i + 1)) {
      // CR and LF are two ways to say one thing.
      if (option === other || !(text.startsWith(start) || start.startsWith(text))) continue;
      throw invalid(`${option} and ${other} must not begin alike`);
    }
  }
  const encoding = encodingName('csv', options.encoding);
  return { delimiter, quote, escape, lineEnd, comment, encoding, nullText, quotedNulls };
}

/** Whether the decoder reads the text as it is. */
export function isPlain({ delimiter, quote, escape, lineEnd, comment, encoding, nullText }: TextDialect): boolean {
  const endsLines = lineEnd === undefined || lineEnd === '\n' || lineEnd === '\r\n';
  const isAllText = encoding === 'utf-8' && nullText === '' && comment === '';
  return isAscii(delimiter) && escape === quote && endsLines && isAllText;
}

function requireCharacter(character: string, option: string): void {
  if (character === '' || isAscii(character)) return;
  throw invalid(`${option} must be one ASCII character and no line end, or empty`);
}

function isAscii(text: string): boolean {
  return text.length === 1 && text.charCodeAt(0) <= 0x7f && !/[\r\n\0]/.test(text);
}

function invalid(problem: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `csv: ${problem}`, { hint: 'Correct the options of the CSV format.' });
}
