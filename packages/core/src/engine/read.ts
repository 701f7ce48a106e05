import type { RecordBatch, Schema } from 'apache-arrow';

import type { Json } from '../contract/json.ts';
import type { Plan, Source } from '../contract/source.ts';
import { type Row, rowReader } from '../rows/row-reader.ts';
import { parseRunOptions, type RunOptions } from './run-options.ts';
import { SourceReading } from './source-reading.ts';

/** Batches of a source; every iteration reads it anew. */
export interface BatchReader extends AsyncIterable<RecordBatch> {
  /** Row by row, decimals and dates as text. */
  rows(): AsyncIterable<Row>;
}

/**
 * Reads a source without a sink, in the order of its splits. Breaking off the iteration ends what was started; so does
 * the end. With no demand, reading stops within `parallelism x (prefetch + 1)` batches. The source is disposed of.
 *
 * @throws from the iteration, besides what the source throws: `CONTRACT_UNSUPPORTED`, `CONTRACT_BROKEN`; `ROWS_REJECTED` for more
 * than `maxRejects` rows;
 * `TYPE_UNSUPPORTED` from `rows()`, before anything is started, for columns that have no value in a row.
 */
export function read(source: Source, options: RunOptions = {}): BatchReader {
  return {
    [Symbol.asyncIterator]: () => batchesOf(source, options, () => {}),
    async *rows() {
      let toRows: ((batch: RecordBatch) => Iterable<Row>) | undefined;
      const batches = batchesOf(source, options, (schema) => {
        toRows = rowReader(schema);
      });
      for await (const batch of batches) yield* toRows!(batch);
    },
  };
}

/** What a source would read, and what it knows to tell about it: checks and plans, starts nothing. */
export async function explain(source: Source, options: RunOptions = {}): Promise<Plan<Json>> {
  const reading = await SourceReading.open(source, parseRunOptions('explain', options));
  try {
    return await reading.plan();
  } finally {
    await reading.close();
  }
}

async function* batchesOf(
  source: Source,
  options: RunOptions,
  onSchema: (schema: Schema) => void,
): AsyncGenerator<RecordBatch, void, undefined> {
  const reading = await SourceReading.open(source, parseRunOptions('read', options));
  try {
    const plan = await reading.plan();
    onSchema(plan.schema);
    yield* reading.batches(plan);
  } finally {
    await reading.close();
  }
}
