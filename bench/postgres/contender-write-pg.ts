import { readFileSync } from 'node:fs';

import { parse } from 'csv-parse/sync';
import pg from 'pg';

import { measurePrepared } from '../harness/measure.ts';
import { prepareTable } from './bench-table.ts';
import { postgresInput } from './postgres-input.ts';
import { tableFacts } from './table-facts.ts';

/** 20 columns of them are 20,000 parameters, of 65,535 that a statement may have. */
const STATEMENT_ROWS = 1000;

await measurePrepared(
  async (given) => {
    const input = postgresInput.parse(given);
    await prepareTable(input);
    const [, ...rows]: string[][] = parse(readFileSync(input.path));
    return { input, rows: rows.map((row) => row.map((cell) => (cell === '' ? null : cell))) };
  },
  async ({ input, rows }) => {
    const { host, port, database, user, table } = input;
    const client = new pg.Client({ host, port, database, user });
    await client.connect();
    await client.query('BEGIN');
    for (let from = 0; from < rows.length; from += STATEMENT_ROWS) {
      const some = rows.slice(from, from + STATEMENT_ROWS);
      await client.query(insertOf(table, some.length, some[0]!.length), some.flat());
    }
    await client.query('COMMIT');
    await client.end();
    return async () => await tableFacts(input);
  },
);

function insertOf(table: string, rows: number, columns: number): string {
  const tuples = Array.from({ length: rows }, (_, row) => {
    const places = Array.from({ length: columns }, (_place, column) => `$${row * columns + column + 1}`);
    return `(${places.join(',')})`;
  });
  return `INSERT INTO ${table} VALUES ${tuples.join(',')}`;
}
