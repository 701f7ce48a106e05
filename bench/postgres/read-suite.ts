import type { Suite, SuiteOptions } from '../harness/contender.ts';
import { contendersOf, openBenchDatabase } from './bench-database.ts';
import { absentPsql, ofPsql } from './psql-contender.ts';

const DEFAULT_ROWS = 200_000;

/** From a table to columns in memory. */
export async function openPostgresReadSuite({ rows = DEFAULT_ROWS }: SuiteOptions): Promise<Suite> {
  const db = await openBenchDatabase(rows);
  const contender = contendersOf(db);
  const { csvBytes: _, ...facts } = db.csv.facts;
  return {
    name: 'postgres-read',
    title: 'a table of PostgreSQL with 20 columns to columns in memory',
    rows,
    bytes: db.csv.bytes,
    expected: { ...facts, holdsRows: 1 },
    contenders: [
      contender('sluice', 'contender-read-sluice.ts', { isOurs: true }),
      ...ofPsql(contender, 'contender-read-psql.ts', {}, 'to a file of CSV'),
      contender('pg-query-stream', 'contender-read-query-stream.ts', { caveat: 'objects, decimals as strings' }),
      contender('COPY, bytes', 'contender-read-bytes.ts', {
        caveat: 'the binary form by pg-copy-streams, bytes that nobody looks at: the floor',
      }),
    ],
    ...absentPsql(),
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}
