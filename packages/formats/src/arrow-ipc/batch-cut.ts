import { batchBytes } from '@sluice/core';
import type { RecordBatch } from 'apache-arrow';

/** What a run of rows holds already, or may hold. */
export interface RowSize {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * The row behind the last of those from `from` on that fit within the bounds together with what is there: none where
 * something is, at least one where nothing is. Looks at rows alone, so that a cut does not depend on batches.
 */
export function endOfFit(batch: RecordBatch, from: number, held: RowSize, bounds: RowSize): number {
  const room = bounds.bytes - held.bytes;
  const most = Math.min(batch.numRows, from + bounds.rows - held.rows);
  if (batchBytes(batch, from, most) <= room) return most;
  let low = from;
  let high = most;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (batchBytes(batch, from, middle) <= room) low = middle;
    else high = middle - 1;
  }
  return low === from && held.rows === 0 ? from + 1 : low;
}
