import { SluiceError } from '@sluice/core';

import type { ColumnType } from '../catalog/column-type.ts';
import type { TableColumn, TableInfo } from '../catalog/table-info.ts';
import { quoteName, quoteTable } from '../client/identifier.ts';
import type { Session } from '../client/session.ts';

/** Types whose order the server's statistics tell. */
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

/** Tables whose blocks can be looked at by the way: plain, partitioned and materialised. */
const SAMPLED = /^[rpm]$/;
/** Enough for some hundred ranges of about the same size. */
const SAMPLE_ROWS = 30_000;
/** Statistics are out of date when the table has become so much larger than it was for them. */
const OUTGROWN = 1.5;

/** The column to split a table by: the one asked for, or that of a unique key of one column. */
export function splitColumn(table: TableInfo, splitBy: string | false | undefined): TableColumn | undefined {
  if (splitBy === false) return undefined;
  const name = splitBy ?? table.uniqueKeys.find((key) => key.length === 1)?.[0];
  const column = table.columns.find((some) => some.name === name);
  if (column !== undefined && ORDERED.has(column.type.kind)) return column;
  if (splitBy === undefined) return undefined;
  const what = column === undefined ? 'is not there' : `is ${column.type.name}`;
  throw new SluiceError(
    column === undefined ? 'FIELD_UNKNOWN' : 'CONFIG_INVALID',
    `PostgreSQL: ${quoteTable(table.name)} cannot be split by ${quoteName(splitBy)}, which ${what}`,
    { hint: 'Name a column of numbers, texts, dates or UUIDs, or set splitBy to false.' },
  );
}

/** What puts the rows of a range in one order: the column, and where it has a value twice or none, the place of the row. */
export function splitOrder({ uniqueKeys, relationKind }: TableInfo, { name, isRequired }: TableColumn): string {
  const isUnique = isRequired && uniqueKeys.some((key) => key.length === 1 && key[0] === name);
  const place = !isUnique && SAMPLED.test(relationKind) ? ', tableoid, ctid' : '';
  return `${quoteName(name)}${place}`;
}

/**
 * Where to cut the table into ranges of about `splitRows` rows: by the statistics of the server, or where it has none or
 * the table has outgrown them, by a sample. Wherever the cuts are, the ranges are the whole table once; no cuts where the
 * table is small, or no table.
 */
export async function splitBounds(
  session: Session,
  table: TableInfo,
  column: TableColumn,
  splitRows: number,
): Promise<readonly string[]> {
  const rows = await plannedRows(session, table);
  const splits = Math.ceil(rows / splitRows);
  if (splits < 2) return [];
  const isOutgrown = table.estimatedRows === undefined || rows > OUTGROWN * table.estimatedRows;
  const known = isOutgrown ? [] : await histogramBounds(session, table, column);
  if (known.length === 0) return [...new Set(await sampleBounds(session, table, column, splits, rows))];
  const cuts = Array.from(
    { length: splits - 1 },
    (_, i) => known[Math.round(((i + 1) * (known.length - 1)) / splits)]!,
  );
  return [...new Set(cuts)];
}

/** How many rows the server expects by the size that the table has now; also where it has no statistics. */
async function plannedRows(session: Session, { name }: TableInfo): Promise<number> {
  const [row] = await session.rows<{ 'QUERY PLAN': readonly [{ Plan: { 'Plan Rows': number } }] }>(
    'look at the statistics',
    `EXPLAIN (FORMAT JSON) SELECT 1 FROM ${quoteTable(name)}`,
  );
  return row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}

async function histogramBounds(session: Session, { name }: TableInfo, column: TableColumn): Promise<readonly string[]> {
  const [row] = await session.rows<{ bounds: readonly string[] | null }>(
    'look at the statistics',
    `SELECT histogram_bounds::text::text[] AS bounds FROM pg_stats
      WHERE schemaname = $1 AND tablename = $2 AND attname = $3 ORDER BY inherited DESC LIMIT 1`,
    [name.schema, name.table, column.name],
  );
  return row?.bounds ?? [];
}

async function sampleBounds(
  session: Session,
  { name, relationKind }: TableInfo,
  column: TableColumn,
  splits: number,
  rows: number,
): Promise<readonly string[]> {
  if (!SAMPLED.test(relationKind)) return [];
  const percent = Math.min(100, (100 * SAMPLE_ROWS) / rows);
  const shares = Array.from({ length: splits - 1 }, (_, i) => (i + 1) / splits);
  const [row] = await session.rows<{ bounds: readonly string[] | null }>(
    'look at a sample of the table',
    `SELECT (percentile_disc($1::float8[]) WITHIN GROUP (ORDER BY ${quoteName(column.name)}))::text[] AS bounds
       FROM ${quoteTable(name)} TABLESAMPLE SYSTEM (${percent}) REPEATABLE (0)`,
    [shares],
  );
  return (row?.bounds ?? []).filter((bound) => bound !== null);
}
