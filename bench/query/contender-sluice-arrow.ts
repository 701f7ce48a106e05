import { read, rowReader } from '@sluice/core';
import type { RecordBatch } from 'apache-arrow';

import { measure } from '../harness/measure.ts';
import { parsedRow } from './parquet-facts.ts';
import { queryInput } from './query-input.ts';
import { RowFacts } from './row-facts.ts';
import { QUERY_OPTIONS, sluiceOrg } from './sluice-org.ts';

await measure(async (given) => {
  const input = queryInput.parse(given);
  await using org = sluiceOrg(input, { gzip: input.gzip });
  const batches: RecordBatch[] = [];
  for await (const batch of read(org.query(input.soql, QUERY_OPTIONS))) batches.push(batch);
  return () => {
    const facts = new RowFacts();
    for (const batch of batches) for (const row of rowReader(batch.schema)(batch)) facts.add(parsedRow(row));
    return facts.facts();
  };
});
