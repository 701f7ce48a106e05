import { type NumberText, readNumberText } from '../decimal/number-text.ts';
import { CELL_READ, CELL_TOO_LARGE, CELL_UNREADABLE, type CellStatus } from './cell-parser.ts';

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** Up to here whole numbers and powers of ten are exact in a double, so that one division is one rounding. */
const EXACT_DIGITS = 15;
const EXACT_POWER = 22;
const POWERS = Float64Array.from({ length: EXACT_POWER + 1 }, (_, digits) => 10 ** digits);

const NAMES: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity']);
const LONGEST_NAME = 9;

const double = new Float64Array(1);
const doubleWords = new Uint32Array(double.buffer);
const text: NumberText = { isNegative: false, first: 0, last: 0, digits: 0, exponent: 0 };

/** The nearest double. Besides numbers, the names Java and JavaScript write: `NaN`, `Infinity`, `-Infinity`. */
export function parseFloat64(
  bytes: Uint8Array,
  start: number,
  end: number,
  words: Uint32Array,
  at: number,
): CellStatus {
  const isNegative = bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  let value = 0;
  let point = -1;
  let i = first;
  for (; i < end; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (digit === POINT - ZERO && point < 0) point = i;
    else break;
  }
  const digits = i - first - (point < 0 ? 0 : 1);
  if (i < end || digits < 1 || digits > EXACT_DIGITS) return parseSlowly(bytes, start, end, words, at);
  if (point >= 0) value /= POWERS[i - point - 1]!;
  write(isNegative ? -value : value, words, at);
  return CELL_READ;
}

function parseSlowly(bytes: Uint8Array, start: number, end: number, words: Uint32Array, at: number): CellStatus {
  const isNumber = readNumberText(bytes, start, end, text);
  if (!isNumber && end - start > LONGEST_NAME) return CELL_UNREADABLE;
  const cell = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  if (!isNumber && !NAMES.has(cell)) return CELL_UNREADABLE;
  const value = Number(cell);
  if (isNumber && !Number.isFinite(value)) return CELL_TOO_LARGE;
  write(value, words, at);
  return CELL_READ;
}

function write(value: number, words: Uint32Array, at: number): void {
  double[0] = value;
  words[at] = doubleWords[0]!;
  words[at + 1] = doubleWords[1]!;
}
