import type { RowStruct, RowValue } from '@sluice/core';
import { type Data, DataType, makeVector, RecordBatch, type Schema, Struct } from 'apache-arrow';

import { byteData, offsetsOf } from './byte-cells.ts';
import { fixedCells } from './fixed-cells.ts';
import { type Layout, made } from './made-data.ts';

/** A record batch of rows as `rowsOf` reads them: every Arrow type, nested ones too. */
export function batchOf(schema: Schema, rows: readonly RowStruct[]): RecordBatch {
  const children = schema.fields.map(({ name, type }) =>
    columnData(
      type,
      rows.map((row) => row[name] ?? null),
    ),
  );
  return new RecordBatch(schema, made(structOf(schema), { length: rows.length, nullCount: 0, children }) as never);
}

/**
 * A column of cells. Beyond what rows of `read` hold: a map is a list of `[key, value]`, a union member is
 * `{ member, value }` with the ordinal of the member, a duration is a bigint.
 */
function columnData(type: DataType, cells: readonly RowValue[]): Data {
  const length = cells.length;
  if (DataType.isNull(type)) return made(type, { length });
  if (DataType.isUnion(type)) return unionData(type, cells);
  const validity = validityOf(cells);
  if (DataType.isDictionary(type)) return dictionaryData(type, cells, validity);
  if (DataType.isBool(type)) {
    return made(type, { length, data: bitsOf(cells, (cell) => cell === true), ...validity });
  }
  const data = fixedCells(type, cells);
  if (data !== undefined) return made(type, { length, data, ...validity });
  return byteData(type, cells, validity) ?? nestedData(type, cells, validity);
}

function nestedData(type: DataType, cells: readonly RowValue[], validity: Layout): Data {
  const length = cells.length;
  if (DataType.isStruct(type)) {
    const children = type.children.map((field) =>
      columnData(
        field.type,
        cells.map((cell) => structIn(cell)[field.name] ?? null),
      ),
    );
    return made(type, { length, children, ...validity });
  }
  if (DataType.isFixedSizeList(type)) {
    const { listSize, valueType } = type;
    const items = cells.flatMap((cell) => Array.from({ length: listSize }, (_, i) => listIn(cell)[i] ?? null));
    return made(type, { length, child: columnData(valueType, items), ...validity });
  }
  const lists = cells.map(listIn);
  const valueOffsets = offsetsOf(lists, DataType.isLargeList(type));
  if (DataType.isMap(type)) {
    const [key, value] = type.childType.children;
    const entries = lists
      .flat()
      .map((entry) => ({ [key!.name]: listIn(entry)[0]!, [value!.name]: listIn(entry)[1] ?? null }));
    return made(type, { length, valueOffsets, child: columnData(type.childType, entries), ...validity });
  }
  if (DataType.isList(type) || DataType.isLargeList(type)) {
    return made(type, { length, valueOffsets, child: columnData(type.valueType, lists.flat()), ...validity });
  }
  throw new TypeError(`no column of type ${type.typeId} can be made`);
}

function dictionaryData(type: DataType, cells: readonly RowValue[], validity: Layout): Data {
  if (!DataType.isDictionary(type)) throw new TypeError('no dictionary');
  const entries: RowValue[] = [];
  const keys = new type.indices.ArrayType(cells.length);
  cells.forEach((cell, i) => {
    if (cell === null) return;
    const known = entries.indexOf(cell);
    keys[i] = known >= 0 ? known : entries.push(cell) - 1;
  });
  const dictionary = makeVector(columnData(type.dictionary, entries));
  return made(type, { length: cells.length, data: keys, dictionary, ...validity });
}

function unionData(type: DataType, cells: readonly RowValue[]): Data {
  if (!DataType.isUnion(type)) throw new TypeError('no union');
  const members = cells.map((cell) => ({
    member: Number(structIn(cell)['member'] ?? 0),
    value: structIn(cell)['value'] ?? null,
  }));
  const typeIds = Int8Array.from(members, ({ member }) => type.typeIds[member]!);
  const isDense = DataType.isDenseUnion(type);
  const counts = type.children.map(() => 0);
  const valueOffsets = Int32Array.from(members, ({ member }) => counts[member]!++);
  const children = type.children.map((field, ordinal) =>
    columnData(
      field.type,
      isDense
        ? members.filter(({ member }) => member === ordinal).map(({ value }) => value)
        : members.map(({ member, value }) => (member === ordinal ? value : null)),
    ),
  );
  return made(type, { length: cells.length, typeIds, children, ...(isDense ? { valueOffsets } : {}) });
}

function validityOf(cells: readonly RowValue[]): Layout {
  const nullCount = cells.filter((cell) => cell === null).length;
  return nullCount === 0 ? { nullCount } : { nullCount, nullBitmap: bitsOf(cells, (cell) => cell !== null) };
}

function bitsOf(cells: readonly RowValue[], isSet: (cell: RowValue) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(cells.length / 64) * 8);
  cells.forEach((cell, i) => {
    if (isSet(cell)) bits[i >> 3]! |= 1 << (i & 7);
  });
  return bits;
}

function listIn(cell: RowValue): readonly RowValue[] {
  return Array.isArray(cell) ? cell : [];
}

function structIn(cell: RowValue): RowStruct {
  // Whoever makes cells of a struct makes objects.
  return cell === null || typeof cell !== 'object' ? {} : (cell as RowStruct);
}

function structOf(schema: Schema): DataType {
  return new Struct(schema.fields);
}
