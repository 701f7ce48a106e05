import type { Row, RowValue } from '@sluice/core';
import { DataType, Field, type RecordBatch, Schema, Utf8 } from 'apache-arrow';

import { batchOf } from './column-data.ts';
import { valuesOf } from './values/type-values.ts';

export interface TestColumn {
  readonly field: Field;
  /** What the remote side can hold. Default: the values of the type that go wrong most often. */
  readonly values?: readonly RowValue[];
}

/** Rows that a check works with. */
export interface TestTable {
  readonly schema: Schema;
  /** Tells each row from every other. */
  readonly identity: string;
  readonly rows: readonly Row[];
  /** Rows `from` to `to`, `to` not included, as a batch. */
  batch(from?: number, to?: number): RecordBatch;
}

export interface TableOptions {
  readonly columns: readonly TestColumn[];
  /** Name of a text or integer column that numbers the rows. */
  readonly identity: string;
  readonly rows: number;
  /** With the largest texts too, which take their time. Default false. */
  readonly hasLargeValues?: boolean;
}

/** In characters. */
const LARGE_TEXT = 1000;

/** So many rows, the values of each column one after the other, so that every value meets others. */
export function testTable({ columns, identity, rows, hasLargeValues = false }: TableOptions): TestTable {
  const schema = new Schema(columns.map(({ field }) => field));
  const sets = columns.map(({ field, values = valuesOf(field.type) }) =>
    hasLargeValues ? values : values.filter((value) => !(typeof value === 'string' && value.length > LARGE_TEXT)),
  );
  return tableOf(
    schema,
    identity,
    Array.from({ length: rows }, (_, row) =>
      Object.fromEntries(
        columns.map(({ field }, i) => [
          field.name,
          field.name === identity ? identityOf(field, row) : sets[i]![(row + i) % sets[i]!.length]!,
        ]),
      ),
    ),
  );
}

export function tableOf(schema: Schema, identity: string, rows: readonly Row[]): TestTable {
  return { schema, identity, rows, batch: (from = 0, to = rows.length) => batchOf(schema, rows.slice(from, to)) };
}

/** Enough rows that every value of every column is among them. */
export function rowsForAllValues(columns: readonly TestColumn[]): number {
  return Math.max(2, ...columns.map(({ field, values }) => (values ?? valuesOf(field.type)).length));
}

export const IDENTITY: TestColumn = { field: new Field('row_id', new Utf8(), true) };

function identityOf({ type }: Field, row: number): RowValue {
  if (DataType.isInt(type)) return type.bitWidth === 64 ? BigInt(row) : row;
  return `row ${String(row).padStart(7, '0')}`;
}
