import { SluiceError } from '@sluice/core';

export interface CsvDialect {
  /** One ASCII character. Default comma. */
  readonly delimiter?: string;
  /** One ASCII character, or none; doubled inside a quoted cell it stands for itself. Default `"`. */
  readonly quote?: string;
}

/** A dialect as byte values. */
export interface DialectBytes {
  readonly delimiter: number;
  readonly quote: number;
}

/** Where there is no quote: a byte that is not in UTF-8. */
export const NO_QUOTE = 0xff;
export const LF = 0x0a;
export const CR = 0x0d;

/** @throws `CONFIG_INVALID` */
export function dialectBytes({ delimiter = ',', quote = '"' }: CsvDialect): DialectBytes {
  const bytes = { delimiter: byteOf(delimiter, 'delimiter'), quote: quote === '' ? NO_QUOTE : byteOf(quote, 'quote') };
  if (bytes.delimiter === bytes.quote) throw invalid('delimiter and quote must differ');
  return bytes;
}

function byteOf(character: string, option: string): number {
  const code = character.length === 1 ? character.charCodeAt(0) : 0;
  if (code === 0 || code > 0x7f || code === LF || code === CR) {
    throw invalid(`${option} must be one ASCII character and no line end`);
  }
  return code;
}

function invalid(problem: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `csv: ${problem}`, { hint: 'Correct the options of the CSV format.' });
}
