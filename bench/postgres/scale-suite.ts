import { BENCH_COLUMNS } from '../csv/csv-columns.ts';
import type { Contender, Suite, SuiteOptions } from '../harness/contender.ts';
import { contendersOf, openBenchDatabase } from './bench-database.ts';
import { runSql } from './bench-table.ts';

const DEFAULT_ROWS = 100_000;
const SCALES = [1, 10];
/** As many ranges of a table as are read at once, or more. */
const RANGES = 4;

/** Tables of more and more rows, from one table to another: what grows with them, and what does not. */
export async function openPostgresScaleSuite({ rows = DEFAULT_ROWS }: SuiteOptions): Promise<Suite> {
  await using opening = new AsyncDisposableStack();
  const db = opening.use(await openBenchDatabase(rows));
  const contenders: Contender[] = [];
  for (const scale of SCALES) {
    const table = `bench_rows_${scale}`;
    await runSql(db.options, ...repeatedTable(table, scale));
    contenders.push(
      contendersOf(db)(`sluice, ${scale} x`, 'contender-scale-table.ts', {
        isOurs: true,
        rows: rows * scale,
        bytes: db.csv.bytes * scale,
        input: { table, splitRows: Math.ceil(rows / RANGES) },
        expected: { rows: rows * scale },
      }),
    );
  }
  const opened = opening.move();
  return {
    name: 'postgres-scale',
    title: 'a table of more and more rows to another table',
    rows,
    bytes: db.csv.bytes,
    expected: {},
    contenders,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** The rows again and again, each time under other ids. */
function repeatedTable(table: string, times: number): readonly string[] {
  const others = Object.keys(BENCH_COLUMNS).slice(1);
  return [
    `CREATE TABLE ${table} AS SELECT lpad(n::text, 3, '0') || substr("Id", 4) AS "Id", "${others.join('", "')}"
       FROM bench_rows, generate_series(1, ${times}) AS times (n) ORDER BY 1`,
    `ALTER TABLE ${table} ADD PRIMARY KEY ("Id")`,
    `VACUUM ANALYZE ${table}`,
  ];
}
