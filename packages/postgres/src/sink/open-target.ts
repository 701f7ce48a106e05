import { randomBytes } from 'node:crypto';

import { type Context, type Intent, SluiceError } from '@sluice/core';
import type { Schema } from 'apache-arrow';

import { findTable, requireTable, type TableInfo } from '../catalog/table-info.ts';
import { columnTypes } from '../catalog/type-catalog.ts';
import { quoteName, quoteTable, type TableName } from '../client/identifier.ts';
import type { Session } from '../client/session.ts';
import { planColumns } from './column-plan.ts';
import type { ParsedSinkOptions } from './sink-options.ts';
import { columnJson, type PostgresTarget, type Strategy, type TargetColumn } from './sink-state.ts';
import { createStaging } from './staging.ts';
import { tableType } from './table-types.ts';
import { requireEmpty, requireFree, requireSchema, requireStageable, requireTableKind } from './target-place.ts';
import { requireRights } from './target-rights.ts';

const RUN_KEY = 'runId';

/** @throws whatever makes the rows impossible to write, before anything is created. */
export async function openTarget(
  session: Session,
  {
    options,
    schema,
    intent,
    ctx,
  }: {
    readonly options: ParsedSinkOptions;
    readonly schema: Schema;
    readonly intent: Intent;
    readonly ctx: Context;
  },
): Promise<PostgresTarget> {
  const name = { schema: options.schema, table: options.table };
  await requireSchema(session, name);
  const table = await findOrMiss(session, name, intent, options);
  if (table === undefined) await requireFree(session, name);
  else requireTableKind(table);
  const keys = intent.keys ?? [];
  const columns =
    table === undefined ? await newColumns(session, schema, intent) : requiringKeys(planColumns(schema, table), intent);
  if (intent.mode === 'upsert') requireKeys(keys, columns, table);
  requireStageable(columns, strategyOf(intent, table) !== 'rename');
  if (table !== undefined) await requireRights(session, table, intent, columns);
  const target: PostgresTarget = {
    version: 1,
    runId: await runIdOf(ctx),
    table: name,
    strategy: strategyOf(intent, table),
    isMissing: table === undefined && intent.mode === 'upsert',
    isToBeEmpty: table !== undefined && intent.mode === 'create',
    keys: [...keys],
    truncatesWhenEmpty: intent.truncateWhenEmpty === true,
    columns: columns.map(columnJson),
  };
  await createTables(session, target, columns);
  return target;
}

function strategyOf({ mode }: Intent, table: TableInfo | undefined): Strategy {
  if (mode === 'upsert') return 'upsert';
  if (table === undefined) return 'rename';
  return mode === 'overwrite' ? 'replace' : 'insert';
}

async function runIdOf({ memo }: Context): Promise<string> {
  const known = memo.get(RUN_KEY);
  if (typeof known === 'string') return known;
  const runId = randomBytes(8).toString('hex');
  await memo.set(RUN_KEY, runId);
  return runId;
}

async function findOrMiss(
  session: Session,
  name: TableName,
  { mode }: Intent,
  { createTable }: ParsedSinkOptions,
): Promise<TableInfo | undefined> {
  const table = mode === 'create' || createTable ? await findTable(session, name) : await requireTable(session, name);
  if (table !== undefined && mode === 'create') await requireEmpty(session, name);
  return table;
}

/** An index takes any number of rows without a key, so that an upsert would add them anew each time. */
function requiringKeys(columns: readonly TargetColumn[], { mode, keys = [] }: Intent): readonly TargetColumn[] {
  if (mode !== 'upsert') return columns;
  return columns.map((column) => (keys.includes(column.name) ? { ...column, isRequired: true } : column));
}

/** Columns of a table that does not exist yet, keys without nulls. */
async function newColumns(session: Session, schema: Schema, { keys = [] }: Intent): Promise<readonly TargetColumn[]> {
  const declared = schema.fields.map(({ name, type }) => ({ name, sqlType: tableType(type), arrow: String(type) }));
  const unknown = declared.filter(({ sqlType }) => sqlType === undefined);
  if (unknown.length > 0) {
    const told = unknown.map(({ name, arrow }) => `${name} (${arrow})`).join(', ');
    throw new SluiceError('TYPE_UNSUPPORTED', `PostgreSQL: no type of a table holds every value of ${told}`, {
      hint: 'Leave the columns out or cast them with a mapping.',
    });
  }
  for (const { name } of declared) quoteName(name, `the column ${JSON.stringify(name)}`);
  const rows = await session.rows<{ oid: number; typmod: number }>(
    'look types up',
    `SELECT t.type::regtype::oid::int8::float8 AS oid, -1 AS typmod FROM unnest($1::text[]) WITH ORDINALITY AS t (type, place)
      ORDER BY place`,
    [declared.map(({ sqlType }) => sqlType!.replace(/\(.*\)/, ''))],
  );
  const types = await columnTypes(session, rows);
  return declared.map(({ name, sqlType }, index) => {
    const bounds = /^numeric\((\d+),(\d+)\)$/.exec(sqlType!);
    const type = { ...types[index]!, name: sqlType! };
    return {
      name,
      type: bounds === null ? type : { ...type, precision: Number(bounds[1]), scale: Number(bounds[2]) },
      isRequired: keys.includes(name),
    };
  });
}

function requireKeys(keys: readonly string[], columns: readonly TargetColumn[], table: TableInfo | undefined): void {
  if (keys.length === 0) {
    throw new SluiceError('CONFIG_INVALID', 'PostgreSQL: upsert needs the columns that identify a row', {
      hint: 'Give `keys`.',
    });
  }
  const unknown = keys.filter((key) => !columns.some(({ name }) => name === key));
  if (unknown.length > 0) {
    throw new SluiceError('FIELD_UNKNOWN', `PostgreSQL: no column is called ${unknown.join(', ')}, which keys name`, {
      hint: 'Correct `keys`.',
    });
  }
  const wanted = [...keys].sort().join('\0');
  if (table === undefined || table.uniqueKeys.some((unique) => [...unique].sort().join('\0') === wanted)) return;
  throw new SluiceError(
    'CONFIG_INVALID',
    `PostgreSQL: ${quoteTable(table.name)} has no unique index on ${keys.join(', ')} alone`,
    { hint: 'Create one, or choose other keys.' },
  );
}

async function createTables(session: Session, target: PostgresTarget, columns: readonly TargetColumn[]): Promise<void> {
  // Two runs at once may both find the bookkeeping missing.
  await session.run(
    'create the staging tables',
    `BEGIN; SELECT pg_advisory_xact_lock(hashtext('sluice_runs')); ${createStaging(target, columns)}; COMMIT`,
  );
}
