import { SluiceError } from '@sluice/core';

import type { TableInfo } from '../catalog/table-info.ts';
import { quoteName, quoteTable, type TableName } from '../client/identifier.ts';
import type { Session } from '../client/session.ts';
import type { TargetColumn } from './sink-state.ts';
import { PLACE_COLUMNS, stagingTables } from './staging.ts';

/** Of every table (PostgreSQL documentation, limits and system columns). */
const MAX_COLUMNS = 1600;
const SYSTEM_COLUMNS = ['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid'];

interface SchemaRow {
  readonly creates: boolean;
  readonly reads_only: boolean;
  readonly books: boolean | null;
}

/** @throws `OBJECT_UNKNOWN`, `TARGET_UNWRITABLE`; `PERMISSION_DENIED` when rows cannot be staged or runs recorded there. */
export async function requireSchema(session: Session, name: TableName): Promise<void> {
  const { schema } = name;
  const [found] = await session.rows<SchemaRow>(
    'look at the schema',
    `SELECT has_schema_privilege(n.oid, 'CREATE') AS creates, current_setting('transaction_read_only')::bool AS reads_only,
            has_table_privilege(r.oid, 'SELECT') AND has_table_privilege(r.oid, 'INSERT') AS books
       FROM pg_namespace n LEFT JOIN pg_class r ON r.relnamespace = n.oid AND r.relname = $2 WHERE n.nspname = $1`,
    [schema, stagingTables({ runId: '', table: name }).runs.table],
  );
  if (found === undefined) {
    throw new SluiceError('OBJECT_UNKNOWN', `PostgreSQL: there is no schema ${quoteName(schema)}`, {
      hint: 'Check the name, or create the schema; names are case-sensitive here.',
    });
  }
  if (found.reads_only) {
    throw new SluiceError('TARGET_UNWRITABLE', 'PostgreSQL: the database takes no writes from this role', {
      hint: 'Write to the primary server, as a role whose transactions are not read-only.',
    });
  }
  if (!found.creates) {
    throw new SluiceError(
      'PERMISSION_DENIED',
      `PostgreSQL: the role may not create tables in ${quoteName(schema)}, where rows are staged`,
      { hint: `Grant it CREATE on the schema.` },
    );
  }
  if (found.books === false) {
    throw new SluiceError(
      'PERMISSION_DENIED',
      `PostgreSQL: the role may not use ${quoteName(schema)}.sluice_runs, where runs are recorded`,
      { hint: 'Grant it SELECT and INSERT on that table.' },
    );
  }
}

/** @throws `TARGET_EXISTS` when something else has the name of the table that is to be made. */
export async function requireFree(session: Session, name: TableName): Promise<void> {
  const [taken] = await session.rows(
    `look at ${quoteTable(name)}`,
    `SELECT 1 FROM pg_namespace n WHERE n.nspname = $1 AND (
       EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname = $2) OR
       EXISTS (SELECT 1 FROM pg_type t WHERE t.typnamespace = n.oid AND t.typname = $2 AND t.typcategory <> 'A'))`,
    [name.schema, name.table],
  );
  if (taken === undefined) return;
  throw new SluiceError('TARGET_EXISTS', `PostgreSQL: ${quoteTable(name)} is there, and is not a table`, {
    hint: 'Choose another name for the table: indexes, sequences and types share one list of names with it.',
  });
}

/** @throws `TARGET_EXISTS` when there are rows in it. */
export async function requireEmpty(session: Session, name: TableName): Promise<void> {
  const [row] = await session.rows(`look at ${quoteTable(name)}`, `SELECT 1 FROM ${quoteTable(name)} LIMIT 1`);
  if (row === undefined) return;
  throw new SluiceError('TARGET_EXISTS', `PostgreSQL: there are rows in ${quoteTable(name)}, and the mode is create`, {
    hint: 'Choose append, overwrite or upsert, or another table.',
  });
}

/** @throws `CONFIG_INVALID` for views and foreign tables. */
export function requireTableKind({ name, relationKind }: TableInfo): void {
  if (relationKind === 'r' || relationKind === 'p') return;
  throw new SluiceError('CONFIG_INVALID', `PostgreSQL: ${quoteTable(name)} is not a table`, {
    hint: 'Write to the table behind it.',
  });
}

/** @throws `CONFIG_INVALID` when no staging table can have the columns. */
export function requireStageable(columns: readonly TargetColumn[], hasPlaces: boolean): void {
  const reserved: ReadonlySet<string> = new Set([...SYSTEM_COLUMNS, ...(hasPlaces ? PLACE_COLUMNS : [])]);
  const taken = columns.map(({ name }) => name).filter((name) => reserved.has(name));
  if (taken.length > 0) {
    throw new SluiceError('CONFIG_INVALID', `PostgreSQL: no staging table can have a column ${taken.join(', ')}`, {
      hint: 'Leave the columns out, or rename them with a mapping.',
    });
  }
  const room = MAX_COLUMNS - (hasPlaces ? PLACE_COLUMNS.length : 0);
  if (columns.length <= room) return;
  throw new SluiceError(
    'CONFIG_INVALID',
    `PostgreSQL: ${columns.length} columns are more than the ${room} there is room for`,
    {
      hint: 'Select fewer with a mapping: a table has 1,600 at most, of which staging may need three.',
    },
  );
}
