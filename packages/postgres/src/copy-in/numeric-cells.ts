import { DataType } from 'apache-arrow';

import type { ScalarKind, ScalarType } from '../catalog/column-type.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { CellWriters } from './cell-writer.ts';

/** Decimal digits in one digit of the server, which counts to 10,000. */
const DIGITS = 4;
const BASE = 10_000;
const BIG_BASE = 10_000n;
const POSITIVE = 0x0000;
const NEGATIVE = 0x4000;
const HEADER_BYTES = 12;

/** Doubles hold the value, its whole part and its fraction times its padding exactly. */
const MAX_FAST_SCALE = 8;
const MAX_FAST_VALUE = 2 ** 43;
const WORD = 2 ** 32;

const TOO_FINE = 'has more digits after the point than the column';
const TOO_LARGE = 'has more digits before the point than the column';

/** Decimals and integers into `numeric`, every digit kept. */
export function numericCells(type: DataType, { kind, precision, scale }: ScalarType): CellWriters | undefined {
  if (kind !== 'numeric') return undefined;
  const read = decimalReader(type);
  if (read === undefined) return undefined;
  const writer = new NumericWriter(DataType.isDecimal(type) ? type.scale : 0, precision, scale);
  return (data) => {
    const value = read(data.values);
    return (row, out) => writer.write(value, row, out);
  };
}

const INTEGER_BYTES: ReadonlyMap<ScalarKind, number> = new Map([
  ['int2', 2],
  ['int4', 4],
  ['int8', 8],
]);

/** Decimals without a fraction, into integer columns. */
export function wholeDecimalCells(type: DataType, { kind }: ScalarType): CellWriters | undefined {
  const bytes = INTEGER_BYTES.get(kind);
  if (bytes === undefined || !DataType.isDecimal(type) || type.scale !== 0) return undefined;
  const limit = 1n << BigInt(8 * bytes - 1);
  const read = decimalReader(type)!;
  return (data) => {
    const { big } = read(data.values);
    return (row, out) => {
      const value = big(row);
      if (value < -limit || value >= limit) return 'is out of the range of the column';
      out.reserve(4 + bytes);
      out.view.setInt32(out.at, bytes);
      if (bytes === 8) out.view.setBigInt64(out.at + 4, value);
      else if (bytes === 4) out.view.setInt32(out.at + 4, Number(value));
      else out.view.setInt16(out.at + 4, Number(value));
      out.at += 4 + bytes;
      return undefined;
    };
  };
}

/** Values without their point. */
interface UnscaledValues {
  /** Undefined unless a double holds it with room to spare. */
  readonly small: (row: number) => number | undefined;
  readonly big: (row: number) => bigint;
}

type ValueReader = (values: unknown) => UnscaledValues;

function decimalReader(type: DataType): ValueReader | undefined {
  if (DataType.isDecimal(type)) return type.scale < 0 ? undefined : wordsReader(type.bitWidth / 32);
  if (!DataType.isInt(type)) return undefined;
  return (values) => {
    // Integers of any width.
    const integers = values as Int32Array | BigInt64Array;
    return {
      small: (row) => {
        const value = Number(integers[row]!);
        return Math.abs(value) < MAX_FAST_VALUE ? value : undefined;
      },
      big: (row) => BigInt(integers[row]!),
    };
  };
}

function wordsReader(count: number): ValueReader {
  return (values) => {
    // The layout of decimals: 32-bit words, the lowest first, in two's complement.
    const words = values as Uint32Array;
    return {
      small(row) {
        const at = row * count;
        const high = words[at + 1]! | 0;
        for (let i = at + 2; i < at + count; i++) if ((words[i]! | 0) !== high >> 31) return undefined;
        const value = high * WORD + words[at]!;
        return Math.abs(value) < MAX_FAST_VALUE ? value : undefined;
      },
      big(row) {
        let value = 0n;
        for (let i = (row + 1) * count - 1; i >= row * count; i--) value = (value << 32n) | BigInt(words[i]!);
        return BigInt.asIntN(32 * count, value);
      },
    };
  };
}

class NumericWriter {
  readonly #scale: number;
  /** Server digits behind the point, and the power of ten that fills the last of them. */
  readonly #fractionDigits: number;
  readonly #padding: number;
  readonly #divisor: number;
  /** What `precision` and `scale` of the column allow, in units of the value's last digit. */
  readonly #limit: bigint | undefined;
  readonly #fastLimit: number;
  /** What the value must be a multiple of. */
  readonly #step: bigint;
  readonly #fastStep: number;
  /** Server digits of the value being written, the lowest first. */
  readonly #digits: number[] = [];

  constructor(scale: number, columnPrecision: number | undefined, columnScale = 0) {
    this.#scale = scale;
    this.#fractionDigits = Math.ceil(scale / DIGITS);
    this.#padding = 10 ** (this.#fractionDigits * DIGITS - this.#scale);
    this.#divisor = 10 ** this.#scale;
    if (columnPrecision === undefined) {
      this.#limit = undefined;
      this.#step = 1n;
    } else {
      const wholeDigits = columnPrecision - columnScale;
      // A value stays below 10^wholeDigits, which in units of its last digit is 10^(wholeDigits + scale).
      this.#limit = wholeDigits + this.#scale < 0 ? 1n : 10n ** BigInt(wholeDigits + this.#scale);
      this.#step = this.#scale > columnScale ? 10n ** BigInt(this.#scale - columnScale) : 1n;
    }
    this.#fastLimit = this.#limit === undefined ? Infinity : Number(this.#limit);
    this.#fastStep = Number(this.#step);
  }

  write({ small, big }: UnscaledValues, row: number, out: ByteWriter): string | undefined {
    const fast = this.#scale <= MAX_FAST_SCALE ? small(row) : undefined;
    return fast === undefined ? this.#writeBig(big(row), out) : this.#writeSmall(fast, out);
  }

  #writeSmall(value: number, out: ByteWriter): string | undefined {
    const magnitude = Math.abs(value);
    if (magnitude >= this.#fastLimit) return TOO_LARGE;
    if (this.#fastStep !== 1 && magnitude % this.#fastStep !== 0) return TOO_FINE;
    const digits = this.#digits;
    digits.length = 0;
    const fraction = magnitude % this.#divisor;
    let whole = (magnitude - fraction) / this.#divisor;
    let rest = fraction * this.#padding;
    for (let i = 0; i < this.#fractionDigits; i++) {
      const digit = rest % BASE;
      digits.push(digit);
      rest = (rest - digit) / BASE;
    }
    while (whole > 0) {
      const digit = whole % BASE;
      digits.push(digit);
      whole = (whole - digit) / BASE;
    }
    this.#writeDigits(value < 0, out);
    return undefined;
  }

  #writeBig(value: bigint, out: ByteWriter): string | undefined {
    const magnitude = value < 0n ? -value : value;
    if (this.#limit !== undefined && magnitude >= this.#limit) return TOO_LARGE;
    if (magnitude % this.#step !== 0n) return TOO_FINE;
    const digits = this.#digits;
    digits.length = 0;
    for (let rest = magnitude * BigInt(this.#padding); rest > 0n; rest /= BIG_BASE)
      digits.push(Number(rest % BIG_BASE));
    this.#writeDigits(value < 0n, out);
    return undefined;
  }

  /** As the server would: no zero digit at either end. */
  #writeDigits(isNegative: boolean, out: ByteWriter): void {
    const digits = this.#digits;
    let [low, high] = [0, digits.length];
    while (high > 0 && digits[high - 1] === 0) high--;
    while (low < high && digits[low] === 0) low++;
    const count = high - low;
    out.reserve(HEADER_BYTES + 2 * count);
    const { view } = out;
    let { at } = out;
    view.setInt32(at, HEADER_BYTES - 4 + 2 * count);
    view.setInt16(at + 4, count);
    view.setInt16(at + 6, count === 0 ? 0 : high - this.#fractionDigits - 1);
    view.setUint16(at + 8, isNegative ? NEGATIVE : POSITIVE);
    view.setInt16(at + 10, this.#scale);
    at += HEADER_BYTES;
    for (let i = high - 1; i >= low; i--, at += 2) view.setInt16(at, digits[i]!);
    out.at = at;
  }
}
