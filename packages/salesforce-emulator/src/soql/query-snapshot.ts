import type { DatabaseSync } from 'node:sqlite';

import type { Cell, RecordIdentity } from '../org/org.ts';
import type { CellReader, SqliteValue } from './cell-reader.ts';
import type { RecordNode } from './query-scope.ts';
import type { Sql } from './sql-fragment.ts';

const ROWS_PER_READ = 1000;

/** What a query's rows were when it ran, in a temporary table whose `rowid` counts them from 1 in their order. */
export interface QuerySnapshot extends Disposable {
  readonly totalRows: number;
  rows(offset: number, limit: number): Iterable<readonly Cell[]>;
  identities(offset: number, limit: number): Iterable<readonly (RecordIdentity | null)[]>;
}

export interface SnapshotPlan {
  readonly readers: readonly CellReader[];
  /** The row itself and the parents, in the order of their identities. */
  readonly nodes: readonly { readonly node: RecordNode; readonly idSql: string }[];
  /** From FROM to OFFSET. */
  readonly rest: Sql;
  readonly readsBigInts: boolean;
}

let snapshots = 0;

export function takeSnapshot(database: DatabaseSync, plan: SnapshotPlan): QuerySnapshot {
  snapshots += 1;
  const table = `temp.q${snapshots}`;
  const cells = plan.readers.flatMap(({ columns }) => columns);
  const ids = plan.nodes.map(({ idSql }) => idSql);
  const select = [...cells.map((column, n) => `${column} AS c${n}`), ...ids.map((id, n) => `${id} AS i${n}`)];
  database.prepare(`CREATE TABLE ${table} AS SELECT ${select.join(', ')} ${plan.rest.text}`).run(...plan.rest.params);
  const totalRows = Number(database.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get()?.['n']);
  let isDisposed = false;

  const read = function* (columns: string, offset: number, limit: number): Iterable<SqliteValue[]> {
    const end = Math.min(totalRows, offset + limit);
    for (let start = offset; start < end; start += ROWS_PER_READ) {
      if (isDisposed) throw new Error('this query result has been disposed of');
      const statement = database.prepare(`SELECT ${columns} FROM ${table} WHERE rowid > ? AND rowid <= ?`);
      statement.setReturnArrays(true);
      statement.setReadBigInts(plan.readsBigInts);
      // Arrays of plain values, since no column is a blob.
      yield* statement.all(start, Math.min(end, start + ROWS_PER_READ)) as unknown as SqliteValue[][];
    }
  };

  return {
    totalRows,
    rows: (offset, limit) => readCells(plan.readers, read(columnList('c', cells.length), offset, limit)),
    identities: (offset, limit) =>
      ids.length === 0 ? [] : readIdentities(plan.nodes, read(columnList('i', ids.length), offset, limit)),
    [Symbol.dispose]: () => {
      if (isDisposed) return;
      isDisposed = true;
      if (database.isOpen) database.exec(`DROP TABLE ${table}`);
    },
  };
}

function columnList(prefix: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`).join(', ');
}

function* readCells(readers: readonly CellReader[], rows: Iterable<SqliteValue[]>): Iterable<readonly Cell[]> {
  const isWhole = readers.every(({ columns, read }) => columns.length === 1 && read === undefined);
  if (isWhole) {
    yield* rows;
    return;
  }
  const plans = readers.map(({ columns, read }, index) => {
    const start = readers.slice(0, index).reduce((sum, reader) => sum + reader.columns.length, 0);
    return { start, end: start + columns.length, read };
  });
  for (const row of rows) {
    yield plans.map(({ start, end, read }) => (read === undefined ? row[start]! : read(row.slice(start, end))));
  }
}

function* readIdentities(
  nodes: SnapshotPlan['nodes'],
  rows: Iterable<SqliteValue[]>,
): Iterable<readonly (RecordIdentity | null)[]> {
  for (const row of rows) yield nodes.map(({ node }, index) => identity(node, row[index] ?? null));
}

/** The object of a polymorphic parent is told by the key prefix of its id. */
function identity({ tables }: RecordNode, id: SqliteValue): RecordIdentity | null {
  if (typeof id !== 'string') return null;
  const table = tables.find(({ object }) => id.startsWith(object.keyPrefix)) ?? tables[0]!;
  return { object: table.object.name, id };
}
