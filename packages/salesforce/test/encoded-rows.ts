import { type DataType } from 'apache-arrow';

import { ingestEncoder } from '../src/ingest-rows/encode/ingest-encoder.ts';
import type { IngestRequest } from '../src/ingest-rows/ingest-plan.ts';
import { batchOf, orderPlan, type TestColumns, text } from './ingest-rows.ts';

export const upsert = { operation: 'upsert', externalId: 'Ext__c' } as const;

/** The lines of each header, rejects as row, code and message. */
export async function encode(columns: TestColumns, request: Partial<IngestRequest> = {}) {
  const batch = batchOf(columns);
  const encoder = ingestEncoder(await orderPlan(batch.schema, request), batch.schema);
  const { encoded, rejects } = encoder.encode(batch);
  return {
    headers: encoded.map(({ variant }) => Buffer.from(encoder.header(variant)).toString().trimEnd()),
    lines: encoded.flatMap(({ bytes }) => Buffer.from(bytes).toString().split('\n').slice(0, -1)),
    rows: encoded.map(({ rows }) => rows),
    rejects: rejects.map(({ row, code, message }) => [row, code, message]),
    facts: encoder.facts,
  };
}

/** The cells of one column. */
export async function cells(
  field: string,
  type: DataType,
  values: readonly unknown[],
  request?: Partial<IngestRequest>,
) {
  const { lines, rejects, facts } = await encode(
    { [field]: [type, values], Name: text(...values.map(() => '-')) },
    request,
  );
  return { cells: lines.map((line) => line.slice(0, -2)), rejects, facts };
}
