import pg from 'pg';

import { BENCH_COLUMNS } from '../csv/csv-columns.ts';
import type { PostgresInput } from './postgres-input.ts';

/** One after another, on a connection of their own. */
export async function runSql(to: Pick<PostgresInput, 'host' | 'port' | 'database' | 'user'>, ...statements: string[]) {
  const { host, port, database, user } = to;
  const client = new pg.Client({ host, port, database, user });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** An empty table of the benchmark's columns. */
export function createTable(table: string): string {
  const columns = Object.entries(BENCH_COLUMNS).map(
    ([name, { sql }]) => `"${name}" ${sql === 'TIMESTAMP' ? 'timestamp with time zone' : sql}`,
  );
  return `CREATE TABLE ${table} (${columns.join(', ')})`;
}

/** A table to write to, new or empty; what came before is on disk, so that nobody's work falls on the next. */
export async function prepareTable(input: PostgresInput): Promise<void> {
  const { table, isThere } = input;
  const create = isThere ? [createTable(table)] : [];
  await runSql(input, `DROP TABLE IF EXISTS ${table}`, ...create, 'CHECKPOINT');
}

/** Cells in quotes, of which empty ones are null. */
export const CSV_FORM = '(FORMAT csv, HEADER, FORCE_NULL *)';
