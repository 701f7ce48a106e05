import { read } from '@sluice/core';
import { postgres } from '@sluice/postgres';
import type { RecordBatch } from 'apache-arrow';

import { measure } from '../harness/measure.ts';
import { postgresInput } from './postgres-input.ts';

// Loaded off the clock, as the others have them.
await import('pg');
await import('pg-copy-streams');

await measure(async (given) => {
  const { host, port, database, user, table } = postgresInput.parse(given);
  const batches: RecordBatch[] = [];
  for await (const batch of read(postgres({ host, port, database, user }).table({ table }))) batches.push(batch);
  return async () => (await import('../csv/batch-facts.ts')).batchFacts(batches);
});
