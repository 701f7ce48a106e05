import { read } from '@sluice/core';
import type { RecordBatch } from 'apache-arrow';

import { measure } from '../harness/measure.ts';
import { queryInput } from './query-input.ts';
import { QUERY_OPTIONS, sluiceOrg } from './sluice-org.ts';

await measure(async (given) => {
  const input = queryInput.parse(given);
  await using org = sluiceOrg(input, { gzip: input.gzip });
  const batches: RecordBatch[] = [];
  for await (const batch of read(org.query(input.soql, QUERY_OPTIONS))) batches.push(batch);
  return async () => (await import('../csv/batch-facts.ts')).batchFacts(batches);
});
