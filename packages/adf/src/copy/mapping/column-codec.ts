import { SluiceError } from '@sluice/core';
import { type Data, DataType, makeData, Type } from 'apache-arrow';

import { typeText } from './type-text.ts';

/** A value of a column as Arrow keeps it: decimals without their point, instants and times in their unit. */
export type Cell = boolean | number | bigint | string | Uint8Array;

/** Reads and builds columns of one type. */
export interface ColumnCodec {
  readonly type: DataType;
  /** Of a row that is not null. */
  read(data: Data, row: number): Cell;
  build(rows: number): ColumnBuilder;
}

/** Takes values by ascending row; rows left out are null. */
export interface ColumnBuilder {
  set(row: number, cell: Cell): void;
  finish(): Data;
}

const textDecoder = new TextDecoder();
const textEncoder = new TextEncoder();

/** @throws `TYPE_UNSUPPORTED` naming the column. */
export function columnCodec(type: DataType, column: string): ColumnCodec {
  if (DataType.isDictionary(type)) return dictionaryCodec(columnCodec(type.dictionary, column));
  if (DataType.isBool(type)) return { type, read: bitAt, build: (rows) => new BitBuilder(type, rows) };
  if (DataType.isDecimal(type) && type.bitWidth === 128) {
    return { type, read: decimalAt, build: (rows) => new DecimalBuilder(type, rows) };
  }
  if (DataType.isUtf8(type)) {
    return {
      type,
      read: (data, row) => textDecoder.decode(bytesAt(data, row)),
      build: (rows) => new BytesBuilder(type, rows),
    };
  }
  if (DataType.isBinary(type)) {
    return { type, read: (data, row) => bytesAt(data, row).slice(), build: (rows) => new BytesBuilder(type, rows) };
  }
  const isWord =
    DataType.isInt(type) ||
    (DataType.isFloat(type) && type.typeId !== Type.Float16) ||
    DataType.isDate(type) ||
    DataType.isTimestamp(type) ||
    DataType.isTime(type);
  if (isWord) {
    // Values of these types lie in arrays of numbers or of 64-bit integers.
    const read = (data: Data, row: number): Cell => data.values[row] as number | bigint;
    return { type, read, build: (rows) => new WordBuilder(type, rows) };
  }
  throw new SluiceError('TYPE_UNSUPPORTED', `column "${column}" has type ${typeText(type)}, which cannot be mapped`, {
    hint: 'Leave the column out.',
  });
}

/** The rows of a column that are named, in their order. */
export function takeRows(codec: ColumnCodec, data: Data, rows: Uint32Array): Data {
  const builder = codec.build(rows.length);
  rows.forEach((row, at) => {
    if (data.getValid(row)) builder.set(at, codec.read(data, row));
  });
  return builder.finish();
}

/** Values are looked up; what is built has none to look up. */
function dictionaryCodec(values: ColumnCodec): ColumnCodec {
  return {
    type: values.type,
    read(data, row) {
      // A dictionary's entries are of its value type.
      return data.dictionary!.get(Number(data.values[row])) as Cell;
    },
    build: (rows) => values.build(rows),
  };
}

function bitAt(data: Data, row: number): boolean {
  const bit = data.offset + row;
  // Booleans lie in a byte array.
  return (((data.values as Uint8Array)[bit >> 3]! >> (bit & 7)) & 1) === 1;
}

function decimalAt(data: Data, row: number): bigint {
  // Decimals lie in words of 32 bits, the lowest first.
  const words = data.values as Uint32Array;
  let value = 0n;
  for (let word = 3; word >= 0; word--) value = (value << 32n) | BigInt(words[row * 4 + word]!);
  return BigInt.asIntN(128, value);
}

function bytesAt(data: Data, row: number): Uint8Array {
  // Text and bytes lie in a byte array.
  return (data.values as Uint8Array).subarray(Number(data.valueOffsets[row]), Number(data.valueOffsets[row + 1]));
}

/** Counts nulls and keeps the bits that say which rows are none. */
class Validity {
  readonly #bits: Uint8Array;
  readonly #rows: number;
  #valid = 0;

  constructor(rows: number) {
    this.#rows = rows;
    this.#bits = new Uint8Array(Math.ceil(rows / 8));
  }

  set(row: number): void {
    this.#bits[row >> 3]! |= 1 << (row & 7);
    this.#valid++;
  }

  facts(): { readonly length: number; readonly nullCount: number; readonly nullBitmap: Uint8Array | undefined } {
    const nullCount = this.#rows - this.#valid;
    return { length: this.#rows, nullCount, nullBitmap: nullCount === 0 ? undefined : this.#bits };
  }
}

type WordArray = Int8Array | Float64Array | BigInt64Array;

class WordBuilder implements ColumnBuilder {
  readonly #type: DataType;
  readonly #values: WordArray;
  readonly #validity: Validity;

  constructor(type: DataType, rows: number) {
    this.#type = type;
    // Each type names the array its values lie in.
    const Values = type.ArrayType as new (length: number) => WordArray;
    this.#values = new Values(rows);
    this.#validity = new Validity(rows);
  }

  set(row: number, cell: Cell): void {
    // Cells are as the type keeps them.
    this.#values[row] = cell as never;
    this.#validity.set(row);
  }

  finish(): Data {
    return makeData({ type: this.#type, ...this.#validity.facts(), data: this.#values } as never);
  }
}

class BitBuilder implements ColumnBuilder {
  readonly #type: DataType;
  readonly #bits: Uint8Array;
  readonly #validity: Validity;

  constructor(type: DataType, rows: number) {
    this.#type = type;
    this.#bits = new Uint8Array(Math.ceil(rows / 8));
    this.#validity = new Validity(rows);
  }

  set(row: number, cell: Cell): void {
    if (cell === true) this.#bits[row >> 3]! |= 1 << (row & 7);
    this.#validity.set(row);
  }

  finish(): Data {
    return makeData({ type: this.#type, ...this.#validity.facts(), data: this.#bits } as never);
  }
}

class DecimalBuilder implements ColumnBuilder {
  readonly #type: DataType;
  readonly #words: Uint32Array;
  readonly #validity: Validity;

  constructor(type: DataType, rows: number) {
    this.#type = type;
    this.#words = new Uint32Array(rows * 4);
    this.#validity = new Validity(rows);
  }

  set(row: number, cell: Cell): void {
    let value = BigInt.asUintN(128, cell as bigint);
    for (let word = 0; word < 4; word++) {
      this.#words[row * 4 + word] = Number(value & 0xffff_ffffn);
      value >>= 32n;
    }
    this.#validity.set(row);
  }

  finish(): Data {
    return makeData({ type: this.#type, ...this.#validity.facts(), data: this.#words } as never);
  }
}

const FIRST_BYTES = 1024;

class BytesBuilder implements ColumnBuilder {
  readonly #type: DataType;
  readonly #offsets: Int32Array;
  readonly #validity: Validity;
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;
  #nextRow = 0;

  constructor(type: DataType, rows: number) {
    this.#type = type;
    this.#offsets = new Int32Array(rows + 1);
    this.#validity = new Validity(rows);
  }

  set(row: number, cell: Cell): void {
    const bytes = typeof cell === 'string' ? textEncoder.encode(cell) : (cell as Uint8Array);
    this.#skipTo(row);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    this.#nextRow = row + 1;
    this.#offsets[this.#nextRow] = this.#length;
    this.#validity.set(row);
  }

  finish(): Data {
    this.#skipTo(this.#offsets.length - 1);
    const data = this.#bytes.slice(0, this.#length);
    return makeData({ type: this.#type, ...this.#validity.facts(), valueOffsets: this.#offsets, data } as never);
  }

  #skipTo(row: number): void {
    this.#offsets.fill(this.#length, this.#nextRow, row + 1);
    this.#nextRow = row;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
