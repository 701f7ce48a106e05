import type { BatchBounds, OpenFile, RandomAccess } from '@sluice/core';
import type { RecordBatch } from 'apache-arrow';

import { parquet, type ParquetOptions } from '../../src/parquet/parquet-format.ts';

export const BOUNDS: BatchBounds = { rows: 65_536, bytes: 4 * 1_048_576 };

/** Bytes with random access, and the ranges that were asked for. */
export interface MemoryFile extends RandomAccess {
  readonly ranges: { readonly start: number; readonly end: number }[];
}

export function memoryFile(bytes: Uint8Array): MemoryFile {
  const ranges: { readonly start: number; readonly end: number }[] = [];
  return {
    ranges,
    byteLength: bytes.length,
    read(range) {
      ranges.push(range);
      return Promise.resolve(bytes.slice(range.start, range.end));
    },
  };
}

export interface ReadSettings {
  readonly columns?: readonly string[];
  readonly batch?: Partial<BatchBounds>;
  readonly options?: ParquetOptions;
}

export function openBytes(bytes: Uint8Array, { columns, options }: ReadSettings = {}): Promise<OpenFile> {
  const { signal } = new AbortController();
  return parquet(options).open!(memoryFile(bytes), columns === undefined ? { signal } : { columns, signal });
}

/** All batches of all splits, which go through JSON as they do between processes. */
export async function readBytes(bytes: Uint8Array, settings: ReadSettings = {}): Promise<RecordBatch[]> {
  const file = await openBytes(bytes, settings);
  const { signal } = new AbortController();
  const batches: RecordBatch[] = [];
  for (const split of file.splits) {
    const kept = JSON.parse(JSON.stringify(split)) as typeof split;
    for await (const batch of file.read(kept, { batch: { ...BOUNDS, ...settings.batch }, signal })) batches.push(batch);
  }
  return batches;
}
