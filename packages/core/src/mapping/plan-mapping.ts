import type { Schema } from 'apache-arrow';

import type { Mapping } from '../contract/mapping.ts';
import { columnMapping, type PlannedColumn } from './column-mapping.ts';
import { type ColumnSpec, take } from './column-spec.ts';
import { computedColumn, constantColumn } from './computed-column.ts';
import { mappingConfig } from './mapping-config.ts';
import { mappingError, type MappingProblem } from './mapping-problem.ts';
import { takenColumn } from './taken-column.ts';

export interface MappingOptions {
  /** The columns of the target, in their order; a text takes the column of that name as it is. */
  readonly columns: readonly (string | ColumnSpec)[];
  /** What becomes of the columns that none of these takes: `keep` puts them behind, as they are. Default `drop`. */
  readonly others?: 'drop' | 'keep';
}

/**
 * Selects, renames, casts and adds columns, by kernels over batches. Columns that pass unchanged share their buffers.
 *
 * Casts are exact: what has no room in its type rejects the row, with the column and the reason, unless an option says
 * how to round. Numbers are read from texts and written as texts as delimited text has them.
 *
 * Planning throws `CONFIG_INVALID`, `FIELD_UNKNOWN` or `TYPE_UNSUPPORTED`, with everything that is wrong at once.
 */
export function mapping({ columns, others = 'drop' }: MappingOptions): Mapping {
  const specs = columns.map((column) => (typeof column === 'string' ? take(column) : column));
  return columnMapping(mappingConfig(specs, others), (schema) => planColumns(specs, others, schema));
}

function planColumns(specs: readonly ColumnSpec[], others: 'drop' | 'keep', schema: Schema): readonly PlannedColumn[] {
  const planned: PlannedColumn[] = [];
  const problems: MappingProblem[] = [];
  for (const spec of [...specs, ...(others === 'keep' ? untaken(specs, schema) : [])]) {
    const column = planColumn(spec, schema);
    if (isPlanned(column)) planned.push(column);
    else problems.push(...(Array.isArray(column) ? column : [column]));
  }
  problems.push(...twins(planned));
  if (specs.length === 0 && others === 'drop') {
    problems.push({ code: 'CONFIG_INVALID', message: 'it has no column', hint: 'Name at least one column.' });
  }
  const [first, ...rest] = problems;
  if (first !== undefined) throw mappingError([first, ...rest]);
  return planned;
}

type Outcome = PlannedColumn | MappingProblem | readonly MappingProblem[];

function planColumn(spec: ColumnSpec, schema: Schema): Outcome {
  switch (spec.kind) {
    case 'take':
      return takenColumn(spec, schema);
    case 'constant':
      return constantColumn(spec);
    case 'computed':
      return computedColumn(spec, schema);
  }
}

function isPlanned(outcome: Outcome): outcome is PlannedColumn {
  return 'make' in outcome;
}

function untaken(specs: readonly ColumnSpec[], { fields }: Schema): readonly ColumnSpec[] {
  const taken = new Set(specs.flatMap((spec) => (spec.kind === 'take' ? [spec.from] : [])));
  return fields.filter(({ name }) => !taken.has(name)).map(({ name }) => take(name));
}

function twins(columns: readonly PlannedColumn[]): readonly MappingProblem[] {
  const names = columns.map(({ field }) => field.name);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) < index));
  return [...repeated].map((name) => ({
    code: 'CONFIG_INVALID',
    message: `several columns would be called ${JSON.stringify(name)}`,
    hint: 'Give each another name with `as`.',
  }));
}
