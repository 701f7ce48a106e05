import {
  Bool,
  type Data,
  DataType,
  Field,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Utf8,
} from 'apache-arrow';

import type { SideName } from '../contract/journal.ts';
import type { WrittenRow } from '../contract/sink.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { NO_ROW, takeRows } from '../mapping/take-rows.ts';
import type { RefusedRow } from './kept-rows.ts';

/** Columns beside those of the source. */
const COLUMNS: Readonly<Record<SideName, Readonly<Record<string, DataType>>>> = {
  rejected: {
    _split: new Int32(),
    _row: new Int64(),
    _stage: new Utf8(),
    _code: new Utf8(),
    _message: new Utf8(),
    _columns: new Utf8(),
  },
  written: { _split: new Int32(), _row: new Int64(), _id: new Utf8(), _created: new Bool() },
};

/**
 * The schema of rejected or written rows: the source's columns, all nullable since of a row that could not be read there
 * are none, then where a row comes from and what became of it.
 *
 * @throws `CONFIG_INVALID` for a source that has such a column; `TYPE_UNSUPPORTED` for a union, which has no null.
 */
export function sideSchema(side: SideName, source: Schema): Schema {
  const own = COLUMNS[side];
  for (const { name, type } of source.fields) {
    if (Object.hasOwn(own, name)) {
      throw new SluiceError('CONFIG_INVALID', `the source has a column ${name}, which ${side} rows have of their own`, {
        hint: `Rename it in the source, or do without a sink for ${side} rows.`,
      });
    }
    if (side === 'rejected' && holdsUnion(type)) {
      throw new SluiceError('TYPE_UNSUPPORTED', `column ${name} is a union, which rejected rows cannot have`);
    }
  }
  const fields = source.fields.map(({ name, type, metadata }) => new Field(name, type, true, metadata));
  const more = Object.entries(own).map(([name, type]) => new Field(name, type, true));
  return new Schema([...fields, ...more], source.metadata);
}

export interface RejectedRow extends RefusedRow {
  readonly stage: 'read' | 'map' | 'write' | 'commit';
}

/** A row of a batch, or none, and what there is to say of it. */
export interface SideRow<R> {
  readonly batchRow: number | undefined;
  readonly told: R;
}

export interface RowPlace {
  readonly split: number;
  /** Of the split, that the part begins with. */
  readonly startRow: number;
}

export function rejectedBatch(
  schema: Schema,
  batch: RecordBatch,
  rows: readonly SideRow<RejectedRow>[],
  place: RowPlace,
): RecordBatch {
  const told = rows.map((row) => row.told);
  return sideBatch(schema, batch, rows, [
    ...placeColumns(told, place),
    textColumn(told.map(({ stage }) => stage)),
    textColumn(told.map(({ code }) => code)),
    textColumn(told.map(({ message }) => message)),
    textColumn(told.map(({ columns }) => columns.join(','))),
  ]);
}

export function writtenBatch(
  schema: Schema,
  batch: RecordBatch,
  rows: readonly SideRow<WrittenRow>[],
  place: RowPlace,
): RecordBatch {
  const told = rows.map((row) => row.told);
  return sideBatch(schema, batch, rows, [
    ...placeColumns(told, place),
    textColumn(told.map(({ id }) => id)),
    boolColumn(told.map(({ created }) => created)),
  ]);
}

function sideBatch(
  schema: Schema,
  batch: RecordBatch,
  rows: readonly SideRow<unknown>[],
  own: readonly Data[],
): RecordBatch {
  const taken = Uint32Array.from(rows, ({ batchRow = NO_ROW }) => batchRow);
  const children = [...batch.data.children.map((child) => takeRows(child, taken)), ...own];
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children }),
  );
}

function placeColumns(rows: readonly { readonly row: number }[], { split, startRow }: RowPlace): readonly Data[] {
  const length = rows.length;
  return [
    makeData({ type: new Int32(), length, nullCount: 0, data: new Int32Array(length).fill(split) }),
    makeData({
      type: new Int64(),
      length,
      nullCount: 0,
      data: BigInt64Array.from(rows, ({ row }) => BigInt(startRow + row)),
    }),
  ];
}

function textColumn(texts: readonly string[]): Data {
  const bytes = texts.map((text) => Buffer.from(text));
  const valueOffsets = new Int32Array(texts.length + 1);
  bytes.forEach((one, i) => (valueOffsets[i + 1] = valueOffsets[i]! + one.length));
  return makeData({ type: new Utf8(), length: texts.length, nullCount: 0, valueOffsets, data: Buffer.concat(bytes) });
}

function boolColumn(values: readonly boolean[]): Data {
  const data = new Uint8Array((values.length + 7) >> 3);
  values.forEach((value, i) => (data[i >> 3]! |= value ? 1 << (i & 7) : 0));
  return makeData({ type: new Bool(), length: values.length, nullCount: 0, data });
}

function holdsUnion(type: DataType): boolean {
  return DataType.isUnion(type) || (type.children ?? []).some((field) => holdsUnion(field.type));
}
