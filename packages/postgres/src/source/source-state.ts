import { SluiceError } from '@sluice/core';

import type { ColumnType } from '../catalog/column-type.ts';
import type { NumericBounds } from '../copy-out/arrow-column.ts';

/** JSON, so type aliases: interfaces have no index signature. */
export type PostgresPlan = {
  readonly version: 1;
  /** The rows to read, as SQL that gives the columns in order; conditions of splits go in between. */
  readonly select: string;
  /** What stands in front of the conditions of splits. */
  readonly conditions: readonly string[];
  /** The column that splits are ranges of, quoted, with the type of its bounds. */
  readonly splitBy: {
    readonly column: string;
    readonly type: string;
    /** Of the rows of a range, as SQL. */
    readonly order: string;
    readonly bounds: readonly string[];
  } | null;
  /** Types as JSON text: they hold optional members. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly numeric: { readonly precision: number; readonly scale: number } | null;
};

/** A range of the column that the table is split by; null at an open end. Rows without a value are in the first. */
export type PostgresSplit = {
  readonly version: 1;
  readonly from: string | null;
  readonly to: string | null;
};

export interface PlannedColumn {
  readonly name: string;
  readonly type: ColumnType;
}

export function requireVersion(what: string, { version }: { readonly version: number }): void {
  if (version === 1) return;
  throw new SluiceError('POSITION_UNSUPPORTED', `PostgreSQL: a ${what} of version ${version} cannot be read here`);
}

export function columnsOf({ columns }: PostgresPlan): readonly PlannedColumn[] {
  // Written when the plan was made.
  return columns.map(({ name, type }) => ({ name, type: JSON.parse(type) as ColumnType }));
}

export function numericOf({ numeric }: PostgresPlan): NumericBounds | undefined {
  return numeric ?? undefined;
}

/** The select of a plan with conditions in between. */
export function selectWhere(select: string, conditions: readonly string[]): string {
  return conditions.length === 0 ? select : `${select} WHERE ${conditions.join(' AND ')}`;
}
