export { type ColumnBuilder, columnBuilder } from './column-builder.ts';
export { columnMapping, type PlannedColumn } from './column-mapping.ts';
export { columnOpener, type ColumnOpener, type ReadValue } from './column-reader.ts';
export {
  type ColumnReader,
  type ColumnSpec,
  computed,
  type ComputedColumn,
  type ComputedInputs,
  type ComputeOptions,
  constant,
  type ConstantColumn,
  type InputReaders,
  take,
  type TakenColumn,
  type TakeOptions,
} from './column-spec.ts';
export type { AnyValue, ColumnValue } from './column-value.ts';
export type { FailRow } from './failed-rows.ts';
export { mapping, type MappingOptions } from './plan-mapping.ts';
