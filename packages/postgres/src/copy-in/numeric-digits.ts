/** Decimal digits in one digit of the server, which counts to 10,000. */
const DIGITS = 4;
const BASE = 10_000;
const WORD = 2 ** 32;
/** Of a decimal of 256 bits, filled up to whole digits of the server. */
const MAX_WORDS = 9;
const MAX_DIGITS = 24;
/** Up to here a double holds the value with three zeros more. */
const MAX_NUMBER = 2 ** 53 / 1000;

/** A value without its point, as the digits to the base of 10,000 that the server counts in; used again for the next. */
export class NumericDigits {
  /** The lowest first, of which those from `low` to `high` count: neither end is a zero. */
  readonly values = new Int32Array(MAX_DIGITS);
  low = 0;
  high = 0;
  isNegative = false;

  /** Digits of the server behind the point, and the power of ten that fills the last of them. */
  readonly #fraction: number;
  readonly #padding: number;
  readonly #words = new Uint32Array(MAX_WORDS);

  constructor(scale: number) {
    this.#fraction = Math.ceil(scale / DIGITS);
    this.#padding = 10 ** (this.#fraction * DIGITS - scale);
  }

  /** A whole number below `2 ** 53 / 1000`. */
  readNumber(value: number): void {
    this.isNegative = value < 0;
    let rest = Math.abs(value) * this.#padding;
    let high = 0;
    while (rest > 0) {
      const quotient = Math.floor(rest / BASE);
      this.values[high++] = rest - quotient * BASE;
      rest = quotient;
    }
    this.#trim(high);
  }

  /** A number of `count` words, the lowest first, in two's complement if it is signed. */
  readWords(words: Uint32Array, at: number, count: number, isSigned: boolean): void {
    const value = numberOf(words, at, count, isSigned);
    if (value > -MAX_NUMBER && value < MAX_NUMBER) return this.readNumber(value);
    this.isNegative = isSigned && words[at + count - 1]! >>> 31 === 1;
    let length = this.#magnitude(words, at, count);
    let high = 0;
    while (length > 0) {
      this.values[high++] = this.#divide(length);
      while (length > 0 && this.#words[length - 1] === 0) length--;
    }
    this.#trim(high);
  }

  /** Of the highest digit: how many there are ahead of the point, without that one. */
  weight(): number {
    return this.high - this.#fraction - 1;
  }

  /** Decimal digits ahead of the point; fewer than none where zeros follow it. */
  lengthAhead(): number {
    const first = this.values[this.high - 1]!;
    const length = first >= 100 ? (first >= 1000 ? 4 : 3) : first >= 10 ? 2 : 1;
    return this.weight() * DIGITS + length;
  }

  /** Decimal digits behind the point, without zeros at the end; fewer than none where zeros stand ahead of it. */
  lengthBehind(): number {
    const last = this.values[this.low]!;
    const zeros = last % 100 === 0 ? (last % 1000 === 0 ? 3 : 2) : last % 10 === 0 ? 1 : 0;
    return (this.#fraction - this.low) * DIGITS - zeros;
  }

  #trim(high: number): void {
    let low = 0;
    while (low < high && this.values[low] === 0) low++;
    this.low = low;
    this.high = high;
  }

  /** Without its sign, filled up; answers in how many words. */
  #magnitude(words: Uint32Array, at: number, count: number): number {
    let borrow = this.isNegative ? 1 : 0;
    let carry = 0;
    for (let i = 0; i < count; i++) {
      let word = words[at + i]!;
      if (this.isNegative) {
        word = (~word >>> 0) + borrow;
        borrow = word === WORD ? 1 : 0;
        if (borrow === 1) word = 0;
      }
      const product = word * this.#padding + carry;
      carry = Math.floor(product / WORD);
      this.#words[i] = product - carry * WORD;
    }
    this.#words[count] = carry;
    let length = count + 1;
    while (length > 0 && this.#words[length - 1] === 0) length--;
    return length;
  }

  /** Divides by the base; answers the remainder. Every step is one that a double holds. */
  #divide(length: number): number {
    let rest = 0;
    for (let i = length - 1; i >= 0; i--) {
      const dividend = rest * WORD + this.#words[i]!;
      const quotient = Math.floor(dividend / BASE);
      this.#words[i] = quotient;
      rest = dividend - quotient * BASE;
    }
    return rest;
  }
}

/** Exact where it is below `MAX_NUMBER`, and never below where the value is not. */
function numberOf(words: Uint32Array, at: number, count: number, isSigned: boolean): number {
  let value = isSigned ? words[at + count - 1]! | 0 : words[at + count - 1]!;
  for (let i = at + count - 2; i >= at; i--) value = value * WORD + words[i]!;
  return value;
}
