import type { Cell } from './column-cells.ts';

const NEGATIVE = 0x4000;
const NAN = 0xc000;
const INFINITY = 0xd000;
const NEGATIVE_INFINITY = 0xf000;
const HEADER_BYTES = 8;
/** Decimal digits in one digit of the server. */
const DIGITS = 4;
const BASE = 10_000;
const POWERS = [1, 10, 100, 1000, BASE];
const WORD = 2 ** 32;
/** Times `BASE` and a digit more, a double still holds it. */
const MAX_NUMBER = 2 ** 53 / BASE - 1;

/** What a `numeric` is that is no number; undefined for numbers. */
export function specialNumeric({ view, at }: Cell): 'NaN' | 'Infinity' | '-Infinity' | undefined {
  switch (view.getUint16(at + 4)) {
    case NAN:
      return 'NaN';
    case INFINITY:
      return 'Infinity';
    case NEGATIVE_INFINITY:
      return '-Infinity';
    default:
      return undefined;
  }
}

/**
 * Writes a `numeric` without its point, `scale` digits behind it, into `count` words from `to` on, the lowest first, in
 * two's complement: the layout of decimals. Answers what is wrong with a value that has no room there.
 */
export function putUnscaled(
  { view, at }: Cell,
  { precision, scale }: { readonly precision: number; readonly scale: number },
  words: Uint32Array,
  to: number,
  count: number,
): string | undefined {
  const digits = view.getUint16(at);
  if (digits === 0) return putNumber(0, words, to, count);
  // The power of ten that a digit of the server counts, in units of the decimal's last digit.
  let power = view.getInt16(at + 2) * DIGITS + scale;
  if (power + lengthOf(view.getUint16(at + HEADER_BYTES)) > precision) {
    return `has more than ${precision} digits`;
  }
  // As a number first, which is all for most, and where that would not be exact any more, as words.
  let value = 0;
  let isInWords = false;
  // Zeros behind the last digit are digits, too.
  for (let i = 0; i < digits || power > -DIGITS; i++, power -= DIGITS) {
    const digit = i < digits ? view.getUint16(at + HEADER_BYTES + 2 * i) : 0;
    const unit = power >= 0 ? 1 : power > -DIGITS ? POWERS[-power]! : BASE;
    if (unit !== 1 && digit % unit !== 0) return `has more than ${scale} digits behind the point`;
    if (!isInWords && value > MAX_NUMBER) {
      putNumber(value, words, to, count);
      isInWords = true;
    }
    if (isInWords) multiplyAdd(words, to, count, BASE / unit, digit / unit);
    else value = value * (BASE / unit) + digit / unit;
  }
  if (!isInWords) putNumber(value, words, to, count);
  if (view.getUint16(at + 4) === NEGATIVE) negate(words, to, count);
  return undefined;
}

function putNumber(value: number, words: Uint32Array, to: number, count: number): undefined {
  const high = Math.floor(value / WORD);
  words[to] = value - high * WORD;
  words[to + 1] = high;
  for (let i = 2; i < count; i++) words[to + i] = 0;
}

/** Decimal digits of a digit of the server. */
function lengthOf(digit: number): number {
  if (digit >= 100) return digit >= 1000 ? 4 : 3;
  return digit >= 10 ? 2 : 1;
}

/** Factors up to `BASE` leave every product where a double is exact. */
function multiplyAdd(words: Uint32Array, to: number, count: number, factor: number, addend: number): void {
  let carry = addend;
  for (let i = to; i < to + count; i++) {
    const product = words[i]! * factor + carry;
    carry = Math.floor(product / WORD);
    words[i] = product - carry * WORD;
  }
}

function negate(words: Uint32Array, to: number, count: number): void {
  let carry = 1;
  for (let i = to; i < to + count; i++) {
    const word = ~words[i]! >>> 0;
    words[i] = word + carry;
    carry = carry === 1 && word === 0xffff_ffff ? 1 : 0;
  }
}

/** In plain notation, with as many digits behind the point as the server shows. */
export function numericText(cell: Cell): string {
  const special = specialNumeric(cell);
  if (special !== undefined) return special;
  const { view, at } = cell;
  const weight = view.getInt16(at + 2);
  const scale = view.getUint16(at + 6);
  let whole = weight < 0 ? '0' : String(digitAt(cell, 0));
  for (let i = 1; i <= weight; i++) whole += padded(digitAt(cell, i));
  let fraction = '';
  for (let i = weight + 1; fraction.length < scale; i++) fraction += padded(digitAt(cell, i));
  const text = scale === 0 ? whole : `${whole}.${fraction.slice(0, scale)}`;
  return view.getUint16(at + 4) === NEGATIVE ? `-${text}` : text;
}

/** Zero ahead of the first and behind the last that is there. */
function digitAt({ view, at }: Cell, index: number): number {
  return index >= 0 && index < view.getUint16(at) ? view.getUint16(at + HEADER_BYTES + 2 * index) : 0;
}

function padded(digit: number): string {
  return String(digit).padStart(DIGITS, '0');
}
