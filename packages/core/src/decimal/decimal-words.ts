/**
 * Whole numbers of any width as 32-bit words, the lowest first: the layout of Arrow decimals on a little-endian machine.
 *
 * Factors stay below 2^20, so that a word times a factor plus a carry is exact in a double.
 */

const WORD = 0x1_0000_0000;

/** The most decimal digits whose factor, a power of ten, keeps every step exact. */
export const STEP_DIGITS = 6;

export const POWERS_OF_TEN: readonly number[] = Array.from({ length: 23 }, (_, digits) => 10 ** digits);

/** `words = words * factor + addend` over `count` words from `at` on; returns what did not fit. */
export function multiplyAdd(words: Uint32Array, at: number, count: number, factor: number, addend: number): number {
  let carry = addend;
  for (let i = at; i < at + count; i++) {
    const product = words[i]! * factor + carry;
    carry = Math.floor(product / WORD);
    words[i] = product;
  }
  return carry;
}

/** `words = floor(words / divisor)`; returns the remainder. */
export function divide(words: Uint32Array, at: number, count: number, divisor: number): number {
  let rest = 0;
  for (let i = at + count - 1; i >= at; i--) {
    const dividend = rest * WORD + words[i]!;
    const quotient = Math.floor(dividend / divisor);
    rest = dividend - quotient * divisor;
    words[i] = quotient;
  }
  return rest;
}

/** Two's complement, in place. */
export function negate(words: Uint32Array, at: number, count: number): void {
  let carry = 1;
  for (let i = at; i < at + count; i++) {
    const sum = (~words[i]! >>> 0) + carry;
    carry = sum >= WORD ? 1 : 0;
    words[i] = sum;
  }
}

export function isNegative(words: Uint32Array, at: number, count: number): boolean {
  return words[at + count - 1]! >= 0x8000_0000;
}

/** Whether the unsigned `words` are at least `limit`, of as many words. */
export function reaches(words: Uint32Array, at: number, limit: Uint32Array): boolean {
  for (let i = limit.length - 1; i >= 0; i--) {
    const word = words[at + i]!;
    if (word !== limit[i]!) return word > limit[i]!;
  }
  return true;
}

export function powerOfTen(digits: number, count: number): Uint32Array {
  const words = new Uint32Array(count);
  words[0] = 1;
  for (let rest = digits; rest > 0; rest -= STEP_DIGITS) {
    multiplyAdd(words, 0, count, POWERS_OF_TEN[Math.min(rest, STEP_DIGITS)]!, 0);
  }
  return words;
}
