import { type DataType, Field, type Schema } from 'apache-arrow';

import { SluiceError } from '../error/sluice-error.ts';
import { nearestName } from '../text/nearest-name.ts';
import { planCast } from './cast/plan-cast.ts';
import type { PlannedColumn } from './column-mapping.ts';
import type { TakenColumn } from './column-spec.ts';
import type { MappingProblem } from './mapping-problem.ts';
import { typeName } from './type-name.ts';

/** Plans a column of the source, or tells why there is none. */
export function takenColumn(spec: TakenColumn, { fields }: Schema): PlannedColumn | MappingProblem {
  const index = fields.findIndex(({ name }) => name === spec.from);
  const field = fields[index];
  if (field === undefined) return unknownColumn(spec.from, fields);
  if (fields.some(({ name }, other) => name === spec.from && other > index)) {
    return { code: 'CONFIG_INVALID', message: `several columns of the source are called ${quoted(spec.from)}` };
  }
  const name = spec.as ?? spec.from;
  const sources = [spec.from];
  const type = spec.type ?? field.type;
  const kernel = kernelOf(spec, field.type, type);
  if (typeof kernel === 'object') return kernel;
  if (kernel === 'unchanged') {
    const renamed = new Field(name, field.type, field.nullable, field.metadata);
    return { field: renamed, sources, make: (batch) => batch.data.children[index]! };
  }
  return {
    field: new Field(name, type, field.nullable),
    sources,
    make: (batch, fail) => kernel(batch.data.children[index]!, fail),
  };
}

type Kernel = NonNullable<ReturnType<typeof planCast>>['kernel'];

function kernelOf(spec: TakenColumn, from: DataType, to: DataType): Kernel | MappingProblem {
  const { excessDigits = 'error', excessTime = 'error' } = spec;
  try {
    const plan = planCast(from, to, { excessDigits, excessTime });
    if (plan !== undefined) return plan.kernel;
  } catch (error) {
    if (!SluiceError.is(error) || error.code !== 'TYPE_UNSUPPORTED') throw error;
    return { code: 'TYPE_UNSUPPORTED', message: `column ${quoted(spec.from)}: ${error.message}` };
  }
  return {
    code: 'TYPE_UNSUPPORTED',
    message: `column ${quoted(spec.from)} is ${typeName(from)}, which never becomes ${typeName(to)}`,
    hint: 'Leave its type out, or compute a column from it.',
  };
}

function unknownColumn(wanted: string, fields: readonly Field[]): MappingProblem {
  const near = nearestName(
    wanted,
    fields.map(({ name }) => name),
  );
  const meant = near === undefined ? '' : ` (did you mean ${quoted(near)}?)`;
  return { code: 'FIELD_UNKNOWN', message: `the source has no column ${quoted(wanted)}${meant}` };
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
