import { type Note, nearestName, type Plan, SluiceError } from '@sluice/core';

import { requireTable, type TableColumn, type TableInfo } from '../catalog/table-info.ts';
import { quoteName, quoteTable } from '../client/identifier.ts';
import type { Session } from '../client/session.ts';
import { schemaOf, selectList } from './plan-columns.ts';
import type { ParsedTableOptions } from './source-options.ts';
import { type PlannedColumn, type PostgresPlan, selectWhere } from './source-state.ts';
import { splitBounds, splitColumn, splitOrder } from './split-bounds.ts';

/** @throws `OBJECT_UNKNOWN`, `FIELD_UNKNOWN`, `PERMISSION_DENIED`; `QUERY_INVALID` for a condition the server cannot read. */
export async function planTable(session: Session, options: ParsedTableOptions): Promise<Plan<PostgresPlan>> {
  const table = await requireTable(session, { schema: options.schema, table: options.table });
  const columns = chosenColumns(table, options.columns);
  const select = `SELECT ${selectList(columns)} FROM ${quoteTable(table.name)}`;
  const conditions = options.where === undefined ? [] : [`(${options.where}\n)`];
  // The server reads it, and says whether the role may.
  await session.describe(`read ${quoteTable(table.name)}`, `${selectWhere(select, conditions)} LIMIT 0`);
  const column = splitColumn(table, options.splitBy);
  const bounds = column === undefined ? [] : await splitBounds(session, table, column, options.splitRows);
  const { numeric } = options;
  return {
    state: {
      version: 1,
      select,
      conditions,
      splitBy: column === undefined ? null : splitBy(table, column, bounds),
      columns: columns.map(({ name, type }) => ({ name, type: JSON.stringify(type) })),
      numeric: numeric ?? null,
    },
    schema: schemaOf(columns, numeric),
    estimate: estimateOf(table, options),
    notes: notesOf(columns),
  };
}

function splitBy(table: TableInfo, column: TableColumn, bounds: readonly string[]): PostgresPlan['splitBy'] {
  const { name, type } = column;
  return {
    column: quoteName(name),
    type: type.name,
    order: splitOrder(table, column),
    bounds: [...bounds],
  };
}

function estimateOf(
  { estimatedRows, estimatedBytes }: TableInfo,
  { where }: ParsedTableOptions,
): Plan<PostgresPlan>['estimate'] {
  if (where !== undefined || estimatedRows === undefined) return {};
  return { rows: estimatedRows, bytes: estimatedBytes };
}

function chosenColumns({ name, columns }: TableInfo, chosen: readonly string[] | undefined): readonly PlannedColumn[] {
  if (chosen === undefined) return columns;
  const byName = new Map(columns.map((column): [string, TableColumn] => [column.name, column]));
  const unknown = chosen.filter((column) => !byName.has(column));
  if (unknown.length > 0) {
    const told = unknown.map((column) => {
      const nearest = nearestName(column, [...byName.keys()]);
      return nearest === undefined ? column : `${column} (did you mean ${nearest}?)`;
    });
    throw new SluiceError('FIELD_UNKNOWN', `PostgreSQL: ${quoteTable(name)} has no column ${told.join(', ')}`);
  }
  const repeated = chosen.find((column, index) => chosen.indexOf(column) !== index);
  if (repeated !== undefined) {
    throw new SluiceError('CONFIG_INVALID', `PostgreSQL: the column ${repeated} is asked for twice`);
  }
  return chosen.map((column) => byName.get(column)!);
}

export function notesOf(columns: readonly PlannedColumn[]): readonly Note[] {
  const texts = columns.filter(({ type }) => type.kind === 'other');
  if (texts.length === 0) return [];
  const told = texts.map(({ name, type }) => `${name} (${type.name})`).join(', ');
  return [{ code: 'READ_AS_TEXT', message: `Arrow has no type for these columns, which are read as text: ${told}.` }];
}
