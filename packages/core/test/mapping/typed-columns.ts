import { DataType, Field, type RecordBatch, Schema } from 'apache-arrow';

import type { MappedBatch } from '../../src/contract/mapping.ts';
import { columnOpener } from '../../src/mapping/column-reader.ts';
import { take, type TakeOptions } from '../../src/mapping/column-spec.ts';
import type { AnyValue } from '../../src/mapping/column-value.ts';
import { mapping } from '../../src/mapping/plan-mapping.ts';
import { batchOf, type Noise, noiseOf } from '../arrow-layout.ts';
import { type Cell, widthOf } from '../arrow-model.ts';

export type Value = AnyValue | null;

/** A batch of one column `c`, laid out as the noise will have it. */
export function columnOf(type: DataType, values: readonly Value[], noise: Noise = noiseOf(7)): RecordBatch {
  const rows = values.map((value) => [value === null ? null : cellOf(type, value)]);
  return batchOf(new Schema([new Field('c', type, true)]), rows, noise);
}

/** The values of a column, as its type keeps them. */
function valuesIn({ batch }: Pick<MappedBatch, 'batch'>, column = 0): readonly Value[] {
  const data = batch.data.children[column]!;
  const read = columnOpener(data.type)!(data);
  return Array.from({ length: batch.numRows }, (_, row) => (data.getValid(row) ? (read(row) ?? null) : null));
}

export interface CastOutcome {
  /** Of all rows, in order; undefined for those rejected. */
  readonly values: readonly (Value | undefined)[];
  readonly messages: readonly string[];
}

export function castAll(batch: RecordBatch, type: DataType, options: TakeOptions<DataType> = {}): CastOutcome {
  const mapped = mapping({ columns: [take('c', { ...options, type })] })
    .plan(batch.schema)
    .apply(batch);
  const values = Array.from<Value | undefined>({ length: batch.numRows });
  valuesIn(mapped).forEach((value, at) => (values[mapped.rows?.[at] ?? at] = value));
  return { values, messages: (mapped.rejects ?? []).map(({ message }) => message) };
}

/** One value as another type; its message where it is rejected. */
export function castOne(
  from: DataType,
  value: AnyValue,
  to: DataType,
  options: TakeOptions<DataType> = {},
): Value | undefined {
  const { values, messages } = castAll(columnOf(from, [value]), to, options);
  return messages[0]?.replace('column "c": ', '') ?? values[0];
}

function cellOf(type: DataType, value: AnyValue): Cell {
  if (DataType.isDictionary(type)) return cellOf(type.dictionary, value);
  if (typeof value === 'boolean' || value instanceof Uint8Array) return value;
  if (typeof value === 'string') return new TextEncoder().encode(value);
  if (DataType.isDecimal(type)) {
    const lanes = BigInt64Array.from({ length: type.bitWidth / 64 }, (_, i) => BigInt(value) >> BigInt(64 * i));
    return new Uint8Array(lanes.buffer);
  }
  // Every other type has one element a value.
  const one = new (type.ArrayType as BigInt64ArrayConstructor)(1);
  one[0] = value as bigint;
  const bytes = new Uint8Array(one.buffer);
  if (bytes.length !== widthOf(type)) throw new TypeError('a value has another width than its type');
  return bytes;
}
