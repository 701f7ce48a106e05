import type { CsvDialect } from '../bulk-query/csv-dialect.ts';
import { ResultLines } from './result-lines.ts';
import { takeRows, uploadRows } from './upload-rows.ts';

/** The names an upload has in its header row. */
export async function headerOf(path: string, dialect: CsvDialect): Promise<readonly string[]> {
  await using rows = uploadRows(path, dialect);
  const [header] = await takeRows(rows, 1);
  return header?.cells ?? [];
}

/** The rows of an upload after the first ones, which were processed: cells as sent, without the header row. */
export async function* rowsAfter(
  path: string,
  dialect: CsvDialect,
  processedRows: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const lines = new ResultLines(dialect);
  let row = -1;
  for await (const { cells } of uploadRows(path, dialect)) {
    if (row >= processedRows) yield Buffer.from(lines.row(cells));
    row += 1;
  }
}
