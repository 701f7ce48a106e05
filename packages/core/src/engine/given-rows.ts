import { RecordBatch, makeData, Struct } from 'apache-arrow';

import type { RowRange } from '../contract/sink.ts';
import { takeRows } from '../mapping/take-rows.ts';
import { countRows } from './delivered-rows.ts';
import { type MappedRows, type MappingPlan, mapRows } from './map-rows.ts';
import { partRows } from './part-rows.ts';
import { otherRanges, rangesWithin } from './row-ranges.ts';
import type { PartState } from './run-state.ts';
import type { ReadingParts } from './split-reader.ts';

export type GivenRowsParts = ReadingParts & { readonly mapping: MappingPlan | undefined };

/** The rows that the writer of a part is given, those that were rejected on the way left out, in batches of any size. */
export async function* givenRows(
  parts: GivenRowsParts,
  state: PartState,
  rows: readonly RowRange[] = otherRanges(state.prepared.unseen, state.prepared.readRows),
): AsyncGenerator<RecordBatch, void, undefined> {
  for await (const piece of partRows(parts, state, rows)) {
    const mapped = mapRows(piece.rows, parts.mapping);
    const within = rangesWithin(rows, { from: piece.row, to: piece.row + countRows(piece.rows) });
    const batch = takeBatch(mapped.batch, mappedRowsIn(mapped, piece.row, within));
    if (batch.numRows > 0) yield batch;
  }
}

/** Rows of the mapped batch, by the ranges they are in as rows of the part. */
function mappedRowsIn({ batch, rowOf }: MappedRows, firstRow: number, ranges: readonly RowRange[]): Uint32Array {
  const taken: number[] = [];
  let at = 0;
  for (let row = 0; row < batch.numRows && at < ranges.length; row++) {
    const partRow = firstRow + rowOf(row);
    while (at < ranges.length && ranges[at]!.to <= partRow) at++;
    if (at < ranges.length && ranges[at]!.from <= partRow) taken.push(row);
  }
  return Uint32Array.from(taken);
}

function takeBatch(batch: RecordBatch, rows: Uint32Array): RecordBatch {
  if (rows.length === batch.numRows) return batch;
  const children = batch.data.children.map((child) => takeRows(child, rows));
  const data = makeData({ type: new Struct(batch.schema.fields), length: rows.length, nullCount: 0, children });
  return new RecordBatch(batch.schema, data);
}
