import type { RecordBatch, Schema } from 'apache-arrow';

import type { RejectGroup } from '../contract/journal.ts';
import type { MappedBatch, Mapping } from '../contract/mapping.ts';
import { sameSchema } from '../schema/same-schema.ts';
import { countRows, type DeliveredRows, rowOfBatchRow } from './delivered-rows.ts';
import { contractBroken, pluginFault } from './plugin-fault.ts';

export type MappingPlan = ReturnType<Mapping['plan']>;

/** A delivery after mapping. Rows are counted in the delivery, rejected ones among them. */
export interface MappedRows {
  readonly delivered: DeliveredRows;
  readonly rows: number;
  /** What the sink gets of it. */
  readonly batch: RecordBatch;
  /** Ascending by row. */
  readonly rejects: readonly MappedReject[];
  /** The row of the delivery that a row of the mapped batch is. */
  rowOf(mappedRow: number): number;
}

export interface MappedReject extends Pick<RejectGroup, 'stage' | 'code' | 'message' | 'columns'> {
  readonly row: number;
}

const NAME = 'the mapping';

/** @throws whatever the mapping throws, as the one error class. */
export function planMapping(mapping: Mapping | undefined, schema: Schema): MappingPlan | undefined {
  return guarded(() => mapping?.plan(schema));
}

/** @throws `CONTRACT_BROKEN` when rows of the delivery are neither mapped nor rejected. */
export function mapRows(delivered: DeliveredRows, mapping: MappingPlan | undefined): MappedRows {
  const { batch, rejects } = delivered;
  const rows = countRows(delivered);
  const read = rejects.map(
    ({ row, code, message, columns }) => ({ row, stage: 'read', code, message, columns }) as const,
  );
  const rowOfRead = (batchRow: number): number => rowOfBatchRow(rejects, batchRow);
  if (mapping === undefined) return { delivered, rows, batch, rejects: read, rowOf: rowOfRead };
  const mapped = guarded(() => mapping.apply(batch));
  checkMapped(mapped, batch.numRows, mapping.schema);
  const refused = (mapped.rejects ?? []).map(
    ({ row, code, message, columns }) => ({ row: rowOfRead(row), stage: 'map', code, message, columns }) as const,
  );
  return {
    delivered,
    rows,
    batch: mapped.batch,
    rejects: [...read, ...refused].sort((a, b) => a.row - b.row),
    rowOf: (mappedRow) => rowOfRead(mapped.rows?.[mappedRow] ?? mappedRow),
  };
}

/** Kept and rejected rows, taken together in order, are all rows. */
function checkMapped({ batch, rows, rejects = [] }: MappedBatch, count: number, schema: Schema): void {
  const difference = sameSchema(schema, batch.schema);
  if (difference !== undefined) throw contractBroken(NAME, `a batch has not the schema it planned: ${difference}`);
  const kept = batch.numRows;
  let [passed, refused] = [0, 0];
  while (passed + refused < count) {
    const row = passed + refused;
    if (refused < rejects.length && rejects[refused]!.row === row) refused++;
    else if (passed < kept && (rows?.[passed] ?? passed) === row) passed++;
    else
      throw contractBroken(NAME, `row ${row} of a batch of ${count} is neither mapped nor rejected, or out of order`);
  }
  if (passed < kept || refused < rejects.length) {
    throw contractBroken(NAME, `it gave more rows than the ${count} of the batch`);
  }
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw pluginFault(NAME, error);
  }
}
