import { SluiceError } from '@sluice/core';

import type { ColumnType } from '../catalog/column-type.ts';
import type { TableName } from '../client/identifier.ts';

/** How staged rows become rows of the table. */
export type Strategy =
  /** The staging table becomes the table. */
  | 'rename'
  | 'insert'
  /** What is in the table goes first, unless no row came. */
  | 'replace'
  | 'upsert';

export type TargetColumn = {
  readonly name: string;
  readonly type: ColumnType;
  readonly isRequired: boolean;
};

/** JSON, so type aliases: interfaces have no index signature. */
export type PostgresTarget = {
  readonly version: 1;
  /** Names the staging tables and the row of the bookkeeping. */
  readonly runId: string;
  readonly table: TableNameJson;
  readonly strategy: Strategy;
  /** The table is made at the commit, and rows are moved into it. */
  readonly isMissing: boolean;
  /** The table is there, and takes the rows only while it has none. */
  readonly isToBeEmpty: boolean;
  readonly keys: readonly string[];
  readonly truncatesWhenEmpty: boolean;
  /** In the order of the schema's columns. */
  readonly columns: readonly TargetColumnJson[];
};

type TableNameJson = { readonly schema: string; readonly table: string };
type TargetColumnJson = { readonly name: string; readonly type: string; readonly isRequired: boolean };

export type PostgresMessage = { readonly version: 1; readonly rows: number };

/** Of a target or a message. */
export function requireVersion({ version }: { readonly version: number }): void {
  if (version === 1) return;
  throw new SluiceError('POSITION_UNSUPPORTED', `PostgreSQL: what version ${version} has staged cannot be read here`);
}

/** Types hold optional members and lists, which travel as their JSON text. */
export function columnJson({ name, type, isRequired }: TargetColumn): TargetColumnJson {
  return { name, type: JSON.stringify(type), isRequired };
}

export function columnsOf({ columns }: PostgresTarget): readonly TargetColumn[] {
  // Written by `columnJson`.
  return columns.map(({ name, type, isRequired }) => ({ name, type: JSON.parse(type) as ColumnType, isRequired }));
}

export function tableOf({ table }: PostgresTarget): TableName {
  return table;
}
