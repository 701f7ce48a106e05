import { SluiceError } from '@sluice/core';

import type { ColumnType } from '../catalog/column-type.ts';
import type { TableColumn, TableInfo } from '../catalog/table-info.ts';
import { quoteName, quoteTable } from '../client/identifier.ts';
import type { Session } from '../client/session.ts';

/** Types whose ranges the server's statistics tell. */
const ORDERED: ReadonlySet<ColumnType['kind']> = new Set([
  'int2',
  'int4',
  'int8',
  'numeric',
  'date',
  'timestamp',
  'timestamptz',
  'uuid',
  'text',
]);

/** The column to split a table by: the one asked for, or that of a unique key of one column. */
export function splitColumn(table: TableInfo, splitBy: string | false | undefined): TableColumn | undefined {
  if (splitBy === false) return undefined;
  const name = splitBy ?? table.uniqueKeys.find((key) => key.length === 1)?.[0];
  const column = table.columns.find((some) => some.name === name);
  if (column !== undefined && column.isRequired && ORDERED.has(column.type.kind)) return column;
  if (splitBy === undefined) return undefined;
  const what = column === undefined ? 'is not there' : column.isRequired ? `is ${column.type.name}` : 'may be null';
  throw new SluiceError(
    column === undefined ? 'FIELD_UNKNOWN' : 'CONFIG_INVALID',
    `PostgreSQL: ${quoteTable(table.name)} cannot be split by ${quoteName(splitBy)}, which ${what}`,
    { hint: 'Name a column of numbers, texts, dates or UUIDs without nulls, or set splitBy to false.' },
  );
}

/** Where to cut the table, by the statistics of the server; none where it has none, or the table is small. */
export async function splitBounds(
  session: Session,
  { name, estimatedRows = 0 }: TableInfo,
  column: TableColumn,
  splitRows: number,
): Promise<readonly string[]> {
  const splits = Math.ceil(estimatedRows / splitRows);
  if (splits < 2) return [];
  const [row] = await session.rows<{ bounds: readonly string[] | null }>(
    'look at the statistics',
    `SELECT histogram_bounds::text::text[] AS bounds FROM pg_stats
      WHERE schemaname = $1 AND tablename = $2 AND attname = $3`,
    [name.schema, name.table, column.name],
  );
  const bounds = row?.bounds ?? [];
  const cuts = Array.from(
    { length: splits - 1 },
    (_, i) => bounds[Math.round(((i + 1) * (bounds.length - 1)) / splits)],
  );
  return [...new Set(cuts.filter((cut) => cut !== undefined))];
}
