import { createReadStream } from 'node:fs';

import { COLUMN_DELIMITERS, type CsvDialect } from '../bulk-query/csv-dialect.ts';
import { type CsvBounds, type CsvRow, CsvScanner } from './csv-scanner.ts';

/** Documented bounds of an upload, in characters (Bulk API 2.0 limits, v66). */
const UPLOAD_BOUNDS: CsvBounds = { cellCharacters: 131_072, rowCharacters: 400_000 };
const READ_BYTES = 65_536;

/** The rows of an upload, the header row first, read from its file as they are pulled. */
export async function* uploadRows(
  path: string,
  { columnDelimiter }: Pick<CsvDialect, 'columnDelimiter'>,
): AsyncGenerator<CsvRow, void, undefined> {
  const scanner = new CsvScanner(COLUMN_DELIMITERS[columnDelimiter], UPLOAD_BOUNDS);
  // A byte order mark stays: an org takes it for a part of the first name.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  // Without an encoding set, a file stream yields buffers.
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Uint8Array>) {
    yield* scanner.push(decoder.decode(chunk, { stream: true }));
  }
  yield* scanner.push(decoder.decode());
  yield* scanner.end();
}

/** Pulls up to `rows` rows. */
export async function takeRows(source: AsyncIterator<CsvRow>, rows: number): Promise<CsvRow[]> {
  const taken: CsvRow[] = [];
  while (taken.length < rows) {
    const next: IteratorResult<CsvRow, unknown> = await source.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}
