import { type Data, DataType, DateUnit, Precision, type RecordBatch, type Schema, Type, TimeUnit } from 'apache-arrow';

import { forEachEntry } from '../arrow/dictionary-entries.ts';
import { hasNulls, isValidAt } from '../arrow/validity.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { decimalText, wordsToBigInt } from './decimal-text.ts';
import { dateText, instantText, timeText } from './time-text.ts';

/** Decimals, dates, instants (`Z` where they have a zone) and times are text, exactly; 64-bit integers are bigint. */
export type RowValue = null | boolean | number | bigint | string | Uint8Array | readonly RowValue[] | RowStruct;

export interface RowStruct {
  readonly [name: string]: RowValue;
}

export type Row = RowStruct;

/** Reads the value of a row that is not null. */
type ValueReader = (data: Data, row: number) => RowValue;

const FRACTION_DIGITS = {
  [TimeUnit.SECOND]: 0,
  [TimeUnit.MILLISECOND]: 3,
  [TimeUnit.MICROSECOND]: 6,
  [TimeUnit.NANOSECOND]: 9,
} as const;

// What begins a cell is part of it.
const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** @throws `TYPE_UNSUPPORTED` naming the column. */
export function rowReader(schema: Schema): (batch: RecordBatch) => Generator<Row, void, undefined> {
  const columns = schema.fields.map(({ name, type }) => ({ name, read: nullable(valueReader(type, name)) }));
  return function* (batch) {
    for (let row = 0; row < batch.numRows; row++) {
      yield Object.fromEntries(columns.map(({ name, read }, i) => [name, read(batch.data.children[i]!, row)]));
    }
  };
}

function nullable(read: ValueReader): ValueReader {
  return (data, row) => (hasNulls(data) && !isValidAt(data, row) ? null : read(data, row));
}

function valueReader(type: DataType, column: string): ValueReader {
  if (DataType.isDictionary(type)) return dictionaryReader(nullable(valueReader(type.dictionary, column)));
  if (DataType.isNull(type)) return () => null;
  if (DataType.isBool(type)) return (data, row) => bitAt(data, row);
  if (DataType.isInt(type)) return (data, row) => data.values[row] as number | bigint;
  if (DataType.isFloat(type) && type.precision !== Precision.HALF) return (data, row) => data.values[row] as number;
  if (DataType.isDecimal(type)) {
    const { scale, bitWidth } = type;
    const words = bitWidth / 32;
    return (data, row) => decimalText(wordsToBigInt(data.values as Uint32Array, row * words, words), scale);
  }
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return (data, row) => textDecoder.decode(bytesAt(data, row));
  if (DataType.isBinary(type) || DataType.isLargeBinary(type)) return (data, row) => bytesAt(data, row).slice();
  const read = timeReader(type) ?? nestedReader(type, column);
  if (read !== undefined) return read;
  throw new SluiceError('TYPE_UNSUPPORTED', `column "${column}" of type ${Type[type.typeId]} cannot be read as rows`, {
    hint: 'Read batches instead.',
  });
}

function timeReader(type: DataType): ValueReader | undefined {
  if (DataType.isDate(type)) {
    return type.unit === DateUnit.DAY
      ? (data, row) => dateText(data.values[row] as number)
      : (data, row) => instantText(BigInt(data.values[row] as bigint | number), 3);
  }
  if (DataType.isTimestamp(type)) {
    const digits = FRACTION_DIGITS[type.unit];
    const zone = type.timezone == null ? '' : 'Z';
    return (data, row) => instantText(data.values[row] as bigint, digits) + zone;
  }
  if (DataType.isTime(type)) {
    const digits = FRACTION_DIGITS[type.unit];
    return (data, row) => timeText(BigInt(data.values[row] as bigint | number), digits);
  }
  return undefined;
}

function nestedReader(type: DataType, column: string): ValueReader | undefined {
  if (DataType.isList(type) || DataType.isLargeList(type)) {
    const read = nullable(valueReader(type.valueType, column));
    return (data, row) => itemsOf(data, Number(data.valueOffsets[row]), Number(data.valueOffsets[row + 1]), read);
  }
  if (DataType.isFixedSizeList(type)) {
    const read = nullable(valueReader(type.valueType, column));
    const { listSize } = type;
    return (data, row) => itemsOf(data, row * listSize, (row + 1) * listSize, read);
  }
  if (DataType.isStruct(type)) {
    const members = type.children.map((field) => [field.name, nullable(valueReader(field.type, column))] as const);
    return (data, row) => Object.fromEntries(members.map(([name, read], i) => [name, read(data.children[i]!, row)]));
  }
  return undefined;
}

function itemsOf(data: Data, from: number, to: number, read: ValueReader): readonly RowValue[] {
  return Array.from({ length: to - from }, (_, i) => read(data.children[0]!, from + i));
}

function dictionaryReader(read: ValueReader): ValueReader {
  return (data, row) => {
    let value: RowValue = null;
    forEachEntry(data, row, row + 1, {
      value: (chunk, index) => (value = read(chunk, index)),
      missing: () => (value = null),
    });
    return value;
  };
}

function bitAt(data: Data, row: number): boolean {
  const bit = data.offset + row;
  // Booleans lie in a byte array.
  return (((data.values as Uint8Array)[bit >> 3]! >> (bit & 7)) & 1) === 1;
}

function bytesAt(data: Data, row: number): Uint8Array {
  // Text and bytes lie in a byte array.
  return (data.values as Uint8Array).subarray(Number(data.valueOffsets[row]), Number(data.valueOffsets[row + 1]));
}
