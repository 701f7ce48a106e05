import { collect, copy, fromBatches, read, rowReader, type RowValue } from '@sluice/core';
import { postgres, type PostgresDatabase } from '@sluice/postgres';
import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  DateMillisecond,
  Decimal,
  Dictionary,
  Field,
  FixedSizeBinary,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  List,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  TimeMicrosecond,
  TimeMillisecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { type PostgresServer, startPostgres } from '../../../test/servers/postgres-server.ts';
import { openAdmin } from './admin-session.ts';

let server: PostgresServer;
let db: PostgresDatabase;
let tables = 0;

beforeAll(async () => {
  server = await startPostgres();
  db = postgres(server.options);
});
afterAll(async () => await server[Symbol.asyncDispose]());

function batchOf(type: DataType, values: readonly unknown[]): RecordBatch {
  const vector = vectorFromArray(values as never[], type);
  const schema = new Schema([new Field('value', type, true)]);
  const children = [vector.data[0]!];
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: values.length, nullCount: 0, children }),
  );
}

async function thereAndBack(batch: RecordBatch): Promise<readonly RowValue[]> {
  const table = `table_${tables++}`;
  await copy({ from: fromBatches(batch.schema, [batch]), to: db.load({ table }) });
  const values: RowValue[] = [];
  for await (const row of read(db.table({ table })).rows()) values.push(row['value']!);
  return values;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Types with the values at their ends, and what comes back: 64-bit integers as bigint, decimals, dates and times as text. */
const CASES: readonly (readonly [string, DataType, readonly unknown[], readonly RowValue[]])[] = [
  ['Bool', new Bool(), [true, null, false], [true, null, false]],
  ['Int8', new Int8(), [-128, null, 127], [-128, null, 127]],
  ['Int16', new Int16(), [-32_768, null, 32_767], [-32_768, null, 32_767]],
  ['Int32', new Int32(), [-(2 ** 31), null, 2 ** 31 - 1], [-(2 ** 31), null, 2 ** 31 - 1]],
  ['Int64', new Int64(), [-(2n ** 63n), null, 2n ** 63n - 1n], [-(2n ** 63n), null, 2n ** 63n - 1n]],
  ['Uint8', new Uint8(), [0, null, 255], [0, null, 255]],
  ['Uint16', new Uint16(), [0, null, 65_535], [0, null, 65_535]],
  ['Uint32', new Uint32(), [0, null, 2 ** 32 - 1], [0n, null, 2n ** 32n - 1n]],
  ['Uint64', new Uint64(), [0n, null, 2n ** 64n - 1n], ['0', null, '18446744073709551615']],
  ['Float32', new Float32(), [0.5, null, -Infinity, NaN], [0.5, null, -Infinity, NaN]],
  ['Float64', new Float64(), [Number.MAX_VALUE, null, -0, 5e-324], [Number.MAX_VALUE, null, -0, 5e-324]],
  ['Utf8', new Utf8(), ['', null, 'ä€😀', '\'\\"\n\t'], ['', null, 'ä€😀', '\'\\"\n\t']],
  ['dictionary of Utf8', new Dictionary(new Utf8(), new Int32()), ['a', null, 'b', 'a'], ['a', null, 'b', 'a']],
  ['Binary', new Binary(), [bytes(), null, bytes(0, 255)], [bytes(), null, bytes(0, 255)]],
  ['FixedSizeBinary', new FixedSizeBinary(2), [bytes(1, 2), null], [bytes(1, 2), null]],
  ['Date32', new DateDay(), [new Date('0001-01-01'), null, new Date('9999-12-31')], ['0001-01-01', null, '9999-12-31']],
  ['Date64', new DateMillisecond(), [new Date('1969-12-31'), null], ['1969-12-31', null]],
  ['Time32', new TimeMillisecond(), [0, null, 86_399_999], ['00:00:00.000000', null, '23:59:59.999000']],
  ['Time64', new TimeMicrosecond(), [86_399_999_999n, null], ['23:59:59.999999', null]],
  [
    'List',
    new List(new Field('item', new Int32(), true)),
    [[1, null, 3], null, [], [2 ** 31 - 1]],
    [[1, null, 3], null, [], [2 ** 31 - 1]],
  ],
];

test.each(CASES)('%s comes back from a table made for it', async (_name, type, values, expected) => {
  expect(await thereAndBack(batchOf(type, values))).toEqual(expected);
});

test.each([
  ['second', TimestampSecond, 1n],
  ['millisecond', TimestampMillisecond, 1000n],
  ['microsecond', TimestampMicrosecond, 1_000_000n],
  ['nanosecond', TimestampNanosecond, 1_000_000_000n],
])('instants counted by the %s come back to the microsecond', async (_name, make, perSecond) => {
  const seconds = [0n, -1n, 253_402_300_799n, -62_135_596_800n, 1_700_000_000n].filter(
    (second) =>
      (second * perSecond) / perSecond === second &&
      second * perSecond < 2n ** 63n &&
      second * perSecond > -(2n ** 63n),
  );
  for (const timezone of [null, 'UTC']) {
    const type = new make(timezone);
    const data = BigInt64Array.from(seconds, (second) => second * perSecond);
    const schema = new Schema([new Field('value', type, true)]);
    const child = makeData({ type, length: data.length, nullCount: 0, data } as never);
    const struct = makeData({ type: new Struct(schema.fields), length: data.length, nullCount: 0, children: [child] });
    const expected = seconds.map(
      (second) => `${new Date(Number(second) * 1000).toISOString().slice(0, 23)}000${timezone === null ? '' : 'Z'}`,
    );
    expect(await thereAndBack(new RecordBatch(schema, struct))).toEqual(expected);
  }
});

test('decimals of any precision and scale come back digit by digit', async () => {
  const decimals = fc
    .tuple(fc.integer({ min: 1, max: 76 }), fc.nat(76))
    .map(([precision, scale]) => ({ precision, scale: Math.min(scale, precision) }))
    .chain(({ precision, scale }) => {
      const limit = 10n ** BigInt(precision) - 1n;
      const value = fc.oneof(
        fc.bigInt({ min: -limit, max: limit }),
        fc.constantFrom(0n, 1n, -1n, limit, -limit, limit / 10_000n),
        fc.constant(null),
      );
      return fc.record({
        precision: fc.constant(precision),
        scale: fc.constant(scale),
        values: fc.array(value, { minLength: 1, maxLength: 50 }),
      });
    });
  await fc.assert(
    fc.asyncProperty(decimals, async ({ precision, scale, values }) => {
      const type = new Decimal(scale, precision, precision > 38 ? 256 : 128);
      const words = type.bitWidth / 32;
      const data = new Uint32Array(values.length * words);
      const nullBitmap = new Uint8Array((values.length + 7) >> 3);
      for (const [row, value] of values.entries()) {
        if (value !== null) nullBitmap[row >> 3]! |= 1 << (row & 7);
        for (let i = 0, rest = value ?? 0n; i < words; i++, rest >>= 32n)
          data[row * words + i] = Number(BigInt.asUintN(32, rest));
      }
      const schema = new Schema([new Field('value', type, true)]);
      const nullCount = values.filter((value) => value === null).length;
      const child = makeData({ type, length: values.length, nullCount, nullBitmap, data });
      const struct = makeData({
        type: new Struct(schema.fields),
        length: values.length,
        nullCount: 0,
        children: [child],
      });
      const batch = new RecordBatch(schema, struct);
      expect(await thereAndBack(batch)).toEqual([...rowReader(schema)(batch)].map((row) => row['value']));
    }),
    { seed: inject('seed'), numRuns: 25 },
  );
});

test('a numeric without bounds is read as text, every digit of it, and as a decimal where bounds are given', async () => {
  await using session = await openAdmin(server);
  await session.rows(`CREATE TABLE loose (value numeric)`);
  const values = [
    '0',
    '-0.001',
    '1e40',
    'NaN',
    'Infinity',
    '123456789012345678901234567890.123456789',
    '10000',
    '0.00010000',
  ];
  await session.rows(`INSERT INTO loose SELECT unnest($1::numeric[])`, [values]);
  const texts: RowValue[] = [];
  for await (const row of read(db.table({ table: 'loose' })).rows()) texts.push(row['value']!);
  const shown = await session.rows<{ value: string }>('SELECT value::text AS value FROM loose');
  expect(texts).toEqual(shown.map(({ value }) => value));
});

test('instants are read as far as Arrow can count them, and rejected beyond', async () => {
  const values = `VALUES ('294246-12-31'::timestamp), ('294276-12-31'), ('infinity'), ('-infinity'), ('4713-01-01 BC')`;
  const sink = collect();
  const receipt = await copy({ from: db.query(values), to: sink, maxRejects: 3 });

  expect(receipt.rejects.map(({ message, rows }) => [rows, message])).toEqual([
    [2, 'a value of column1 is infinite'],
    [1, 'a value of column1 is later than Arrow can hold in microseconds'],
  ]);
  const { schema, batches } = sink.table();
  const read = batches.flatMap((batch) => [...rowReader(schema)(batch)].map((row) => row['column1']));
  expect(read).toEqual(['+294246-12-31T00:00:00.000000', '-004712-01-01T00:00:00.000000']);
});
