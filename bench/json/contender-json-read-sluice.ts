import { createReadStream } from 'node:fs';

import { json } from '@sluice/formats/json';
import type { RecordBatch } from 'apache-arrow';

import { benchSchema } from '../csv/csv-columns.ts';
import { csvInput } from '../csv/csv-input.ts';
import { measure } from '../harness/measure.ts';
import { jsonPath } from './json-lines.ts';

const BATCH = { rows: 65_536, bytes: 4 * 1_048_576 };

await measure(async (given) => {
  const { signal } = new AbortController();
  const file = createReadStream(jsonPath(csvInput.parse(given).path), { highWaterMark: 262_144 });
  const batches: RecordBatch[] = [];
  for await (const { batch } of json().decode!(file, { schema: benchSchema, batch: BATCH, signal }))
    batches.push(batch);
  return async () => (await import('../csv/batch-facts.ts')).batchFacts(batches);
});
