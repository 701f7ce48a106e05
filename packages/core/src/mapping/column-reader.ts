import { type Data, DataType, Precision } from 'apache-arrow';

import { forEachEntry } from '../arrow/dictionary-entries.ts';
import type { AnyValue } from './column-value.ts';
import { decimalLanes, readLanes } from './decimal-lanes.ts';
import { rowBytes } from './row-bytes.ts';

/** Reads the value of a row that is not null; undefined where a dictionary has a null for it. */
export type ReadValue = (row: number) => AnyValue | undefined;

/** Opens columns of one type for reading. */
export type ColumnOpener = (data: Data) => ReadValue;

// What begins a text is part of it.
const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Undefined for types that have no values to compute with: nested ones, intervals, half floats and nulls. */
export function columnOpener(type: DataType): ColumnOpener | undefined {
  if (DataType.isDictionary(type)) {
    const open = columnOpener(type.dictionary);
    return open === undefined ? undefined : dictionaryOpener(open);
  }
  if (DataType.isBool(type)) return openBits;
  if (DataType.isDecimal(type))
    return type.bitWidth === 128 || type.bitWidth === 256 ? decimalOpener(type.bitWidth) : undefined;
  if (isTextType(type)) return openText;
  if (isBytesType(type)) return openBytes;
  return isWordType(type) ? openWords : undefined;
}

export function isTextType(type: DataType): boolean {
  return DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type);
}

export function isBytesType(type: DataType): boolean {
  return (
    DataType.isBinary(type) ||
    DataType.isLargeBinary(type) ||
    DataType.isBinaryView(type) ||
    DataType.isFixedSizeBinary(type)
  );
}

/** Whether values are numbers or 64-bit integers, one after another. */
export function isWordType(type: DataType): boolean {
  return (
    DataType.isInt(type) ||
    (DataType.isFloat(type) && type.precision !== Precision.HALF) ||
    DataType.isDate(type) ||
    DataType.isTimestamp(type) ||
    DataType.isTime(type) ||
    DataType.isDuration(type)
  );
}

function openWords(data: Data): ReadValue {
  // The types say so.
  const values = data.values as Int32Array | BigInt64Array;
  return (row) => values[row];
}

function openBits(data: Data): ReadValue {
  // Booleans lie in a byte array.
  const bits = data.values as Uint8Array;
  const { offset } = data;
  return (row) => ((bits[(offset + row) >> 3]! >> ((offset + row) & 7)) & 1) === 1;
}

function decimalOpener(bitWidth: number): ColumnOpener {
  const count = bitWidth / 64;
  return (data) => {
    const lanes = decimalLanes(data);
    return (row) => readLanes(lanes, row * count, count);
  };
}

function openText(data: Data): ReadValue {
  const at = rowBytes(data);
  return (row) => {
    at.seek(row);
    return textDecoder.decode(at.bytes.subarray(at.start, at.end));
  };
}

function openBytes(data: Data): ReadValue {
  const at = rowBytes(data);
  return (row) => {
    at.seek(row);
    return at.bytes.slice(at.start, at.end);
  };
}

function dictionaryOpener(open: ColumnOpener): ColumnOpener {
  return (data) => {
    const readers = new Map<Data, ReadValue>();
    let value: AnyValue | undefined;
    const visitor = {
      value(chunk: Data, index: number): void {
        let read = readers.get(chunk);
        if (read === undefined) readers.set(chunk, (read = open(chunk)));
        value = chunk.getValid(index) ? read(index) : undefined;
      },
      missing(): void {
        value = undefined;
      },
    };
    return (row) => {
      forEachEntry(data, row, row + 1, visitor);
      return value;
    };
  };
}
