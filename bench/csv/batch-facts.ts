import { rowReader } from '@sluice/core';
import type { RecordBatch } from 'apache-arrow';

import type { Facts } from '../harness/contender.ts';
import { parsedRow } from '../query/parquet-facts.ts';
import { RowFacts } from '../query/row-facts.ts';

export function batchFacts(batches: Iterable<RecordBatch>): Facts {
  const facts = new RowFacts();
  for (const batch of batches) for (const row of rowReader(batch.schema)(batch)) facts.add(parsedRow(row));
  return facts.facts();
}
