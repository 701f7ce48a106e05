import {
  Binary,
  BinaryView,
  Bool,
  type Data,
  type DataType,
  Decimal,
  Dictionary,
  Field,
  FixedSizeBinary,
  FixedSizeList,
  Float64,
  Int32,
  Int64,
  LargeList,
  LargeUtf8,
  List,
  makeData,
  Map_,
  Null,
  RecordBatch,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
  Utf8View,
  vectorFromArray,
} from 'apache-arrow';
import fc from 'fast-check';

import {
  bits,
  cells,
  codes,
  decimals,
  dictionaryOfText,
  fixedCells,
  largeCells,
  longs,
  numbers,
} from '../parquet/arrow-columns.ts';

interface Column {
  readonly name: string;
  readonly type: DataType;
  readonly values: fc.Arbitrary<unknown>;
  /** The type's own data, with junk under its nulls. Without it, Arrow's builder makes them. */
  readonly build?: (values: readonly unknown[]) => Record<string, unknown>;
}

const text = fc.oneof(
  fc.constantFrom('', 'a', 'some text longer than a view holds inline'),
  fc.string({ maxLength: 8 }),
);
const int32 = fc.integer();
const pair = new Struct([new Field('a', new Int32()), new Field('b', new Utf8())]);
const entry = new Struct([new Field('key', new Utf8(), false), new Field('value', new Int32())]);

/** One column of each layout. */
const columns: readonly Column[] = [
  { name: 'text', type: new Utf8(), values: text, build: cells },
  { name: 'code', type: dictionaryOfText(), values: text, build: codes },
  { name: 'large', type: new LargeUtf8(), values: text, build: largeCells },
  { name: 'bytes', type: new Binary(), values: fc.uint8Array({ maxLength: 4 }), build: cells },
  {
    name: 'fixed',
    type: new FixedSizeBinary(3),
    values: fc.uint8Array({ minLength: 3, maxLength: 3 }),
    build: fixedCells(3),
  },
  { name: 'flag', type: new Bool(), values: fc.boolean(), build: bits },
  { name: 'count', type: new Int32(), values: int32, build: numbers(Int32Array) },
  { name: 'long', type: new Int64(), values: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), build: longs },
  { name: 'double', type: new Float64(), values: fc.double({ noNaN: true }), build: numbers(Float64Array) },
  {
    name: 'amount',
    type: new Decimal(2, 38, 128),
    values: fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n),
    build: decimals,
  },
  { name: 'at', type: new TimestampMicrosecond('UTC'), values: fc.bigInt(-(10n ** 15n), 10n ** 15n), build: longs },
  { name: 'nothing', type: new Null(), values: fc.constant(null) },
  { name: 'view', type: new Utf8View(), values: text },
  { name: 'byteView', type: new BinaryView(), values: fc.uint8Array({ maxLength: 20 }) },
  { name: 'list', type: new List(new Field('item', new Utf8())), values: fc.array(fc.option(text), { maxLength: 3 }) },
  { name: 'longList', type: new LargeList(new Field('item', new Int32())), values: fc.array(int32, { maxLength: 3 }) },
  {
    name: 'pairs',
    type: new FixedSizeList(2, new Field('item', new Int32())),
    values: fc.array(int32, { minLength: 2, maxLength: 2 }),
  },
  { name: 'struct', type: pair, values: fc.record({ a: fc.option(int32), b: fc.option(text) }) },
  {
    name: 'map',
    type: new Map_(new Field('entries', entry, false)),
    values: fc.dictionary(fc.constantFrom('x', 'y', 'z'), int32).map((value) => new Map(Object.entries(value))),
  },
  {
    name: 'codes',
    type: new List(new Field('item', new Dictionary(new Utf8(), new Int32()))),
    values: fc.array(text, { maxLength: 3 }),
  },
];

export type Row = readonly unknown[];

export const row: fc.Arbitrary<Row> = fc.tuple(...columns.map(({ values }) => fc.option(values)));

export const schema = new Schema(
  columns.map(({ name, type }) => new Field(name, type, true, new Map([['label', name.toUpperCase()]]))),
  new Map([['object', 'Account']]),
);

/** Rows as one batch with buffers of its own. */
export function batchOf(rows: readonly Row[]): RecordBatch {
  const children = columns.map((column, i) =>
    columnData(
      column,
      rows.map((cells) => cells[i] ?? null),
    ),
  );
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children }),
  );
}

/** Rows as batches that end at `cuts`: slices of one batch, or batches that share nothing. */
export function batchesOf(rows: readonly Row[], cuts: readonly number[], asSlices: boolean): readonly RecordBatch[] {
  const bounds = [0, ...cuts.map((cut) => cut % (rows.length + 1)).sort((left, right) => left - right), rows.length];
  const whole = batchOf(rows);
  return bounds.slice(1).map((to, i) => {
    const from = bounds[i]!;
    return asSlices ? whole.slice(from, to) : batchOf(rows.slice(from, to));
  });
}

function columnData({ type, build }: Column, values: readonly unknown[]): Data {
  if (build === undefined) {
    const [data] = values.length === 0 ? [] : vectorFromArray(values, type).data;
    // The union of all data shapes cannot be told apart by a type that is only known at run time.
    return data ?? makeData({ type, length: 0, nullCount: 0 } as never);
  }
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 8));
  let nullCount = 0;
  values.forEach((value, i) => {
    if (value === null) nullCount++;
    else nullBitmap[i >> 3]! |= 1 << (i & 7);
  });
  const validity = nullCount === 0 ? {} : { nullBitmap, nullCount };
  return makeData({ type, length: values.length, ...build(values), ...validity } as never);
}
