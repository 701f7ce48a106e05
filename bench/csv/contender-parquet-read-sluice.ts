import { open } from 'node:fs/promises';

import { parquet } from '@sluice/formats/parquet';
import type { RecordBatch } from 'apache-arrow';

import { measure } from '../harness/measure.ts';
import { csvInput } from './csv-input.ts';
import { parquetPath } from './parquet-path.ts';

const BATCH = { rows: 65_536, bytes: 4 * 1_048_576 };

await measure(async (given) => {
  const file = await open(parquetPath(csvInput.parse(given)));
  try {
    const { signal } = new AbortController();
    const { size: byteLength } = await file.stat();
    const read = async ({ start, end }: { readonly start: number; readonly end: number }): Promise<Uint8Array> =>
      (await file.read(new Uint8Array(end - start), { position: start })).buffer;
    const opened = await parquet().open!({ byteLength, read }, { signal });
    const batches: RecordBatch[] = [];
    for (const split of opened.splits) {
      for await (const batch of opened.read(split, { batch: BATCH, signal })) batches.push(batch);
    }
    return async () => (await import('./batch-facts.ts')).batchFacts(batches);
  } finally {
    await file.close();
  }
});
