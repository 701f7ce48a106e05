import { divide, isNegative, negate, POWERS_OF_TEN, STEP_DIGITS } from '../decimal/decimal-words.ts';

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const WORD = 0x1_0000_0000;
const HALF_WORD = 0x1_0000;
/** Numbers with a smaller upper word are exact in a double. */
const FAST_HIGH = 0x20_0000;
const NINE_DIGITS = 1_000_000_000;

/** Digits of the number in work, at the end; 256 bits have 78. */
const digits = new Uint8Array(80);
const scratch = new Uint32Array(8);

/** Writes as many digits of `value`, a whole number of at most nine; returns where they end. */
export function writePadded(out: Uint8Array, at: number, value: number, count: number): number {
  let rest = value;
  for (let i = at + count - 1; i >= at; i--) {
    const quotient = Math.floor(rest / 10);
    out[i] = ZERO + rest - quotient * 10;
    rest = quotient;
  }
  return at + count;
}

/** Writes a whole number that is exact in a double, with a point ahead of its last `scale` digits. */
export function writeNumber(out: Uint8Array, at: number, value: number, scale: number): number {
  return writeDigits(out, at, digitsOf(Math.abs(value), digits.length), value < 0, scale);
}

/** Writes the signed number in the `count` words from `from` on, with a point ahead of its last `scale` digits. */
export function writeSigned(
  out: Uint8Array,
  at: number,
  words: Uint32Array,
  from: number,
  count: number,
  scale: number,
): number {
  const isBelowZero = isNegative(words, from, count);
  const extension = isBelowZero ? 0xffff_ffff : 0;
  if (isExtended(words, from, count, extension)) {
    const low = ((words[from]! ^ extension) >>> 0) + (extension & 1);
    const high = ((words[from + 1]! ^ extension) >>> 0) + (low === WORD ? 1 : 0);
    return writeDigits(out, at, digitsOfPair(high, low % WORD), isBelowZero, scale);
  }
  for (let i = 0; i < count; i++) scratch[i] = words[from + i]!;
  if (isBelowZero) negate(scratch, 0, count);
  return writeDigits(out, at, digitsOfScratch(count), isBelowZero, scale);
}

/** Whether the words above the lowest two say nothing but the sign. */
function isExtended(words: Uint32Array, from: number, count: number, extension: number): boolean {
  for (let i = from + 2; i < from + count; i++) if (words[i] !== extension) return false;
  return true;
}

/** The digits of a number of 64 bits, from the index returned on. */
function digitsOfPair(high: number, low: number): number {
  if (high < FAST_HIGH) return digitsOf(high * WORD + low, digits.length);
  // By halves of the lower word, so that each step stays exact in a double.
  const upper = Math.floor(high / NINE_DIGITS);
  const middle = (high - upper * NINE_DIGITS) * HALF_WORD + (low >>> 16);
  const middleQuotient = Math.floor(middle / NINE_DIGITS);
  const lower = (middle - middleQuotient * NINE_DIGITS) * HALF_WORD + (low & 0xffff);
  const lowerQuotient = Math.floor(lower / NINE_DIGITS);
  const start = digits.length - 9;
  writePadded(digits, start, lower - lowerQuotient * NINE_DIGITS, 9);
  return digitsOf((upper * HALF_WORD + middleQuotient) * HALF_WORD + lowerQuotient, start);
}

/** Writes the unsigned number of 64 bits in two words. */
export function writeUnsigned(out: Uint8Array, at: number, words: Uint32Array, from: number): number {
  return writeDigits(out, at, digitsOfPair(words[from + 1]!, words[from]!), false, 0);
}

/** The number in `scratch`, which is another one afterwards, as digits from the index returned on. */
function digitsOfScratch(count: number): number {
  let start = digits.length;
  let top = count;
  while (true) {
    while (top > 2 && scratch[top - 1] === 0) top--;
    const high = scratch[1]!;
    if (top === 2 && high < FAST_HIGH) {
      const value = high * WORD + scratch[0]!;
      return value === 0 && start < digits.length ? start : digitsOf(value, start);
    }
    writePadded(digits, start - STEP_DIGITS, divide(scratch, 0, top, POWERS_OF_TEN[STEP_DIGITS]!), STEP_DIGITS);
    start -= STEP_DIGITS;
  }
}

/** Puts the digits of `value` ahead of `end`, at least one; returns where they start. */
function digitsOf(value: number, end: number): number {
  let start = end;
  let rest = value;
  while (rest >= NINE_DIGITS) {
    const quotient = Math.floor(rest / NINE_DIGITS);
    start -= 9;
    writePadded(digits, start, rest - quotient * NINE_DIGITS, 9);
    rest = quotient;
  }
  // Whole numbers below nine digits divide faster than doubles do.
  let small = rest | 0;
  do {
    const quotient = (small / 10) | 0;
    digits[--start] = ZERO + small - quotient * 10;
    small = quotient;
  } while (small > 0);
  return start;
}

function writeDigits(out: Uint8Array, at: number, start: number, isBelowZero: boolean, scale: number): number {
  let to = at;
  if (isBelowZero) out[to++] = MINUS;
  const point = digits.length - Math.max(scale, 0);
  let from = start;
  if (scale > 0) {
    if (from >= point) out[to++] = ZERO;
    while (from < point) out[to++] = digits[from++]!;
    out[to++] = POINT;
    for (let zeros = from - point; zeros > 0; zeros--) out[to++] = ZERO;
  }
  while (from < digits.length) out[to++] = digits[from++]!;
  if (scale < 0 && digits[start] !== ZERO) {
    for (let zeros = -scale; zeros > 0; zeros--) out[to++] = ZERO;
  }
  return to;
}
