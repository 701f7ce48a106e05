import { SluiceError, nearestName } from '@sluice/core';

import { quoteTable, type TableName } from '../client/identifier.ts';
import type { Session } from '../client/session.ts';
import type { ColumnType } from './column-type.ts';
import { columnTypes } from './type-catalog.ts';

export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly isRequired: boolean;
  /** Something else than null stands there when nothing is given. */
  readonly hasDefault: boolean;
  /** The server computes it and takes nothing. */
  readonly isGenerated: boolean;
}

export interface TableInfo {
  readonly name: TableName;
  readonly oid: number;
  readonly columns: readonly TableColumn[];
  /** Columns of each unique index over plain columns without a condition, the primary key first. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** From the statistics of the server; undefined where there are none. */
  readonly estimatedRows: number | undefined;
  readonly estimatedBytes: number;
  /** r table, p partitioned, v view, m materialised view, f foreign table. */
  readonly relationKind: string;
}

interface ColumnRow {
  readonly name: string;
  readonly oid: number;
  readonly typmod: number;
  readonly is_required: boolean;
  readonly has_default: boolean;
  readonly is_generated: boolean;
}

interface RelationRow {
  readonly oid: number;
  readonly rows: number;
  readonly bytes: number;
  readonly kind: string;
}

/** Undefined when there is no such table. */
export async function findTable(session: Session, name: TableName): Promise<TableInfo | undefined> {
  const what = `look at ${quoteTable(name)}`;
  const [relation] = await session.rows<RelationRow>(
    what,
    `SELECT c.oid::int8::float8 AS oid, c.reltuples::float8 AS rows, c.relkind AS kind,
            CASE WHEN c.relkind IN ('r', 'm', 'p') THEN pg_table_size(c.oid)::float8 ELSE 0 END AS bytes
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`,
    [name.schema, name.table],
  );
  if (relation === undefined) return undefined;
  const { oid, rows, bytes, kind } = relation;
  return {
    name,
    oid,
    columns: await readColumns(session, what, oid),
    uniqueKeys: await readUniqueKeys(session, what, oid),
    estimatedRows: rows < 0 ? undefined : rows,
    estimatedBytes: bytes,
    relationKind: kind,
  };
}

/** @throws `OBJECT_UNKNOWN`, with the nearest name there is. */
export async function requireTable(session: Session, name: TableName): Promise<TableInfo> {
  const found = await findTable(session, name);
  if (found !== undefined) return found;
  const tables = await session.rows<{ name: string }>(
    `look at ${quoteTable(name)}`,
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1 LIMIT 1000`,
    [name.schema],
  );
  const nearest = nearestName(
    name.table,
    tables.map((table) => table.name),
  );
  throw new SluiceError('OBJECT_UNKNOWN', `there is no table ${quoteTable(name)}, or the role may not see it`, {
    hint: nearest === undefined ? 'Check schema and table; names are case-sensitive here.' : `Did you mean ${nearest}?`,
  });
}

async function readColumns(session: Session, what: string, oid: number): Promise<readonly TableColumn[]> {
  const rows = await session.rows<ColumnRow>(
    what,
    `SELECT a.attname AS name, a.atttypid::int8::float8 AS oid, a.atttypmod AS typmod,
            a.attnotnull OR t.typnotnull AS is_required,
            a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL AS has_default,
            a.attgenerated <> '' OR a.attidentity = 'a' AS is_generated
       FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = $1::int8::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [oid],
  );
  const types = await columnTypes(session, rows);
  return rows.map((row, index) => ({
    name: row.name,
    type: types[index]!,
    isRequired: row.is_required,
    hasDefault: row.has_default,
    isGenerated: row.is_generated,
  }));
}

async function readUniqueKeys(session: Session, what: string, oid: number): Promise<readonly (readonly string[])[]> {
  const rows = await session.rows<{ columns: readonly string[] }>(
    what,
    `SELECT array_agg(a.attname::text ORDER BY k.place) AS columns
       FROM pg_index i
       CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
      WHERE i.indrelid = $1::int8::oid AND i.indisunique AND i.indisvalid AND i.indimmediate
        AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
      GROUP BY i.indexrelid, i.indisprimary ORDER BY i.indisprimary DESC, i.indexrelid`,
    [oid],
  );
  return rows.map(({ columns }) => columns);
}
