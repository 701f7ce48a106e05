import type { RecordBatch, Schema } from 'apache-arrow';

import { ingestEncoder, type HeaderVariant } from '../ingest-rows/encode/ingest-encoder.ts';
import type { IngestPlan } from '../ingest-rows/ingest-plan.ts';
import { batchSlices } from './batch-slices.ts';
import { RowSpool } from './row-spool.ts';

/** What an org would give back as unprocessed records of a job that it no longer has: the upload, made again. */
export async function* unsentRecords(
  plan: IngestPlan,
  schema: Schema,
  variant: HeaderVariant,
  rows: AsyncIterable<RecordBatch>,
): AsyncGenerator<Uint8Array, void, undefined> {
  await using spool = new RowSpool();
  const encoder = ingestEncoder(plan, schema);
  for await (const batch of rows) {
    for (const slice of batchSlices(batch)) {
      const encoded = encoder.encode(slice.batch).encoded.find((one) => one.variant === variant);
      if (encoded !== undefined) await spool.append(encoded.bytes);
    }
  }
  yield encoder.header(variant);
  yield* spool.read(encoder.arrangement(variant)?.ranges ?? [{ fromByte: 0, toByte: spool.byteLength }]);
}

/** A result set without a row. */
export async function* emptySet(
  secondColumn: 'sf__Created' | 'sf__Error',
): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from(`"sf__Id","${secondColumn}"\n`);
}

/** Unprocessed records of a job that has none. */
export async function* noRecords(
  plan: IngestPlan,
  schema: Schema,
  variant: HeaderVariant,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield ingestEncoder(plan, schema).header(variant);
}
