import { DataType } from 'apache-arrow';

import type { ScalarKind, ScalarType } from '../catalog/column-type.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { CellWriters } from './cell-writer.ts';
import { NumericDigits } from './numeric-digits.ts';

const POSITIVE = 0x0000;
const NEGATIVE = 0x4000;
const HEADER_BYTES = 12;

const TOO_FINE = 'has more digits after the point than the column';
const TOO_LARGE = 'has more digits before the point than the column';

/** Decimals and integers into `numeric`, every digit kept. */
export function numericCells(type: DataType, target: ScalarType): CellWriters | undefined {
  if (target.kind !== 'numeric') return undefined;
  if (DataType.isDecimal(type)) {
    return type.scale < 0 ? undefined : wordCells(new NumericWriter(type.scale, target), type.bitWidth / 32, true);
  }
  if (!DataType.isInt(type)) return undefined;
  const writer = new NumericWriter(0, target);
  if (type.bitWidth === 64) return wordCells(writer, 2, type.isSigned);
  return (data) => {
    // Of at most 32 bits, by the type.
    const values = data.values as Int32Array | Uint32Array;
    return (row, out) => writer.writeNumber(values[row]!, out);
  };
}

function wordCells(writer: NumericWriter, count: number, isSigned: boolean): CellWriters {
  return (data) => {
    const words = wordsOf(data.values);
    return (row, out) => writer.writeWords(words, row * count, count, isSigned, out);
  };
}

/** Decimals and 64-bit integers as the words they are made of, the lowest first. */
function wordsOf(values: unknown): Uint32Array {
  // A typed array of either type, little-endian as Arrow is on every machine this runs on.
  const { buffer, byteOffset, byteLength } = values as Uint32Array | BigInt64Array;
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
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
  const count = type.bitWidth / 32;
  const limit = 1n << BigInt(8 * bytes - 1);
  return (data) => {
    const words = wordsOf(data.values);
    return (row, out) => {
      const value = bigintOf(words, row * count, count);
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

function bigintOf(words: Uint32Array, at: number, count: number): bigint {
  let value = 0n;
  for (let i = at + count - 1; i >= at; i--) value = (value << 32n) | BigInt(words[i]!);
  return BigInt.asIntN(32 * count, value);
}

class NumericWriter {
  readonly #scale: number;
  readonly #digits: NumericDigits;
  /** What the column allows ahead of the point and behind it; no bound where it declares none. */
  readonly #wholeDigits: number;
  readonly #fractionDigits: number;

  constructor(scale: number, { precision, scale: columnScale = 0 }: ScalarType) {
    this.#scale = scale;
    this.#digits = new NumericDigits(scale);
    this.#wholeDigits = precision === undefined ? Infinity : precision - columnScale;
    this.#fractionDigits = precision === undefined ? Infinity : columnScale;
  }

  writeNumber(value: number, out: ByteWriter): string | undefined {
    this.#digits.readNumber(value);
    return this.#write(out);
  }

  writeWords(words: Uint32Array, at: number, count: number, isSigned: boolean, out: ByteWriter): string | undefined {
    this.#digits.readWords(words, at, count, isSigned);
    return this.#write(out);
  }

  #write(out: ByteWriter): string | undefined {
    const digits = this.#digits;
    const { low, high, values } = digits;
    const count = high - low;
    if (count > 0) {
      if (digits.lengthAhead() > this.#wholeDigits) return TOO_LARGE;
      if (this.#fractionDigits < this.#scale && digits.lengthBehind() > this.#fractionDigits) return TOO_FINE;
    }
    out.reserve(HEADER_BYTES + 2 * count);
    const { view } = out;
    let { at } = out;
    view.setInt32(at, HEADER_BYTES - 4 + 2 * count);
    view.setInt16(at + 4, count);
    view.setInt16(at + 6, count === 0 ? 0 : digits.weight());
    view.setUint16(at + 8, digits.isNegative ? NEGATIVE : POSITIVE);
    view.setInt16(at + 10, this.#scale);
    at += HEADER_BYTES;
    for (let i = high - 1; i >= low; i--, at += 2) view.setInt16(at, values[i]!);
    out.at = at;
    return undefined;
  }
}
