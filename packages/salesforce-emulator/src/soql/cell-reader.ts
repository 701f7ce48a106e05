import { isCompound } from '../org/field-capabilities.ts';
import { componentNames } from '../org/field-definition.ts';
import type { Cell, FieldType } from '../org/org.ts';
import { formatCell, labelOfCell } from './cell-format.ts';
import type { Expression } from './expression-compiler.ts';
import { type QueryScope, visibleField } from './query-scope.ts';

export type SqliteValue = string | number | bigint | null;

/** The SQL columns a selected expression needs, and how a cell is made of their values. */
export interface CellReader {
  readonly columns: readonly string[];
  /** Absent when the one column holds the cell as it is. */
  readonly read?: (values: readonly SqliteValue[]) => Cell;
}

export function cellReader(scope: QueryScope, expression: Expression, readsBigInts: boolean): CellReader {
  if (isCompound(expression.field)) return compoundReader(scope, expression);
  const columns = [expression.sql];
  const change = cellChange(expression, readsBigInts);
  if (change === undefined) return { columns };
  return { columns, read: ([value = null]) => (value === null ? null : change(value)) };
}

type CellChange = (value: Exclude<SqliteValue, null>) => Cell;

function cellChange(expression: Expression, readsBigInts: boolean): CellChange | undefined {
  const { field, type, functions, isAggregate } = expression;
  if (isAggregate && functions[0] !== 'FORMAT') return aggregateChange(type, readsBigInts);
  if (field.masked) return (value) => '*'.repeat(String(value).length);
  const isBare = functions.every((name) => name !== 'FORMAT' && name !== 'TOLABEL');
  if (isBare) return storedChange(type, readsBigInts);
  const changes = [...functions].reverse().map((name): CellChange | undefined => {
    if (name === 'FORMAT') return (value) => formatCell(value, field.type, field);
    return name === 'TOLABEL' ? (value) => labelOfCell(String(value), field) : undefined;
  });
  return (value) =>
    changes.reduce<Cell>(
      (cell, change) => (change === undefined || cell === null || typeof cell === 'boolean' ? cell : change(cell)),
      value,
    );
}

function storedChange(type: FieldType, readsBigInts: boolean): CellChange | undefined {
  if (type === 'boolean') return (value) => Number(value) === 1;
  if (type === 'int' && readsBigInts) return Number;
  return undefined;
}

/** SQLite adds up integers as integers, and everything else as doubles, whatever the column holds. */
function aggregateChange(type: FieldType, readsBigInts: boolean): CellChange | undefined {
  if (type === 'boolean') return (value) => Number(value) === 1;
  if (type === 'long') return (value) => (typeof value === 'number' ? BigInt(value) : value);
  return readsBigInts ? (value) => (typeof value === 'bigint' ? Number(value) : value) : undefined;
}

/** The JSON object that REST shows; null when every component is. */
function compoundReader(scope: QueryScope, { field, resolved }: Expression): CellReader {
  const node = resolved!.node;
  const parts = componentNames(field).flatMap(({ key, name }) => {
    const component = visibleField(node.object, name);
    return component === undefined ? [] : [{ key, type: component.type, column: scope.column(node, component.name) }];
  });
  return {
    columns: parts.map(({ column }) => column),
    read: (values) => {
      if (values.every((value) => value === null)) return null;
      const members = parts.map(({ key, type }, index) => {
        const value = values[index] ?? null;
        // Decimal text of an org of exact decimals is a JSON number already.
        const json = type === 'double' && typeof value === 'string' ? value : JSON.stringify(value);
        return `${JSON.stringify(key)}:${json}`;
      });
      return `{${members.join(',')}}`;
    },
  };
}
