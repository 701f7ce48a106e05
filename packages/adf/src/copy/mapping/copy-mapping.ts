import { type Mapping, type MappedBatch, type MappingReject, SluiceError } from '@sluice/core';
import { type Data, makeData, RecordBatch, Schema, Struct } from 'apache-arrow';

import { type ColumnCodec, columnCodec, takeRows } from './column-codec.ts';
import type { MappingRequest } from './mapping-request.ts';
import { planColumns } from './plan-columns.ts';
import type { MadeColumn, PlannedColumn } from './planned-column.ts';

/** Receives the rows that could not be mapped, as they were read. */
export type RejectListener = (batch: RecordBatch, rejects: readonly MappingReject[]) => void;

/** The mapping of a copy activity: which columns go where and as what, and the columns that are added. */
export function copyMapping(request: MappingRequest, onRejects?: RejectListener): Mapping {
  return {
    config: request.config,
    plan(schema) {
      const columns = planColumns(schema, request);
      refuseTwins(columns);
      const mapped = new Schema(columns.map(({ field }) => field));
      const codecs = columns.map(({ field }) => columnCodec(field.type, field.name));
      return {
        schema: mapped,
        apply(batch) {
          const made = columns.map((column) => column.make(batch));
          const rejects = rejectsOf(made, mapped);
          if (rejects.length === 0)
            return {
              batch: batchOf(
                mapped,
                made.map(({ data }) => data),
                batch.numRows,
              ),
            };
          onRejects?.(batch, rejects);
          return withoutRejects(mapped, made, codecs, batch.numRows, rejects);
        },
      };
    },
  };
}

function batchOf(schema: Schema, children: Data[], length: number): RecordBatch {
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
}

function withoutRejects(
  schema: Schema,
  made: readonly MadeColumn[],
  codecs: readonly ColumnCodec[],
  numRows: number,
  rejects: readonly MappingReject[],
): MappedBatch {
  const rejected = new Set(rejects.map(({ row }) => row));
  const rows = Uint32Array.from(Array.from({ length: numRows }, (_, row) => row).filter((row) => !rejected.has(row)));
  const children = made.map(({ data }, column) => takeRows(codecs[column]!, data, rows));
  return { batch: batchOf(schema, children, rows.length), rows, rejects };
}

/** A row is rejected once, for all its columns. */
function rejectsOf(made: readonly MadeColumn[], { fields }: Schema): readonly MappingReject[] {
  const byRow = new Map<number, { readonly columns: string[]; readonly reasons: string[] }>();
  made.forEach(({ failed, reason }, column) => {
    const { name } = fields[column]!;
    for (const row of failed) {
      const known = byRow.get(row) ?? { columns: [], reasons: [] };
      known.columns.push(name);
      known.reasons.push(`column ${JSON.stringify(name)}: ${reason}`);
      byRow.set(row, known);
    }
  });
  return [...byRow]
    .toSorted(([a], [b]) => a - b)
    .map(([row, { columns, reasons }]) => ({ row, code: 'VALUE_INVALID', message: reasons.join('; '), columns }));
}

function refuseTwins(columns: readonly PlannedColumn[]): void {
  const seen = new Set<string>();
  for (const { field } of columns) {
    if (seen.has(field.name)) {
      throw new SluiceError('CONFIG_INVALID', `two columns would be called ${JSON.stringify(field.name)}`, {
        hint: 'Rename one of them in the mapping or among the additional columns.',
      });
    }
    seen.add(field.name);
  }
}
