import { type Mapping, type MappingReject, SluiceError } from '@sluice/core';
import { columnMapping, type PlannedColumn } from '@sluice/core/mapping';
import type { RecordBatch } from 'apache-arrow';

import type { MappingRequest } from './mapping-request.ts';
import { planColumns } from './plan-columns.ts';

/** Receives the rows that could not be mapped, as they were read. */
export type RejectListener = (batch: RecordBatch, rejects: readonly MappingReject[]) => void;

/** The mapping of a copy activity: which columns go where and as what, and the columns that are added. */
export function copyMapping(request: MappingRequest, onRejects?: RejectListener): Mapping {
  const { config, plan } = columnMapping(request.config, (schema) => refuseTwins(planColumns(schema, request)));
  return {
    config,
    plan(source) {
      const { schema, apply } = plan(source);
      return {
        schema,
        apply(batch) {
          const mapped = apply(batch);
          if (mapped.rejects !== undefined) onRejects?.(batch, mapped.rejects);
          return mapped;
        },
      };
    },
  };
}

function refuseTwins(columns: readonly PlannedColumn[]): readonly PlannedColumn[] {
  const seen = new Set<string>();
  for (const { field } of columns) {
    if (seen.has(field.name)) {
      throw new SluiceError('CONFIG_INVALID', `two columns would be called ${JSON.stringify(field.name)}`, {
        hint: 'Rename one of them in the mapping or among the additional columns.',
      });
    }
    seen.add(field.name);
  }
  return columns;
}
