import { decimalParser } from '../decimal/parse-decimal.ts';
import { CELL_READ, CELL_TOO_LARGE, type CellParser } from './cell-parser.ts';

/** No integer of 64 bits has more. */
const MAX_DIGITS = 20;

/**
 * Whole numbers in any notation: `5`, `5.0`, `1.0E7`. Those of 8 and 16 bits fill a word like those of 32.
 */
export function integerParser(bitWidth: number, isSigned: boolean): CellParser {
  const parse = decimalParser({ precision: MAX_DIGITS, scale: 0, bitWidth: 128 }, 'error');
  const wide = new Uint32Array(4);
  if (bitWidth === 64) {
    return (bytes, start, end, words, at) => {
      const status = parse(bytes, start, end, wide, 0);
      if (status !== CELL_READ) return status;
      const high = wide[1]!;
      const extension = isSigned && high >= 0x8000_0000 ? 0xffff_ffff : 0;
      if (wide[2] !== extension || wide[3] !== extension) return CELL_TOO_LARGE;
      words[at] = wide[0]!;
      words[at + 1] = high;
      return CELL_READ;
    };
  }
  const max = 2 ** (isSigned ? bitWidth - 1 : bitWidth) - 1;
  const min = isSigned ? -max - 1 : 0;
  return (bytes, start, end, words, at) => {
    const status = parse(bytes, start, end, wide, 0);
    if (status !== CELL_READ) return status;
    const isNegative = wide[3]! >= 0x8000_0000;
    const value = isNegative ? wide[0]! - 0x1_0000_0000 : wide[0]!;
    const extension = isNegative ? 0xffff_ffff : 0;
    if (wide[1] !== extension || wide[2] !== extension || value < min || value > max) return CELL_TOO_LARGE;
    words[at] = value;
    return CELL_READ;
  };
}
