import { closeSync, openSync, readSync } from 'node:fs';

import { csvDecoder, type CsvEngine, parseHeaderRow } from '@sluice/formats/csv';
import type { RecordBatch } from 'apache-arrow';

import { benchSchema } from './csv-columns.ts';

const CHUNK_BYTES = 262_144;
const BATCH = { rows: 65_536, bytes: 4 * 1_048_576 };

/** Every batch of a file, read in chunks. */
export function* decodeFile(path: string, engine: CsvEngine): Generator<RecordBatch> {
  const file = openSync(path, 'r');
  try {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const head = chunk.subarray(0, readSync(file, chunk));
    const header = parseHeaderRow(head, false);
    if (header === undefined) throw new Error(`${path} has no header row`);
    const columns = header.cells.map((name) => benchSchema.fields.findIndex((field) => field.name === name));
    const decoder = csvDecoder({ schema: benchSchema, columns, batch: BATCH, engine });
    for (let bytes = head.subarray(header.byteLength); bytes.length > 0;) {
      for (const { batch } of decoder.write(bytes)) yield batch;
      bytes = chunk.subarray(0, readSync(file, chunk));
    }
    for (const { batch } of decoder.end()) yield batch;
  } finally {
    closeSync(file);
  }
}
