import {
  DECIMAL_EXACT,
  DECIMAL_ROUNDED,
  DECIMAL_TOO_FINE,
  DECIMAL_TOO_LARGE,
  DECIMAL_UNREADABLE,
  type DecimalStatus,
} from '../decimal/decimal-spec.ts';

/** What came of one cell, in the numbers of decimals, so that a decimal parser is a cell parser. */
export type CellStatus = DecimalStatus;
export const CELL_READ = DECIMAL_EXACT;
/** Read, after fraction digits were rounded away. */
export const CELL_ROUNDED = DECIMAL_ROUNDED;
/** The text is no value of the type. */
export const CELL_UNREADABLE = DECIMAL_UNREADABLE;
/** A value beyond the range of the type. */
export const CELL_TOO_LARGE = DECIMAL_TOO_LARGE;
/** A value with digits finer than the type's unit. */
export const CELL_TOO_FINE = DECIMAL_TOO_FINE;

/**
 * Reads the text `bytes[start, end)`, which is never empty, into the 32-bit words of one value, the lowest first, from
 * `words[at]` on. The words mean nothing above `CELL_ROUNDED`.
 */
export type CellParser = (bytes: Uint8Array, start: number, end: number, words: Uint32Array, at: number) => CellStatus;
