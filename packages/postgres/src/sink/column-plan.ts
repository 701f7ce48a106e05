import { nearestName, SluiceError } from '@sluice/core';
import { DataType, type Schema, Type } from 'apache-arrow';

import type { TableColumn, TableInfo } from '../catalog/table-info.ts';
import { quoteTable } from '../client/identifier.ts';
import { columnWriters } from '../copy-in/column-writer.ts';
import type { TargetColumn } from './sink-state.ts';

/**
 * The column of the table for each column of the schema.
 *
 * @throws `FIELD_UNKNOWN`, `TYPE_UNSUPPORTED` or `CONFIG_INVALID`, naming all columns that are wrong.
 */
export function planColumns(schema: Schema, table: TableInfo): readonly TargetColumn[] {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const problems: ColumnProblem[] = [];
  const columns = schema.fields.flatMap(({ name, type }) => {
    const column = byName.get(name);
    const problem = column === undefined ? missing(name, table.columns) : problemOf(type, column);
    if (problem === undefined && column !== undefined) return [targetColumn(column)];
    problems.push({ column: name, ...problem! });
    return [];
  });
  const given = new Set(schema.fields.map(({ name }) => name));
  for (const column of table.columns) {
    if (given.has(column.name) || !column.isRequired || column.hasDefault || column.isGenerated) continue;
    problems.push({
      column: column.name,
      code: 'CONFIG_INVALID',
      message: 'takes no null, and no column is given for it',
    });
  }
  if (problems.length > 0) throw planFault(table, problems);
  return columns;
}

interface ColumnProblem {
  readonly column: string;
  readonly code: 'FIELD_UNKNOWN' | 'TYPE_UNSUPPORTED' | 'CONFIG_INVALID';
  readonly message: string;
}

type Problem = Omit<ColumnProblem, 'column'>;

function missing(name: string, columns: readonly TableColumn[]): Problem {
  const nearest = nearestName(
    name,
    columns.map((column) => column.name),
  );
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return { code: 'FIELD_UNKNOWN', message: `is not in the table${hint}` };
}

function problemOf(type: DataType, column: TableColumn): Problem | undefined {
  if (column.isGenerated) return { code: 'CONFIG_INVALID', message: 'is computed by the server' };
  if (DataType.isNull(type) && column.isRequired) {
    return { code: 'CONFIG_INVALID', message: 'takes no null, and every value is null' };
  }
  if (columnWriters(type, column.type) !== undefined) return undefined;
  const from = Type[type.typeId];
  return {
    code: 'TYPE_UNSUPPORTED',
    message: `is ${column.type.name}, which cannot hold every value of ${from} as it is`,
  };
}

function targetColumn({ name, type, isRequired }: TableColumn): TargetColumn {
  return { name, type, isRequired };
}

function planFault({ name }: TableInfo, problems: readonly ColumnProblem[]): SluiceError {
  const told = problems.map(({ column, message }) => `${column} ${message}`).join('; ');
  return new SluiceError(problems[0]!.code, `PostgreSQL: columns do not fit ${quoteTable(name)}: ${told}`, {
    hint: 'Select, rename or cast columns with a mapping, or change the table.',
  });
}
