import type { BatchBounds } from '@sluice/core';
import { makeData, RecordBatch, type Schema, Struct } from 'apache-arrow';

import type { ColumnReader } from './column-reader.ts';
import { placed, within } from './damage.ts';
import { settleAll } from './settle-all.ts';

/** Offsets of a batch have 31 bits, whatever the bounds. */
const MAX_BATCH_BYTES = 0x7fff_ffff;
/** Looked at first, and then twice as many each time. */
const FIRST_LOOK_ROWS = 1024;

export interface RowBatchOptions {
  readonly rows: number;
  readonly batch: BatchBounds;
  readonly signal: AbortSignal;
}

/** The rows of one row group in batches that are as large as the bounds allow. */
export async function* rowBatches(
  schema: Schema,
  columns: readonly ColumnReader[],
  { rows, batch: bounds, signal }: RowBatchOptions,
): AsyncGenerator<RecordBatch, void, undefined> {
  for (let left = rows; left > 0;) {
    const count = await rowsThatFit(columns, { rows: Math.min(left, bounds.rows), bytes: bounds.bytes });
    signal.throwIfAborted();
    const children = columns.map((column) => within(`column ${column.path}`, () => column.take(count)));
    yield new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: count, nullCount: 0, children }));
    signal.throwIfAborted();
    left -= count;
  }
}

/** At least one. */
async function rowsThatFit(columns: readonly ColumnReader[], bounds: BatchBounds): Promise<number> {
  const maxBytes = Math.min(bounds.bytes, MAX_BATCH_BYTES);
  const slotBytes = columns.reduce((sum, column) => sum + column.slotBytes, 0);
  const withBytes = columns.filter(({ hasBytes }) => hasBytes);
  const most = Math.max(1, Math.min(bounds.rows, Math.floor(maxBytes / Math.max(1, slotBytes))));
  const fits = (rows: number): boolean =>
    withBytes.reduce((sum, column) => sum + column.bytesAhead(rows), slotBytes * rows) <= maxBytes;

  let low = 0;
  for (let look = withBytes.length === 0 ? most : FIRST_LOOK_ROWS; low < most; look *= 2) {
    const rows = Math.min(most, look);
    await settleAll(columns.map((column) => loadColumn(column, rows, maxBytes)));
    if (withBytes.length > 0 && !fits(rows)) return Math.max(1, lastThat(fits, low, rows - 1));
    low = rows;
  }
  return most;
}

/** The last of `[low, high]` for which it holds; it holds for `low`. */
function lastThat(holds: (rows: number) => boolean, low: number, high: number): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to + 1) >>> 1;
    if (holds(middle)) from = middle;
    else to = middle - 1;
  }
  return from;
}

async function loadColumn(column: ColumnReader, rows: number, maxBytes: number): Promise<void> {
  try {
    await column.load(rows, maxBytes);
  } catch (error) {
    throw placed(`column ${column.path}`, error);
  }
}
