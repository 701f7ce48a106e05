const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const LOWER_E = 0x65;

/** Far beyond any digit a text could hold, and far from the end of exact numbers. */
const EXPONENT_LIMIT = 0x4000_0000;

/** A number taken apart: its digits, as a whole number, times ten to the `exponent`. */
export interface NumberText {
  isNegative: boolean;
  /** Where the first digit other than zero stands, and the last; a point may lie between. */
  first: number;
  last: number;
  /** How many digits these are; 0 for zero. */
  digits: number;
  exponent: number;
}

/**
 * Reads `[+-] digits [. digits] [e [+-] digits]`, with digits on at least one side of the point; returns whether the text
 * is that. Huge exponents are cut to a bound that no text of digits can make up for.
 */
export function readNumberText(bytes: Uint8Array, start: number, end: number, out: NumberText): boolean {
  let i = start;
  if (i >= end) return false;
  const sign = bytes[i]!;
  if (sign === MINUS || sign === PLUS) i++;
  let point = -1;
  let first = -1;
  let last = -1;
  const mantissa = i;
  for (; i < end; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit > 0 && digit <= 9) {
      if (first < 0) first = i;
      last = i;
    } else if (digit !== 0) {
      if (digit !== POINT - ZERO || point >= 0) break;
      point = i;
    }
  }
  if (i - mantissa === (point < 0 ? 0 : 1)) return false;
  const mantissaEnd = i;
  let exponent = 0;
  if (i < end) {
    const read = readExponent(bytes, i, end);
    if (read === undefined) return false;
    exponent = read;
  }
  out.isNegative = sign === MINUS;
  if (first < 0) {
    out.digits = 0;
    out.exponent = 0;
    return true;
  }
  const unit = point < 0 ? mantissaEnd : point;
  out.first = first;
  out.last = last;
  out.digits = last - first + 1 - (first < point && point < last ? 1 : 0);
  out.exponent = exponent + (last < unit ? unit - 1 - last : unit - last);
  return true;
}

/** Reads `e [+-] digits`, which fills `[start, end)`; undefined where something else does. */
export function readExponent(bytes: Uint8Array, start: number, end: number): number | undefined {
  if ((bytes[start]! | 0x20) !== LOWER_E) return undefined;
  let i = start + 1;
  const sign = i < end ? bytes[i]! : 0;
  if (sign === MINUS || sign === PLUS) i++;
  if (i >= end) return undefined;
  let exponent = 0;
  for (; i < end; i++) {
    const digit = bytes[i]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    exponent = Math.min(exponent * 10 + digit, EXPONENT_LIMIT);
  }
  return sign === MINUS ? -exponent : exponent;
}
