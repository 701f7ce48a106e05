import { type Mapping, SluiceError } from '@sluice/core';
import { columnMapping, type PlannedColumn } from '@sluice/core/mapping';

import type { MappingRequest } from './mapping-request.ts';
import { planColumns } from './plan-columns.ts';

/** The mapping of a copy activity: which columns go where and as what, and the columns that are added. */
export function copyMapping(request: MappingRequest): Mapping {
  return columnMapping(request.config, (schema) => refuseTwins(planColumns(schema, request)));
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
