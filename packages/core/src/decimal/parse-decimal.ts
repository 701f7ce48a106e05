import {
  DECIMAL_EXACT,
  DECIMAL_ROUNDED,
  DECIMAL_TOO_FINE,
  DECIMAL_TOO_LARGE,
  DECIMAL_UNREADABLE,
  type DecimalSpec,
  type DecimalStatus,
  type ExcessDigits,
  wordCount,
} from './decimal-spec.ts';
import { multiplyAdd, negate, powerOfTen, POWERS_OF_TEN, reaches, STEP_DIGITS } from './decimal-words.ts';
import { type NumberText, readExponent, readNumberText } from './number-text.ts';

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** Any number of so many digits is exact in a double. */
const FAST_DIGITS = 15;
const WORD = 0x1_0000_0000;

/** Reads `bytes[start, end)` into the words of `out` from `at` on; the words are undefined above `DECIMAL_ROUNDED`. */
export type DecimalParser = (
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint32Array,
  at: number,
) => DecimalStatus;

/**
 * Makes a parser from the bytes of a number, in plain or scientific notation, to the words of an Arrow decimal.
 *
 * No value passes through a rounded double: up to 15 digits are computed as whole numbers in a double, more of them on
 * words.
 */
export function decimalParser(spec: DecimalSpec, excessDigits: ExcessDigits): DecimalParser {
  const { precision, scale } = spec;
  const words = wordCount(spec.bitWidth);
  const fastLimit = precision <= FAST_DIGITS ? 10 ** precision : Infinity;
  /** By how many digits to append: the largest number that stays exact. */
  const largest = POWERS_OF_TEN.map((power) => Math.floor(Number.MAX_SAFE_INTEGER / power));
  const parseWide = wideParser(spec, excessDigits);

  return (bytes, start, end, out, at) => {
    let i = start;
    const sign = bytes[i]!;
    if (start < end && (sign === MINUS || sign === PLUS)) i++;
    const first = i;
    let point = -1;
    let value = 0;
    for (; i < end; i++) {
      const digit = bytes[i]! - ZERO;
      if (digit >= 0 && digit <= 9) value = value * 10 + digit;
      else if (digit === POINT - ZERO && point < 0) point = i;
      else break;
    }
    const digits = i - first - (point < 0 ? 0 : 1);
    if (digits > FAST_DIGITS || digits < 1) return parseWide(bytes, start, end, out, at);
    let shift = scale - (point < 0 ? 0 : i - point - 1);
    if (i < end) {
      const exponent = readExponent(bytes, i, end);
      if (exponent === undefined) return DECIMAL_UNREADABLE;
      shift += exponent;
    }
    let status: DecimalStatus = DECIMAL_EXACT;
    if (shift > 0) {
      if (shift >= largest.length || value > largest[shift]!) return parseWide(bytes, start, end, out, at);
      value *= POWERS_OF_TEN[shift]!;
    } else if (shift < 0) {
      if (shift < -FAST_DIGITS || excessDigits === 'half-even') return parseWide(bytes, start, end, out, at);
      const divisor = POWERS_OF_TEN[-shift]!;
      const quotient = Math.floor(value / divisor);
      const rest = value - quotient * divisor;
      value = quotient;
      if (rest > 0) {
        if (excessDigits === 'error') return quotient < fastLimit ? DECIMAL_TOO_FINE : DECIMAL_TOO_LARGE;
        status = DECIMAL_ROUNDED;
        if (rest * 2 >= divisor) value++;
      }
    }
    if (value >= fastLimit) return DECIMAL_TOO_LARGE;
    const low = value >>> 0;
    const high = Math.floor(value / WORD);
    if (sign === MINUS && value > 0) {
      out[at] = -low;
      out[at + 1] = low === 0 ? -high : ~high;
      for (let word = 2; word < words; word++) out[at + word] = 0xffff_ffff;
    } else {
      out[at] = low;
      out[at + 1] = high;
      for (let word = 2; word < words; word++) out[at + word] = 0;
    }
    return status;
  };
}

function wideParser({ precision, scale, bitWidth }: DecimalSpec, excessDigits: ExcessDigits): DecimalParser {
  const words = wordCount(bitWidth);
  const limit = powerOfTen(precision, words);
  const text: NumberText = { isNegative: false, first: 0, last: 0, digits: 0, exponent: 0 };

  return (bytes, start, end, out, at) => {
    if (!readNumberText(bytes, start, end, text)) return DECIMAL_UNREADABLE;
    out.fill(0, at, at + words);
    if (text.digits === 0) return DECIMAL_EXACT;
    /** The digits of the text that end up before the cut, and how many zeros follow them. */
    const kept = text.digits + text.exponent + scale;
    if (kept > precision) return DECIMAL_TOO_LARGE;
    const taken = Math.min(kept, text.digits);
    const isExact = taken === text.digits;
    if (!isExact && excessDigits === 'error') return DECIMAL_TOO_FINE;
    let position = text.first;
    for (let left = taken; left > 0;) {
      const step = Math.min(left, STEP_DIGITS);
      let digits = 0;
      for (let i = 0; i < step; position++) {
        const digit = bytes[position]! - ZERO;
        if (digit < 0) continue; // the point
        digits = digits * 10 + digit;
        i++;
      }
      multiplyAdd(out, at, words, POWERS_OF_TEN[step]!, digits);
      left -= step;
    }
    for (let zeros = kept - taken; zeros > 0; zeros -= STEP_DIGITS) {
      multiplyAdd(out, at, words, POWERS_OF_TEN[Math.min(zeros, STEP_DIGITS)]!, 0);
    }
    if (!isExact && roundsUp(bytes, text, position, kept, excessDigits, (out[at]! & 1) === 1)) {
      multiplyAdd(out, at, words, 1, 1);
      if (reaches(out, at, limit)) return DECIMAL_TOO_LARGE;
    }
    if (text.isNegative) negate(out, at, words);
    return isExact ? DECIMAL_EXACT : DECIMAL_ROUNDED;
  };
}

/** The first digit dropped is at `position`, or is a zero that is not written where nothing was `kept`. */
function roundsUp(
  bytes: Uint8Array,
  text: NumberText,
  position: number,
  kept: number,
  excessDigits: ExcessDigits,
  isOdd: boolean,
): boolean {
  if (kept < 0) return false;
  const at = bytes[position] === POINT ? position + 1 : position;
  const digit = bytes[at]! - ZERO;
  if (digit !== 5) return digit > 5;
  // Trailing zeros are not counted among the digits, so any digit behind the five is worth something.
  return excessDigits === 'round' || at < text.last || isOdd;
}
