import type { BatchBounds, Segment } from '@sluice/core';
import type { RecordBatch, Schema } from 'apache-arrow';

import { arrowIpc, type ArrowIpcOptions } from '../../src/arrow-ipc/arrow-ipc-format.ts';

const HUGE_BOUNDS: BatchBounds = { rows: 1_000_000, bytes: 1_000_000_000 };

/** A whole stream, its batches in as many segments as there are groups of them. */
export function encodeStream(
  schema: Schema,
  segments: readonly (readonly RecordBatch[])[],
  options: ArrowIpcOptions = {},
): Buffer {
  const encoding = arrowIpc(options).encode(schema);
  const pieces: Uint8Array[] = [encoding.prologue()];
  const ended: Segment[] = [];
  for (const batches of segments) {
    const byteOffset = pieces.reduce((sum, { length }) => sum + length, 0);
    const segment = encoding.segment();
    for (const batch of batches) pieces.push(...segment.write(batch));
    const { bytes, summary } = segment.end();
    pieces.push(...bytes);
    ended.push({ byteOffset, summary });
  }
  pieces.push(encoding.epilogue(ended));
  return Buffer.concat(pieces);
}

export interface DecodeSettings {
  readonly schema?: Schema;
  readonly batch?: BatchBounds;
  readonly signal?: AbortSignal;
  readonly otherColumns?: 'refuse' | 'skip';
}

export async function* decodeChunks(
  chunks: Iterable<Uint8Array>,
  settings: DecodeSettings = {},
): AsyncGenerator<RecordBatch> {
  const deliveries = arrowIpc().decode!(
    (async function* () {
      yield* chunks;
    })(),
    { batch: HUGE_BOUNDS, signal: new AbortController().signal, ...settings },
  );
  for await (const { batch } of deliveries) yield batch;
}

export const decodeAll = (bytes: Uint8Array, settings: DecodeSettings = {}): Promise<RecordBatch[]> =>
  Array.fromAsync(decodeChunks([bytes], settings));

/** Rows as arrow-js shows them, nested values included. */
export function shownRows(batches: readonly RecordBatch[]): readonly string[] {
  return batches.flatMap((batch) => Array.from(batch, String));
}
