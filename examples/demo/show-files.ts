import { DuckDBInstance } from '@duckdb/node-api';

import { count } from './show-progress.ts';

const SHOWN_ROWS = 3;
const SHOWN_CHARACTERS = 26;

/** What DuckDB finds in the files: each column with its type and its first values. */
export async function showFiles(folder: string, names: readonly string[]): Promise<void> {
  const duckdb = await DuckDBInstance.create(':memory:');
  const connection = await duckdb.connect();
  const query = async (sql: string): Promise<readonly (readonly string[])[]> => {
    const result = await connection.runAndReadAll(sql);
    return result.getRows().map((row) => row.map((value) => (value === null ? '' : String(value))));
  };
  try {
    for (const name of names) {
      const files = `read_parquet('${folder.replaceAll("'", "''")}${name}/*.parquet')`;
      const types = await query(`DESCRIBE SELECT * FROM ${files}`);
      const [[rows = ''] = []] = await query(`SELECT count(*) FROM ${files}`);
      const first = await query(`SELECT * FROM ${files} ORDER BY Id LIMIT ${SHOWN_ROWS}`);
      console.log(`\n${name}, read back with DuckDB: ${count(Number(rows))} rows`);
      printTable(types.map(([column = '', type = ''], i) => [column, type, ...first.map((row) => row[i] ?? '')]));
    }
  } finally {
    connection.closeSync();
    duckdb.closeSync();
  }
}

function printTable(lines: readonly (readonly string[])[]): void {
  const cells = lines.map((line) => line.map((cell, i) => (i < 2 ? cell : shortened(cell))));
  const widths = cells[0]?.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0))) ?? [];
  for (const line of cells) console.log(`  ${line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd());
}

function shortened(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}
