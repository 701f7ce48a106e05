import { SluiceError } from '@sluice/core';
import { valueCells } from '@sluice/core/cells';
import { type Data, DataType, type Field, Precision } from 'apache-arrow';

import { isValid, openColumn } from '../bits/column-batch.ts';
import type { GrowingBytes } from '../bits/growing-bytes.ts';
import { writeDocument, writeText } from './json-text.ts';

/** Appends the value of a row, which may be null. @throws `VALUE_INVALID` */
export type WriteValue = (out: GrowingBytes, row: number) => void;

/** How the values of one column are written as JSON; called once for each batch. */
export type OpenValues = (data: Data) => WriteValue;

/** Metadata of a field of JSON: https://arrow.apache.org/docs/format/CanonicalExtensions.html#json, read 2026-11. */
export const EXTENSION_KEY = 'ARROW:extension:name';
export const JSON_EXTENSION = 'arrow.json';

const NULL = new TextEncoder().encode('null');
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;

/** @throws `TYPE_UNSUPPORTED` naming the column. */
function jsonValues(field: Field, path: string): OpenValues {
  const { type, metadata } = field;
  if (isText(type)) return metadata.get(EXTENSION_KEY) === JSON_EXTENSION ? documentValues(path) : textValues;
  if (DataType.isList(type) || DataType.isLargeList(type))
    return listValues(jsonValues(type.children[0]!, `${path}[]`));
  if (DataType.isFixedSizeList(type)) return fixedListValues(jsonValues(type.children[0]!, `${path}[]`), type.listSize);
  if (DataType.isStruct(type)) return structValues(type.children, path);
  if (DataType.isMap(type)) return mapValues(type.children[0]!, path);
  return scalarValues(field, path);
}

/** A member of an object: a column, or an object of such. */
export interface JsonMember {
  readonly key: string;
  readonly content: JsonColumn | readonly JsonMember[];
}

export interface JsonColumn {
  readonly field: Field;
  /** Among the columns of the batch, or the members of the struct. */
  readonly index: number;
}

/** `{"key":value,…}` around the values of each member. */
export function jsonMembers(members: readonly JsonMember[], path = ''): (data: readonly Data[]) => WriteValue {
  const writers = members.map(({ key, content }, i) => ({
    key: new TextEncoder().encode(`${i === 0 ? '' : ','}${JSON.stringify(key)}:`),
    open: 'field' in content ? columnValues(content, path) : jsonMembers(content, path),
  }));
  return (data) => {
    const opened = writers.map(({ key, open }) => ({ key, write: open(data) }));
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

function columnValues({ field, index }: JsonColumn, path: string): (data: readonly Data[]) => WriteValue {
  const open = jsonValues(field, `${path}${field.name}`);
  return (data) => open(data[index]!);
}

function isText(type: DataType): boolean {
  const plain: DataType = DataType.isDictionary(type) ? type.dictionary : type;
  return DataType.isUtf8(plain) || DataType.isLargeUtf8(plain);
}

function textValues(data: Data): WriteValue {
  return cellValues(data, writeText);
}

/** Text that is JSON already. */
function documentValues(path: string): OpenValues {
  return (data) =>
    cellValues(data, (out, bytes, start, end, row) => {
      if (writeDocument(out, bytes, start, end)) return;
      throw new SluiceError('VALUE_INVALID', `row ${row}, column ${path}: a text that is no JSON`, {
        hint: 'Leave the extension type arrow.json away, to write it as a string.',
        details: { row },
      });
    });
}

function cellValues(
  data: Data,
  write: (out: GrowingBytes, bytes: Uint8Array, start: number, end: number, row: number) => void,
): WriteValue {
  const { validity, cells } = openColumn(data);
  // Text has cells.
  const { bytes, offsets, codes } = cells!;
  return (out, row) => {
    if (validity !== undefined && !isValid(validity, row)) {
      out.appendBytes(NULL);
      return;
    }
    const cell = codes === undefined ? row : codes[row]!;
    write(out, bytes, offsets[cell]!, offsets[cell + 1]!, row);
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
  const members = fields.map((field, index): JsonMember => ({ key: field.name, content: { field, index } }));
  const open = jsonMembers(members, `${path}.`);
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
