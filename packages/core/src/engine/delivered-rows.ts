import type { RecordBatch } from 'apache-arrow';

import type { Json } from '../contract/json.ts';
import type { Change, Delivery, SourceReject } from '../contract/source.ts';
import { partitionPoint } from './partition-point.ts';

/** A delivery of a source or the end of one, its rows counted with the rejected ones among them. */
export interface DeliveredRows {
  readonly batch: RecordBatch;
  /** Ascending by row. */
  readonly rejects: readonly SourceReject[];
  /** Of the whole delivery; an end of one has none, for its beginning has had them. */
  readonly changes: readonly Change[];
  /** Just after the last row. */
  readonly position: Json | undefined;
}

/** Of rejected rows, ascending. */
export type RejectedRows = readonly { readonly row: number }[];

export function deliveredRows({ batch, rejects = [], changes = [], position }: Delivery<Json>): DeliveredRows {
  return { batch, rejects, changes, position };
}

export function countRows({ batch, rejects }: DeliveredRows): number {
  return batch.numRows + rejects.length;
}

/** Without the first `rows` rows. */
export function withoutRows(delivered: DeliveredRows, rows: number): DeliveredRows {
  if (rows === 0) return delivered;
  const { batch, rejects, position } = delivered;
  const passed = rejectsBefore(rejects, rows);
  return {
    batch: batch.slice(rows - passed),
    rejects: rejects.slice(passed).map((reject) => ({ ...reject, row: reject.row - rows })),
    changes: [],
    position,
  };
}

/** The rows up to `rows`, which may be more than there are. */
export function firstOfRows(delivered: DeliveredRows, rows: number): DeliveredRows {
  if (countRows(delivered) <= rows) return delivered;
  const { batch, rejects, changes } = delivered;
  const refused = rejectsBefore(rejects, rows);
  return { batch: batch.slice(0, rows - refused), rejects: rejects.slice(0, refused), changes, position: undefined };
}

/** The rows `from` to `to`. */
export function rowsBetween(delivered: DeliveredRows, from: number, to: number): DeliveredRows {
  return withoutRows(firstOfRows(delivered, to), from);
}

export function rejectsBefore(rejects: RejectedRows, row: number): number {
  return partitionPoint(rejects.length, (i) => rejects[i]!.row < row);
}

/** Rows of the batch before a row of the delivery. */
export function batchRowAt({ rejects }: Pick<DeliveredRows, 'rejects'>, row: number): number {
  return row - rejectsBefore(rejects, row);
}

/** The row that row `batchRow` of the batch is among all rows of the delivery. */
export function rowOfBatchRow(rejects: RejectedRows, batchRow: number): number {
  return batchRow + partitionPoint(rejects.length, (i) => rejects[i]!.row - i <= batchRow);
}
