import type { RowValue } from '@sluice/core';
import { rowReader } from '@sluice/core';
import {
  Bool,
  type DataType,
  DateDay,
  Decimal,
  Field,
  Float64,
  Int16,
  Int32,
  Int64,
  List,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  TimeMicrosecond,
  TimestampMicrosecond,
  Uint64,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { builtInType, type ColumnType, type ScalarType } from '../src/catalog/column-type.ts';
import { columnWriters } from '../src/copy-in/column-writer.ts';
import { COPY_HEADER, COPY_TRAILER, RowEncoder } from '../src/copy-in/row-encoder.ts';
import { columnCells } from '../src/copy-out/arrow-column.ts';
import { decodeRows } from '../src/copy-out/row-decoder.ts';

const scalar = (oid: number, name: string): ScalarType => builtInType({ oid, name, typmod: -1 })!;
const numeric = (precision?: number, scale?: number): ScalarType =>
  precision === undefined || scale === undefined
    ? scalar(1700, 'numeric')
    : { ...scalar(1700, `numeric(${precision},${scale})`), precision, scale };

function batchOf(columns: readonly (readonly [DataType, readonly unknown[]])[]): RecordBatch {
  const schema = new Schema(columns.map(([type], i) => new Field(`c${i}`, type, true)));
  const length = columns[0]![1].length;
  const children = columns.map(([type, values]) => dataOf(type, values));
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
}

function dataOf(type: DataType, values: readonly unknown[]) {
  if (!(type instanceof Decimal)) return vectorFromArray(values as never[], type).data[0]!;
  const count = type.bitWidth / 32;
  const data = new Uint32Array(values.length * count);
  const nullBitmap = new Uint8Array((values.length + 7) >> 3);
  for (const [row, value] of values.entries()) {
    if (typeof value !== 'bigint') continue;
    nullBitmap[row >> 3]! |= 1 << (row & 7);
    for (let i = 0; i < count; i++) data[row * count + i] = Number(BigInt.asUintN(32, value >> BigInt(32 * i)));
  }
  const nullCount = values.filter((value) => value === null).length;
  return makeData({ type, length: values.length, nullCount, nullBitmap, data });
}

interface Encoded {
  readonly bytes: Uint8Array;
  readonly rejects: readonly { readonly row: number; readonly message: string }[];
}

function encode(batches: readonly RecordBatch[], targets: readonly ColumnType[]): Encoded {
  const encoder = new RowEncoder(
    batches[0]!.schema.fields.map(({ name, type }, i) => ({
      name,
      writers: columnWriters(type, targets[i]!)!,
      isRequired: false,
    })),
    undefined,
  );
  const stretches = batches.flatMap((batch) => [...encoder.encode(batch)]);
  const bytes = Buffer.concat([COPY_HEADER, ...stretches.map((stretch) => stretch.bytes), COPY_TRAILER]);
  return { bytes, rejects: stretches.flatMap(({ rejects }) => rejects) };
}

async function decode(
  { bytes }: Encoded,
  schema: Schema,
  sources: readonly ColumnType[],
  { chunkBytes = 7, rows = 5 } = {},
) {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.slice(at, at + chunkBytes);
  }
  const columns = sources.map((type, i) => ({ name: schema.fields[i]!.name, cells: columnCells(type, undefined) }));
  const read: RowValue[][] = [];
  const rejects: string[] = [];
  for await (const delivery of decodeRows(chunks(), schema, columns, { rows, bytes: 1e9 })) {
    for (const row of rowReader(schema)(delivery.batch)) read.push(Object.values(row));
    rejects.push(...(delivery.rejects ?? []).map(({ message }) => message));
  }
  return { read, rejects };
}

const rowsOf = (batch: RecordBatch): RowValue[][] =>
  [...rowReader(batch.schema)(batch)].map((row) => Object.values(row));

const orNull = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { freq: 4 });
const texts = fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => text.replaceAll('\0', ''));
const micros = fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n });

const KINDS: readonly (readonly [DataType, ColumnType, fc.Arbitrary<unknown>])[] = [
  [new Bool(), scalar(16, 'boolean'), orNull(fc.boolean())],
  [new Int16(), scalar(21, 'smallint'), orNull(fc.integer({ min: -32_768, max: 32_767 }))],
  [new Int32(), scalar(23, 'integer'), orNull(fc.integer())],
  [new Int64(), scalar(20, 'bigint'), orNull(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))],
  [new Float64(), scalar(701, 'double precision'), orNull(fc.double({ noNaN: true }))],
  [new Utf8(), scalar(25, 'text'), orNull(texts)],
  [
    new DateDay(),
    scalar(1082, 'date'),
    orNull(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })),
  ],
  [new TimeMicrosecond(), scalar(1083, 'time'), orNull(fc.bigInt({ min: 0n, max: 86_399_999_999n }))],
  [new TimestampMicrosecond('UTC'), scalar(1184, 'timestamp with time zone'), fc.constant(null)],
  [new Decimal(15, 18, 128), numeric(18, 15), orNull(fc.bigInt({ min: 1n - 10n ** 18n, max: 10n ** 18n - 1n }))],
  [
    new List(new Field('item', new Int32(), true)),
    { kind: 'array', name: 'integer[]', oid: 1007, element: scalar(23, 'integer') },
    orNull(fc.array(orNull(fc.integer()), { maxLength: 4 })),
  ],
];

describe('rows in the binary form of COPY', () => {
  it('come back as they were, wherever the bytes are cut', async () => {
    const rows = fc.array(fc.tuple(...KINDS.map(([, , values]) => values)), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 50 }),
        async (some, chunkBytes, batchRows) => {
          const batch = batchOf(KINDS.map(([type], column) => [type, some.map((row) => row[column])]));
          const targets = KINDS.map(([, target]) => target);
          const cut = [batch.slice(0, some.length >> 1), batch.slice(some.length >> 1)];

          const encoded = encode(cut, targets);
          const { read, rejects } = await decode(encoded, batch.schema, targets, { chunkBytes, rows: batchRows });

          expect([...encoded.rejects, ...rejects]).toEqual([]);
          expect(read).toEqual(rowsOf(batch));
        },
      ),
      { seed: inject('seed'), numRuns: 60 },
    );
  });

  it('hold instants to the microsecond', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(micros, { minLength: 1 }), async (values) => {
        const type = new TimestampMicrosecond('UTC');
        const schema = new Schema([new Field('c0', type, true)]);
        const child = makeData({ type, length: values.length, nullCount: 0, data: BigInt64Array.from(values) });
        const batch = new RecordBatch(
          schema,
          makeData({ type: new Struct(schema.fields), length: values.length, nullCount: 0, children: [child] }),
        );
        const target = scalar(1184, 'timestamp with time zone');

        expect((await decode(encode([batch], [target]), schema, [target])).read).toEqual(rowsOf(batch));
      }),
      { seed: inject('seed'), numRuns: 50 },
    );
  });

  it('leave out rows that do not fit, named, in every place', async () => {
    const batch = batchOf([
      [new Int32(), [1, 70_000, null, 4]],
      [new Utf8(), ['a', 'b', 'x\0', 'd']],
    ]);
    const targets = [scalar(21, 'smallint'), scalar(25, 'text')];

    const encoded = encode([batch], targets);

    expect(encoded.rejects).toMatchObject([
      { row: 1, message: 'a value of c0 is out of the range of the column' },
      { row: 2, message: 'a value of c1 holds a NUL character, which PostgreSQL cannot' },
    ]);
    const schema = new Schema([new Field('c0', new Int16(), true), new Field('c1', new Utf8(), true)]);
    expect((await decode(encoded, schema, targets)).read).toEqual([
      [1, 'a'],
      [4, 'd'],
    ]);
  });
});

const bounds = fc
  .integer({ min: 1, max: 76 })
  .chain((precision) => fc.tuple(fc.constant(precision), fc.nat(precision)));

describe('a numeric', () => {
  it('takes a decimal exactly where the column has room for all its digits', async () => {
    const decimals = fc.tuple(bounds, bounds).chain(([from, to]) => {
      const most = 10n ** BigInt(from[0]) - 1n;
      const value = fc.oneof(
        fc.bigInt({ min: -most, max: most }),
        fc.tuple(fc.bigInt({ min: -99n, max: 99n }), fc.nat(74)).map(([n, e]) => clamp(n * 10n ** BigInt(e), most)),
        fc.constantFrom(0n, most, -most),
      );
      return fc.tuple(fc.constant(from), fc.constant(to), fc.array(value, { minLength: 1, maxLength: 20 }));
    });
    await fc.assert(
      fc.asyncProperty(decimals, async ([[precision, scale], [toPrecision, toScale], values]) => {
        const target = numeric(toPrecision, toScale);
        const batch = batchOf([[new Decimal(scale, precision, precision > 38 ? 256 : 128), values]]);
        // In units of the finest digit either side has.
        const [up, unit] = [10n ** 76n / 10n ** BigInt(scale), 10n ** 76n / 10n ** BigInt(toScale)];
        const fits = values.map((value) => {
          const fine = value * up;
          return fine % unit === 0n && abs(fine / unit) < 10n ** BigInt(toPrecision);
        });

        const encoded = encode([batch], [target]);
        const type = new Decimal(toScale, toPrecision, toPrecision > 38 ? 256 : 128);
        const { read } = await decode(encoded, new Schema([new Field('c0', type, true)]), [target]);

        expect(encoded.rejects.map(({ row }) => row)).toEqual([...fits.keys()].filter((row) => !fits[row]));
        expect(read.flat()).toEqual(
          values.filter((_, row) => fits[row]).map((value) => textOf((value * up) / unit, toScale)),
        );
      }),
      { seed: inject('seed'), numRuns: 300 },
    );
  });

  it('without bounds takes integers of every width, and comes back as text with all its digits', async () => {
    const integers = fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: 1 });
    const text = new Schema([new Field('c0', new Utf8(), true)]);
    await fc.assert(
      fc.asyncProperty(integers, async (values) => {
        const signed = values.map((value) => BigInt.asIntN(64, value));

        const unsigned = encode([batchOf([[new Uint64(), values]])], [numeric()]);
        const both = encode([batchOf([[new Int64(), signed]])], [numeric()]);

        expect((await decode(unsigned, text, [numeric()])).read.flat()).toEqual(values.map(String));
        expect((await decode(both, text, [numeric()])).read.flat()).toEqual(signed.map(String));
      }),
      { seed: inject('seed'), numRuns: 50 },
    );
  });

  it('that a decimal cannot hold rejects its row, and the others stay', async () => {
    const schema = new Schema([new Field('c0', new Decimal(1, 3, 128), true)]);
    const encoded = encode([batchOf([[new Decimal(2, 9, 128), [1010n, 125n, -99_990n, 100_000n, 0n]]])], [numeric()]);

    const { read, rejects } = await decode(encoded, schema, [numeric(3, 1)]);

    expect(read.flat()).toEqual(['10.1', '0.0']);
    expect(rejects).toEqual([
      'a value of c0 has more than 1 digits behind the point',
      'a value of c0 has more than 3 digits',
      'a value of c0 has more than 3 digits',
    ]);
  });
});

const abs = (value: bigint): bigint => (value < 0n ? -value : value);

function clamp(value: bigint, most: bigint): bigint {
  return abs(value) > most ? value % (most + 1n) : value;
}

function textOf(unscaled: bigint, scale: number): string {
  const digits = String(abs(unscaled)).padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return unscaled < 0n ? `-${text}` : text;
}
