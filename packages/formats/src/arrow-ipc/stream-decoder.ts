import type { DecodeOptions, Delivery, RowPlace } from '@sluice/core';
import type { Schema } from 'apache-arrow';

import { endOfFit } from './batch-cut.ts';
import { BatchReader } from './batch-reader.ts';
import { readMessages } from './message-reader.ts';

/** Batches of a stream, cut where they are beyond the bounds. */
export async function* decodeStream(
  input: AsyncIterable<Uint8Array>,
  { schema: expected, otherColumns, batch: bounds, signal, from: start }: DecodeOptions,
): AsyncGenerator<Delivery<RowPlace>, void, undefined> {
  const reader = new BatchReader(expected, otherColumns === 'skip');
  const passed = start?.row ?? 0;
  let row = 0;
  for await (const message of readMessages(input)) {
    signal.throwIfAborted();
    const batch = reader.read(message);
    if (batch === undefined) continue;
    for (let from = Math.min(Math.max(passed - row, 0), batch.numRows); from < batch.numRows;) {
      const to = endOfFit(batch, from, { rows: 0, bytes: 0 }, bounds);
      const whole = from === 0 && to === batch.numRows;
      yield { batch: whole ? batch : batch.slice(from, to), position: { row: row + to } };
      signal.throwIfAborted();
      from = to;
    }
    row += batch.numRows;
  }
  reader.requireSchema();
}

/** The schema, which is the first message. */
export async function schemaOfStream(input: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Schema> {
  const reader = new BatchReader(undefined, false);
  for await (const message of readMessages(input)) {
    signal.throwIfAborted();
    reader.read(message);
    break;
  }
  return reader.requireSchema();
}
