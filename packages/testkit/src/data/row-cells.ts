import type { Row, RowStruct, RowValue } from '@sluice/core';
import { type Data, DataType, DateUnit, IntervalUnit, Precision, type RecordBatch, Type } from 'apache-arrow';

import { decimalTextOf, readWords } from './decimal-words.ts';
import { FRACTION_DIGITS } from './fixed-cells.ts';
import { numberOfHalf } from './half-float.ts';
import { dateText, instantText, timeText } from './time-units.ts';

const VIEW_BYTES = 16;
const INLINE_BYTES = 12;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The rows of a batch, of every Arrow type; see `batchOf` for what cells are. Written apart from the reader of core. */
export function rowsOf(batch: RecordBatch): readonly Row[] {
  return Array.from({ length: batch.numRows }, (_, row) =>
    Object.fromEntries(batch.schema.fields.map(({ name }, i) => [name, cellAt(batch.data.children[i]!, row)])),
  );
}

function cellAt(data: Data, row: number): RowValue {
  if (DataType.isNull(data.type)) return null;
  if (DataType.isUnion(data.type)) return unionCell(data, row);
  const bit = data.offset + row;
  const { nullBitmap } = data;
  if (nullBitmap.length > 0 && ((nullBitmap[bit >> 3]! >> (bit & 7)) & 1) === 0) return null;
  return flatCell(data, row, bit) ?? nestedCell(data, row);
}

/** Undefined for a type that has members. */
function flatCell(data: Data, row: number, bit: number): RowValue | undefined {
  const { type } = data;
  // Columns of these types hold numbers of one kind.
  const values = data.values as unknown as ArrayLike<number | bigint>;
  if (DataType.isBool(type)) return ((Number(values[bit >> 3]) >> (bit & 7)) & 1) === 1;
  if (DataType.isFloat(type) && type.precision === Precision.HALF) return numberOfHalf(Number(values[row]));
  if (DataType.isInt(type) || DataType.isFloat(type) || DataType.isDuration(type)) return values[row]!;
  if (DataType.isDecimal(type)) {
    const words = type.bitWidth / 32;
    return decimalTextOf(readWords(Uint32Array.from(slice(values, row, words), Number)), type.scale);
  }
  if (DataType.isDate(type)) {
    return type.unit === DateUnit.DAY ? dateText(Number(values[row])) : instantText(BigInt(values[row]!), 3);
  }
  if (DataType.isTimestamp(type)) {
    return instantText(BigInt(values[row]!), FRACTION_DIGITS[type.unit]) + (type.timezone == null ? '' : 'Z');
  }
  if (DataType.isTime(type)) return timeText(BigInt(values[row]!), FRACTION_DIGITS[type.unit]);
  if (DataType.isInterval(type)) return intervalCell(type.unit, values, row);
  const bytes = bytesAt(data, row);
  if (bytes === undefined) return undefined;
  return DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type)
    ? decoder.decode(bytes)
    : bytes.slice();
}

function bytesAt(data: Data, row: number): Uint8Array | undefined {
  const { type } = data;
  // Text and bytes lie in byte arrays.
  const bytes = data.values as Uint8Array;
  if (DataType.isFixedSizeBinary(type)) return bytes.subarray(row * type.byteWidth, (row + 1) * type.byteWidth);
  if (DataType.isUtf8View(type) || DataType.isBinaryView(type)) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + row * VIEW_BYTES, VIEW_BYTES);
    const length = view.getInt32(0, true);
    if (length <= INLINE_BYTES) return bytes.subarray(row * VIEW_BYTES + 4, row * VIEW_BYTES + 4 + length);
    const start = view.getInt32(12, true);
    return data.variadicBuffers[view.getInt32(8, true)]!.subarray(start, start + length);
  }
  const hasOffsets =
    DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isBinary(type) || DataType.isLargeBinary(type);
  return hasOffsets ? bytes.subarray(Number(data.valueOffsets[row]), Number(data.valueOffsets[row + 1])) : undefined;
}

function nestedCell(data: Data, row: number): RowValue {
  const { type } = data;
  if (DataType.isDictionary(type)) return dictionaryCell(data, row);
  if (DataType.isStruct(type)) {
    return Object.fromEntries(type.children.map(({ name }, i) => [name, cellAt(data.children[i]!, row)]));
  }
  const [child] = data.children;
  if (child === undefined) throw new TypeError(`no cell of type ${Type[type.typeId]} can be read`);
  const [from, to] = DataType.isFixedSizeList(type)
    ? [row * type.listSize, (row + 1) * type.listSize]
    : [Number(data.valueOffsets[row]), Number(data.valueOffsets[row + 1])];
  const items = Array.from({ length: to - from }, (_, i) => cellAt(child, from + i));
  // Entries of a map are structs of a key and a value.
  return DataType.isMap(type) ? items.map((entry) => Object.values(entry as RowStruct)) : items;
}

function dictionaryCell(data: Data, row: number): RowValue {
  let entry = Number(data.values[row]);
  for (const chunk of data.dictionary?.data ?? []) {
    if (entry < chunk.length) return cellAt(chunk, entry);
    entry -= chunk.length;
  }
  throw new TypeError('a dictionary lacks an entry');
}

function unionCell(data: Data, row: number): RowValue {
  if (!DataType.isUnion(data.type)) throw new TypeError('no union');
  const member = data.type.typeIds.indexOf(data.typeIds[row]);
  const at = DataType.isDenseUnion(data.type) ? data.valueOffsets[row]! : row;
  return { member, value: cellAt(data.children[member]!, Number(at)) };
}

function intervalCell(unit: IntervalUnit, values: ArrayLike<number | bigint>, row: number): RowValue {
  if (unit === IntervalUnit.YEAR_MONTH) return [Number(values[row])];
  if (unit === IntervalUnit.DAY_TIME) return slice(values, row, 2).map(Number);
  const [months, days, low, high] = slice(values, row, 4).map(Number);
  return [months!, days!, (BigInt(high!) << 32n) | BigInt(low! >>> 0)];
}

function slice(values: ArrayLike<number | bigint>, row: number, width: number): readonly (number | bigint)[] {
  return Array.from({ length: width }, (_, i) => values[row * width + i]!);
}
