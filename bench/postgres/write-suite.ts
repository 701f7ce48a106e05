import type { Suite, SuiteOptions } from '../harness/contender.ts';
import { contendersOf, openBenchDatabase } from './bench-database.ts';
import { absentPsql, ofPsql } from './psql-contender.ts';

const DEFAULT_ROWS = 200_000;

/** From columns in memory to rows of a table. */
export async function openPostgresWriteSuite({ rows = DEFAULT_ROWS }: SuiteOptions): Promise<Suite> {
  const db = await openBenchDatabase(rows);
  const contender = contendersOf(db);
  const { csvBytes: _, ...expected } = db.csv.facts;
  return {
    name: 'postgres-write',
    title: '20 columns in memory to a table of PostgreSQL',
    rows,
    bytes: db.csv.bytes,
    expected,
    contenders: [
      contender('sluice, new table', 'contender-write-sluice.ts', { isOurs: true, input: { table: 'made' } }),
      contender('sluice, append', 'contender-write-sluice.ts', {
        isOurs: true,
        input: { table: 'appended', isThere: true },
        caveat: 'staged beside the table, then moved in one transaction, so that the server writes each row twice',
      }),
      ...ofPsql(contender, 'contender-write-psql.ts', { input: { table: 'by_psql', isThere: true } }, 'a file of CSV'),
      contender('pg-copy-streams', 'contender-write-copy-streams.ts', {
        input: { table: 'by_copy_streams', isThere: true },
        caveat: 'a file of CSV, so that no value has to be formatted',
      }),
      contender('pg, multi-row INSERT', 'contender-write-pg.ts', {
        input: { table: 'by_pg', isThere: true },
        caveat: '1,000 rows a statement, of strings, so that no value has to be formatted',
      }),
    ],
    ...absentPsql(),
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}
