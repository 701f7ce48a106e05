import { SluiceError } from '@sluice/core';
import { valueCells } from '@sluice/core/cells';
import { type Data, DataType, type Field, Precision } from 'apache-arrow';

import type { GrowingBytes } from '../bits/growing-bytes.ts';
import { isValid, openColumn } from '../bits/column-batch.ts';
import { writeText } from './json-text.ts';

/** Appends the value of a row, which may be null. @throws `VALUE_INVALID` */
export type WriteValue = (out: GrowingBytes, row: number) => void;

/** How the values of one column are written as JSON; called once for each batch. */
export type OpenValues = (data: Data) => WriteValue;

const NULL = new TextEncoder().encode('null');
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;

/** @throws `TYPE_UNSUPPORTED` naming the column. */
export function jsonValues(field: Field, path: string): OpenValues {
  const { type } = field;
  if (isText(type)) return textValues;
  if (DataType.isList(type) || DataType.isLargeList(type))
    return listValues(jsonValues(type.children[0]!, `${path}[]`));
  if (DataType.isFixedSizeList(type)) return fixedListValues(jsonValues(type.children[0]!, `${path}[]`), type.listSize);
  if (DataType.isStruct(type)) return structValues(type.children, path);
  if (DataType.isMap(type)) return mapValues(type.children[0]!, path);
  return scalarValues(field, path);
}

/** `{"name":value,…}` around the values of each member. */
export function jsonMembers(fields: readonly Field[], path = ''): (data: readonly Data[]) => WriteValue {
  const members = fields.map((field, i) => {
    const key = new TextEncoder().encode(`${i === 0 ? '' : ','}${JSON.stringify(field.name)}:`);
    return { key, open: jsonValues(field, `${path}${field.name}`) };
  });
  return (data) => {
    const opened = members.map(({ key, open }, i) => ({ key, write: open(data[i]!) }));
    return (out, row) => {
      out.appendByte(0x7b);
      for (const { key, write } of opened) {
        out.appendBytes(key);
        write(out, row);
      }
      out.appendByte(0x7d);
    };
  };
}

function isText(type: DataType): boolean {
  const plain: DataType = DataType.isDictionary(type) ? type.dictionary : type;
  return DataType.isUtf8(plain) || DataType.isLargeUtf8(plain);
}

function textValues(data: Data): WriteValue {
  const { validity, cells } = openColumn(data);
  // Text has cells.
  const { bytes, offsets, codes } = cells!;
  return (out, row) => {
    if (validity !== undefined && !isValid(validity, row)) {
      out.appendBytes(NULL);
      return;
    }
    const cell = codes === undefined ? row : codes[row]!;
    writeText(out, bytes, offsets[cell]!, offsets[cell + 1]!);
  };
}

/** Numbers in plain notation to their last digit; dates, instants and times as text. */
function scalarValues(field: Field, path: string): OpenValues {
  const { type } = field;
  const isFloat = DataType.isFloat(type);
  if (DataType.isNull(type)) return () => (out) => out.appendBytes(NULL);
  if (isFloat && type.precision === Precision.SINGLE) return (data) => orNull(data, floatValues(data, path));
  const cells = valueCells(field);
  if (cells === undefined) {
    throw new SluiceError('TYPE_UNSUPPORTED', `column ${path}: ${String(type)} cannot be written as JSON`, {
      hint: 'Leave the column out, or cast it to text in the mapping.',
    });
  }
  const isQuoted = DataType.isDate(type) || DataType.isTimestamp(type) || DataType.isTime(type);
  return (data) => {
    const write = cells.open(data);
    const finite = isFloat ? floatValues(data, path) : undefined;
    return orNull(data, (out, row) => {
      if (finite !== undefined) return finite(out, row);
      out.reserve(cells.maxBytes + 2);
      if (isQuoted) out.bytes[out.length++] = QUOTE;
      out.length = write(out.bytes, out.length, row);
      if (isQuoted) out.bytes[out.length++] = QUOTE;
    });
  };
}

function orNull(data: Data, write: WriteValue): WriteValue {
  if (data.nullCount === 0) return write;
  return (out, row) => {
    if (data.getValid(row)) write(out, row);
    else out.appendBytes(NULL);
  };
}

/** The shortest text that makes the same double. */
function floatValues({ values }: Data, path: string): WriteValue {
  // Of 32 or 64 bits.
  const floats = values as Float32Array | Float64Array;
  return (out, row) => {
    const value = floats[row]!;
    if (!Number.isFinite(value)) {
      throw new SluiceError('VALUE_INVALID', `row ${row}, column ${path}: a number that JSON has no notation for`, {
        hint: 'Cast the column to text in the mapping.',
        details: { row },
      });
    }
    const text = Object.is(value, -0) ? '-0' : String(value);
    for (let i = 0; i < text.length; i++) out.appendByte(text.charCodeAt(i));
  };
}

function listValues(open: OpenValues): OpenValues {
  return (data) => {
    // Of 32 or 64 bits.
    const offsets = data.valueOffsets as Int32Array | BigInt64Array;
    const write = open(data.children[0]!);
    return orNull(data, (out, row) => writeItems(out, write, Number(offsets[row]), Number(offsets[row + 1])));
  };
}

function fixedListValues(open: OpenValues, size: number): OpenValues {
  return (data) => {
    const write = open(data.children[0]!);
    return orNull(data, (out, row) => writeItems(out, write, row * size, (row + 1) * size));
  };
}

function writeItems(out: GrowingBytes, write: WriteValue, from: number, to: number): void {
  out.appendByte(0x5b);
  for (let item = from; item < to; item++) {
    if (item > from) out.appendByte(COMMA);
    write(out, item);
  }
  out.appendByte(0x5d);
}

function structValues(fields: readonly Field[], path: string): OpenValues {
  const open = jsonMembers(fields, `${path}.`);
  return (data) => orNull(data, open(data.children));
}

/** An object: its keys have to be text. */
function mapValues(entries: Field, path: string): OpenValues {
  // The member of a map is a struct of key and value.
  const [key, value] = (entries.type.children ?? []) as readonly Field[];
  if (key === undefined || value === undefined || !isText(key.type)) {
    throw new SluiceError(
      'TYPE_UNSUPPORTED',
      `column ${path}: a map whose keys are no text cannot be written as JSON`,
      {
        hint: 'Leave the column out, or cast it to text in the mapping.',
      },
    );
  }
  const openValue = jsonValues(value, `${path}{}`);
  return (data) => {
    const offsets: Int32Array = data.valueOffsets;
    const [keys, values] = data.children[0]!.children;
    const writeKey = textValues(keys!);
    const writeValue = openValue(values!);
    return orNull(data, (out, row) => {
      out.appendByte(0x7b);
      for (let entry = offsets[row]!; entry < offsets[row + 1]!; entry++) {
        if (entry > offsets[row]!) out.appendByte(COMMA);
        writeKey(out, entry);
        out.appendByte(COLON);
        writeValue(out, entry);
      }
      out.appendByte(0x7d);
    });
  };
}
