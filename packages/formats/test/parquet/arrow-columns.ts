import {
  type Data,
  type DataType,
  Dictionary,
  Field,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Utf8,
  Vector,
} from 'apache-arrow';

/** A column as a test describes it: an Arrow type and the values its buffers are made of. */
export interface TestColumn {
  readonly name: string;
  readonly type: DataType;
  /** Numbers, bigints (unscaled decimals among them), text, bytes or booleans, as the type wants; null for null. */
  readonly values: readonly unknown[];
  readonly build: (values: readonly unknown[]) => Record<string, unknown>;
  readonly nullable?: boolean;
}

type IntArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array;

export function numbers(ArrayType: { from(values: number[]): IntArray }) {
  return (values: readonly unknown[]): Record<string, unknown> => ({
    data: ArrayType.from(values.map((value) => Number(value ?? 0))),
  });
}

export function longs(values: readonly unknown[]): Record<string, unknown> {
  return { data: BigInt64Array.from(values, (value) => (value ?? 0n) as bigint) };
}

export function unsignedLongs(values: readonly unknown[]): Record<string, unknown> {
  return { data: BigUint64Array.from(values, (value) => (value ?? 0n) as bigint) };
}

export function decimals(values: readonly unknown[]): Record<string, unknown> {
  const words = new BigUint64Array(values.length * 2);
  values.forEach((value, i) => {
    const unscaled = (value ?? 0n) as bigint;
    words[2 * i] = BigInt.asUintN(64, unscaled);
    words[2 * i + 1] = BigInt.asUintN(64, unscaled >> 64n);
  });
  return { data: new Uint32Array(words.buffer) };
}

export function bits(values: readonly unknown[]): Record<string, unknown> {
  const data = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, i) => {
    if (value === true) data[i >> 3]! |= 1 << (i & 7);
  });
  return { data };
}

/** With junk under the nulls, which Arrow allows. */
export function cells(values: readonly unknown[]): Record<string, unknown> {
  const pieces = values.map((value) =>
    value === null ? Buffer.from('junk') : typeof value === 'string' ? Buffer.from(value) : (value as Uint8Array),
  );
  const valueOffsets = new Int32Array(values.length + 1);
  pieces.forEach((piece, i) => (valueOffsets[i + 1] = valueOffsets[i]! + piece.length));
  return { data: Buffer.concat(pieces), valueOffsets };
}

export function largeCells(values: readonly unknown[]): Record<string, unknown> {
  const { data, valueOffsets } = cells(values);
  return { data, valueOffsets: BigInt64Array.from(valueOffsets as Int32Array, BigInt) };
}

export function fixedCells(width: number) {
  return (values: readonly unknown[]): Record<string, unknown> => ({
    data: Buffer.concat(values.map((value) => (value as Uint8Array | null) ?? new Uint8Array(width))),
  });
}

/** Codes into a dictionary of the distinct values, last one first, so that codes are not numbers of appearance. */
export function codes(values: readonly unknown[]): Record<string, unknown> {
  const distinct: readonly unknown[] = [...new Set(values.filter((value) => value !== null))].reverse();
  return {
    data: Int32Array.from(values, (value) => Math.max(0, distinct.indexOf(value))),
    dictionary: new Vector([columnData(new Utf8(), distinct, cells)]),
  };
}

export const dictionaryOfText = (): DataType => new Dictionary(new Utf8(), new Int32());

function columnData(type: DataType, values: readonly unknown[], build: TestColumn['build']): Data {
  const nullBitmap: Uint8Array = new Uint8Array(Math.ceil(values.length / 8));
  let nullCount = 0;
  values.forEach((value, i) => {
    if (value === null) nullCount++;
    else nullBitmap[i >> 3]! |= 1 << (i & 7);
  });
  const props = {
    type,
    length: values.length,
    ...build(values),
    ...(nullCount === 0 ? {} : { nullBitmap, nullCount }),
  };
  // The union of all data shapes cannot be told apart by a type that is only known at run time.
  return makeData(props as never);
}

export function schemaOf(columns: readonly TestColumn[]): Schema {
  return new Schema(columns.map(({ name, type, nullable }) => new Field(name, type, nullable ?? true)));
}

/** All rows in batches that end at `cuts`: slices of one batch, or batches with buffers of their own. */
export function batchesOf(
  columns: readonly TestColumn[],
  cuts: readonly number[] = [],
  asSlices = false,
): RecordBatch[] {
  const schema = schemaOf(columns);
  const rows = columns[0]!.values.length;
  const batchOf = (from: number, to: number): RecordBatch =>
    new RecordBatch(
      schema,
      makeData({
        type: new Struct(schema.fields),
        length: to - from,
        children: columns.map(({ type, values, build }) => columnData(type, values.slice(from, to), build)),
      }),
    );
  const bounds = [0, ...[...cuts].sort((left, right) => left - right), rows];
  const whole = asSlices ? batchOf(0, rows) : undefined;
  return bounds.slice(1).map((to, i) => {
    const from = bounds[i]!;
    return whole === undefined ? batchOf(from, to) : whole.slice(from, to);
  });
}
