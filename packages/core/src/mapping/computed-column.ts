import { type Data, type DataType, Field, type RecordBatch, type Schema } from 'apache-arrow';

import { SluiceError } from '../error/sluice-error.ts';
import { columnBuilder, type ColumnBuilder } from './column-builder.ts';
import type { PlannedColumn } from './column-mapping.ts';
import { columnOpener, type ColumnOpener } from './column-reader.ts';
import type { ColumnReader, ComputedColumn, ConstantColumn } from './column-spec.ts';
import type { AnyValue } from './column-value.ts';
import type { FailRow } from './failed-rows.ts';
import type { MappingProblem } from './mapping-problem.ts';
import { takenColumn } from './taken-column.ts';
import { typeName } from './type-name.ts';

/** Plans a column computed from others, or tells all that is wrong with it. */
export function computedColumn(spec: ComputedColumn, schema: Schema): PlannedColumn | readonly MappingProblem[] {
  const problems: MappingProblem[] = [];
  const label = `column ${JSON.stringify(spec.as)}`;
  const build = columnBuilder(spec.type);
  if (build === undefined) problems.push(unbuildable(spec.as, spec.type));
  if (spec.function === '') problems.push({ code: 'CONFIG_INVALID', message: `${label}: its function has no name` });
  const inputs: Input[] = [];
  for (const [name, input] of Object.entries(spec.from)) {
    const planned = takenColumn(input, schema);
    if ('code' in planned) {
      problems.push(planned);
      continue;
    }
    const open = columnOpener(planned.field.type);
    if (open === undefined) problems.push(unreadable(input.from, planned.field.type));
    else inputs.push({ name, planned, open });
  }
  if (problems.length > 0 || build === undefined) return problems;
  return {
    field: new Field(spec.as, spec.type, true),
    sources: Object.values(spec.from).map(({ from }) => from),
    make: (batch, fail) => compute(spec, inputs, build(batch.numRows), batch, fail),
  };
}

/** Plans a column of one value. */
export function constantColumn({ as, type, value }: ConstantColumn): PlannedColumn | MappingProblem {
  const build = columnBuilder(type);
  if (build === undefined) return unbuildable(as, type);
  const fill = (rows: number): Data | undefined => {
    const builder = build(rows);
    for (let row = 0; row < rows; row++) if (value !== null && !builder.set(row, value)) return undefined;
    return builder.finish();
  };
  const problem = {
    code: 'CONFIG_INVALID',
    message: `column ${JSON.stringify(as)}: its value is no ${typeName(type)}`,
  } as const;
  try {
    if (fill(1) === undefined) return problem;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return problem;
  }
  return { field: new Field(as, type, true), sources: [], make: (batch) => fill(batch.numRows)! };
}

interface Input {
  readonly name: string;
  readonly planned: PlannedColumn;
  readonly open: ColumnOpener;
}

function compute(
  spec: ComputedColumn,
  inputs: readonly Input[],
  builder: ColumnBuilder,
  batch: RecordBatch,
  fail: FailRow,
): Data {
  const failed = new Set<number>();
  const failAndKeep: FailRow = (row, reason) => {
    failed.add(row);
    fail(row, reason);
  };
  const readers = Object.fromEntries(
    inputs.map(({ name, planned, open }) => [name, readerOf(planned.make(batch, failAndKeep), open)]),
  );
  for (let row = 0; row < batch.numRows; row++) {
    if (failed.has(row)) continue;
    const value = valueIn(spec, readers, row, fail);
    if (value === null || value === undefined) continue;
    if (!setValue(spec, builder, row, value)) fail(row, `expected a value that ${typeName(spec.type)} can hold`);
  }
  return builder.finish();
}

/** Undefined after `fail`. */
function valueIn(
  { value }: ComputedColumn,
  readers: Readonly<Record<string, ColumnReader>>,
  row: number,
  fail: FailRow,
): unknown {
  try {
    return value(readers, row);
  } catch (error) {
    if (!SluiceError.is(error) || error.code !== 'VALUE_INVALID') throw error;
    fail(row, error.message);
    return undefined;
  }
}

function setValue({ as, type }: ComputedColumn, builder: ColumnBuilder, row: number, value: unknown): boolean {
  try {
    // Builders look for themselves.
    return builder.set(row, value as AnyValue);
  } catch (cause) {
    throw new SluiceError(
      'CONTRACT_BROKEN',
      `column ${JSON.stringify(as)}: its function gave a ${typeof value}, which is no value of ${typeName(type)}`,
      { cause },
    );
  }
}

function readerOf(data: Data, open: ColumnOpener): ColumnReader {
  const read = open(data);
  return { at: (row) => (data.getValid(row) ? (read(row) ?? null) : null) };
}

function unbuildable(name: string, type: DataType): MappingProblem {
  return { code: 'TYPE_UNSUPPORTED', message: `column ${JSON.stringify(name)} cannot be made as ${typeName(type)}` };
}

function unreadable(name: string, type: DataType): MappingProblem {
  return {
    code: 'TYPE_UNSUPPORTED',
    message: `column ${JSON.stringify(name)} is ${typeName(type)}, which no function can read`,
  };
}
