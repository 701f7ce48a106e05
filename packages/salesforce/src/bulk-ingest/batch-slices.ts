import { batchBytes } from '@sluice/core';
import type { RecordBatch } from 'apache-arrow';

export interface BatchSlice {
  readonly batch: RecordBatch;
  /** What its rows take as CSV, at most. */
  readonly maxBytes: number;
}

/** Large enough to be worth a call, small enough to wait in memory. */
const SLICE_BYTES = 1_048_576;
/** What a cell takes besides twice its bytes: a delimiter, quotes, and any number, date or null. */
const CELL_BYTES = 24;

/**
 * A batch in slices that are encoded one at a time, so that what is encoded stays small whatever the types: about 1 MiB,
 * or `mostBytes` where that is less.
 */
export function* batchSlices(batch: RecordBatch, mostBytes = SLICE_BYTES): Generator<BatchSlice, void, undefined> {
  const sliceBytes = Math.min(SLICE_BYTES, mostBytes);
  let rows = 256;
  for (let from = 0; from < batch.numRows;) {
    rows = Math.min(batch.numRows - from, rows);
    let maxBytes = encodedBound(batch, from, from + rows);
    while (rows > 1 && maxBytes > sliceBytes) {
      rows = Math.ceil(rows / 2);
      maxBytes = encodedBound(batch, from, from + rows);
    }
    yield { batch: rows === batch.numRows ? batch : batch.slice(from, from + rows), maxBytes };
    from += rows;
    if (maxBytes < sliceBytes / 2) rows *= 2;
  }
}

/** Quotes are doubled. */
function encodedBound(batch: RecordBatch, from: number, to: number): number {
  return 2 * batchBytes(batch, from, to) + (to - from) * batch.data.children.length * CELL_BYTES;
}
