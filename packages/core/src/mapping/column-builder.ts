import { type Data, DataType, Precision } from 'apache-arrow';

import { dataOf, RowMask } from './column-nulls.ts';
import { isBytesType, isTextType, isWordType } from './column-reader.ts';
import type { AnyValue } from './column-value.ts';
import { writeLanes } from './decimal-lanes.ts';
import { TextWriter } from './text-writer.ts';

/** Takes values by ascending row; rows left out are null. */
export interface ColumnBuilder {
  /** Whether the type has room for the value. @throws `TypeError` for a value of another JavaScript type. */
  set(row: number, value: AnyValue): boolean;
  finish(): Data;
}

type BuilderOf = (rows: number) => ColumnBuilder;

/** Undefined for types that nothing can be built of here. */
export function columnBuilder(type: DataType): BuilderOf | undefined {
  if (DataType.isBool(type)) return (rows) => new BitBuilder(type, rows);
  if (DataType.isDecimal(type)) {
    const { bitWidth } = type;
    return bitWidth === 128 || bitWidth === 256 ? (rows) => new DecimalBuilder(type, rows) : undefined;
  }
  if (DataType.isUtf8View(type) || DataType.isBinaryView(type)) return undefined;
  if (isTextType(type)) return (rows) => new TextBuilder(type, rows);
  if (isBytesType(type)) return (rows) => new BytesBuilder(type, rows);
  return isWordType(type) ? wordBuilder(type) : undefined;
}

type Fits = (value: AnyValue) => boolean;
type WordArray = Float64Array | BigInt64Array;

function wordBuilder(type: DataType): BuilderOf {
  const fits = fitsWord(type);
  return (rows) => new WordBuilder(type, rows, fits);
}

function fitsWord(type: DataType): Fits {
  if (DataType.isFloat(type)) {
    const isSingle = type.precision === Precision.SINGLE;
    return (value) => {
      const number = numberOf(value);
      return !isSingle || Number.isFinite(Math.fround(number)) || !Number.isFinite(number);
    };
  }
  const bitWidth = widthOf(type);
  const isSigned = !DataType.isInt(type) || type.isSigned;
  const most = 2n ** BigInt(isSigned ? bitWidth - 1 : bitWidth) - 1n;
  const least = isSigned ? -most - 1n : 0n;
  if (bitWidth === 64) {
    return (value) => {
      if (typeof value !== 'bigint') throw new TypeError('a bigint was expected');
      return value >= least && value <= most;
    };
  }
  const [smallest, largest] = [Number(least), Number(most)];
  return (value) => {
    const number = numberOf(value);
    return Number.isInteger(number) && number >= smallest && number <= largest;
  };
}

function widthOf(type: DataType): number {
  // Every word type names the array its values lie in.
  const { BYTES_PER_ELEMENT } = type.ArrayType as { readonly BYTES_PER_ELEMENT: number };
  return BYTES_PER_ELEMENT * 8;
}

function numberOf(value: AnyValue): number {
  if (typeof value !== 'number') throw new TypeError('a number was expected');
  return value;
}

class WordBuilder implements ColumnBuilder {
  readonly #type: DataType;
  readonly #values: WordArray;
  readonly #mask: RowMask;
  readonly #fits: Fits;

  constructor(type: DataType, rows: number, fits: Fits) {
    this.#type = type;
    // As above.
    const Values = type.ArrayType as new (length: number) => WordArray;
    this.#values = new Values(rows);
    this.#mask = new RowMask(rows);
    this.#fits = fits;
  }

  set(row: number, value: AnyValue): boolean {
    if (!this.#fits(value)) return false;
    // Values are as the type keeps them; the array refuses others.
    this.#values[row] = value as never;
    this.#mask.set(row);
    return true;
  }

  finish(): Data {
    return dataOf(this.#type, this.#mask.facts(), { data: this.#values });
  }
}

class BitBuilder implements ColumnBuilder {
  readonly #type: DataType;
  readonly #bits: Uint8Array;
  readonly #mask: RowMask;

  constructor(type: DataType, rows: number) {
    this.#type = type;
    this.#bits = new Uint8Array((rows + 7) >> 3);
    this.#mask = new RowMask(rows);
  }

  set(row: number, value: AnyValue): boolean {
    if (typeof value !== 'boolean') throw new TypeError('a boolean was expected');
    if (value) this.#bits[row >> 3]! |= 1 << (row & 7);
    this.#mask.set(row);
    return true;
  }

  finish(): Data {
    return dataOf(this.#type, this.#mask.facts(), { data: this.#bits });
  }
}

class DecimalBuilder implements ColumnBuilder {
  readonly #type: DataType;
  readonly #lanes: BigInt64Array;
  readonly #laneCount: number;
  readonly #limit: bigint;
  readonly #mask: RowMask;

  constructor(type: DataType & { readonly bitWidth: number; readonly precision: number }, rows: number) {
    this.#type = type;
    this.#laneCount = type.bitWidth / 64;
    this.#lanes = new BigInt64Array(rows * this.#laneCount);
    this.#limit = 10n ** BigInt(type.precision);
    this.#mask = new RowMask(rows);
  }

  set(row: number, value: AnyValue): boolean {
    if (typeof value !== 'bigint') throw new TypeError('a bigint was expected');
    if (value >= this.#limit || value <= -this.#limit) return false;
    writeLanes(this.#lanes, row * this.#laneCount, this.#laneCount, value);
    this.#mask.set(row);
    return true;
  }

  finish(): Data {
    return dataOf(this.#type, this.#mask.facts(), { data: new Uint32Array(this.#lanes.buffer) });
  }
}

class TextBuilder implements ColumnBuilder {
  readonly #type: DataType;
  readonly #text: TextWriter;
  readonly #mask: RowMask;

  constructor(type: DataType, rows: number) {
    this.#type = type;
    this.#text = new TextWriter(rows);
    this.#mask = new RowMask(rows);
  }

  set(row: number, value: AnyValue): boolean {
    if (typeof value !== 'string') throw new TypeError('a text was expected');
    this.#text.writeText(row, value);
    this.#mask.set(row);
    return true;
  }

  finish(): Data {
    return this.#text.finish(this.#type, this.#mask.facts());
  }
}

class BytesBuilder implements ColumnBuilder {
  readonly #type: DataType;
  readonly #width: number | undefined;
  readonly #bytes: TextWriter;
  readonly #mask: RowMask;

  constructor(type: DataType, rows: number) {
    this.#type = type;
    this.#width = DataType.isFixedSizeBinary(type) ? type.byteWidth : undefined;
    this.#bytes = new TextWriter(rows, this.#width);
    this.#mask = new RowMask(rows);
  }

  set(row: number, value: AnyValue): boolean {
    if (!(value instanceof Uint8Array)) throw new TypeError('bytes were expected');
    if (this.#width !== undefined && value.length !== this.#width) return false;
    this.#bytes.writeBytes(row, value, 0, value.length);
    this.#mask.set(row);
    return true;
  }

  finish(): Data {
    return this.#bytes.finish(this.#type, this.#mask.facts());
  }
}
