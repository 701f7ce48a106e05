import { type Data, type Field, makeData, RecordBatch, Schema, Struct } from 'apache-arrow';

import type { Json } from '../contract/json.ts';
import type { MappedBatch, Mapping } from '../contract/mapping.ts';
import { FailedRows, type FailRow } from './failed-rows.ts';
import { takeRows } from './take-rows.ts';

/** One column of the mapped batches. */
export interface PlannedColumn {
  readonly field: Field;
  /** The source columns it is made of, which rejects name; its own name where there are none. */
  readonly sources: readonly string[];
  /** All rows of the batch; what it gives for a row that fails does not matter. */
  make(batch: RecordBatch, fail: FailRow): Data;
}

/**
 * A mapping of kernels: each makes one column of a batch. Rows that fail for one of them leave the batch as rejects
 * with the code `VALUE_INVALID`.
 *
 * `config` is all that tells this mapping from others; `planColumns` throws what `Mapping.plan` throws.
 */
export function columnMapping(config: Json, planColumns: (schema: Schema) => readonly PlannedColumn[]): Mapping {
  return {
    config,
    plan(schema) {
      const columns = planColumns(schema);
      const mapped = new Schema(
        columns.map(({ field }) => field),
        schema.metadata,
      );
      return { schema: mapped, apply: (batch) => mapBatch(columns, mapped, batch) };
    },
  };
}

function mapBatch(columns: readonly PlannedColumn[], schema: Schema, batch: RecordBatch): MappedBatch {
  const failed = new FailedRows();
  const { numRows } = batch;
  const made = columns.map((column) => column.make(batch, failed.column(column.field.name, column.sources)));
  if (failed.count === 0) return { batch: batchOf(schema, made, numRows) };
  const rows = failed.kept(numRows);
  const kept = made.map((data) => takeRows(data, rows));
  return { batch: batchOf(schema, kept, rows.length), rows, rejects: failed.rejects() };
}

function batchOf(schema: Schema, children: Data[], length: number): RecordBatch {
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
}
