import {
  Bool,
  type DataType,
  DateDay,
  Decimal,
  Float64,
  Int64,
  TimestampMillisecond,
  Uint32,
  Uint64,
  Utf8,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { parquet } from '../../src/parquet/parquet-format.ts';
import {
  batchesOf,
  bits,
  cells,
  decimals,
  longs,
  numbers,
  schemaOf,
  type TestColumn,
  unsignedLongs,
} from './arrow-columns.ts';
import { encodeFile, metadataOf, queryFile } from './parquet-readers.ts';

interface Case {
  readonly what: string;
  readonly type: DataType;
  readonly build: TestColumn['build'];
  readonly values: readonly unknown[];
  readonly min: string;
  readonly max: string;
}

const cases: readonly Case[] = [
  { what: 'booleans', type: new Bool(), build: bits, values: [true, true], min: 'true', max: 'true' },
  {
    what: 'int64 across 32 bits',
    type: new Int64(),
    build: longs,
    values: [1n, -1n, -(2n ** 40n), 2n ** 40n, 2n ** 32n],
    min: '-1099511627776',
    max: '1099511627776',
  },
  {
    what: 'uint32',
    type: new Uint32(),
    build: numbers(Uint32Array),
    values: [4000000000, 1],
    min: '1',
    max: '4000000000',
  },
  {
    what: 'uint64',
    type: new Uint64(),
    build: unsignedLongs,
    values: [2n ** 63n, 1n],
    min: '1',
    max: '9223372036854775808',
  },
  {
    what: 'small decimals',
    type: new Decimal(2, 9, 128),
    build: decimals,
    values: [-5n, 123n],
    min: '-0.05',
    max: '1.23',
  },
  {
    what: 'decimals',
    type: new Decimal(2, 18, 128),
    build: decimals,
    values: [-5n, 123n, 10n ** 17n],
    min: '-0.05',
    max: '1000000000000000.00',
  },
  {
    what: 'wide decimals',
    type: new Decimal(2, 38, 128),
    build: decimals,
    values: [-5n, 123n, -(10n ** 37n)],
    min: '-100000000000000000000000000000000000.00',
    max: '1.23',
  },
  {
    what: 'dates',
    type: new DateDay(),
    build: numbers(Int32Array),
    values: [0, -1],
    min: '1969-12-31',
    max: '1970-01-01',
  },
  {
    what: 'instants',
    type: new TimestampMillisecond('UTC'),
    build: longs,
    values: [0n, -1n],
    min: '1969-12-31 23:59:59.999+00',
    max: '1970-01-01 00:00:00+00',
  },
  {
    what: 'text by code point',
    type: new Utf8(),
    build: cells,
    values: ['\u{ff5e}', '\u{1f642}', 'z'],
    min: 'z',
    max: '\u{1f642}',
  },
  {
    what: 'text that repeats',
    type: new Utf8(),
    build: cells,
    values: ['b', 'a', 'b', 'a', 'c', 'c', 'c', 'b'],
    min: 'a',
    max: 'c',
  },
];

describe('parquet statistics', () => {
  it.each(cases)('give the range of $what', async ({ type, build, values, min, max }) => {
    const column: TestColumn = { name: 'c', type, build, values: [null, ...values] };

    const file = encodeFile(parquet(), schemaOf([column]), [batchesOf([column])]);

    const sql = `select stats_min_value, stats_max_value, stats_null_count from parquet_metadata(file)`;
    expect(await queryFile(file, sql)).toEqual([[min, max, '1']]);
  });

  it('cut long text down for the smallest and up for the largest', () => {
    const values = [`a${'m'.repeat(100)}`, `z${'é'.repeat(100)}`];
    const column: TestColumn = { name: 'c', type: new Utf8(), build: cells, values };

    const file = encodeFile(parquet(), schemaOf([column]), [batchesOf([column])]);

    const statistics = metadataOf(file).row_groups[0]!.columns[0]!.meta_data!.statistics!;
    expect(statistics).toMatchObject({ is_min_value_exact: false, is_max_value_exact: false });
    expect(String(statistics.min_value) <= values[0]!).toBe(true);
    expect(String(statistics.max_value) > values[1]!).toBe(true);
  });

  it('leave out the range of floats with a NaN, and of nulls alone', () => {
    const columns: readonly TestColumn[] = [
      { name: 'nan', type: new Float64(), build: numbers(Float64Array), values: [1, NaN] },
      { name: 'zero', type: new Float64(), build: numbers(Float64Array), values: [0, 0] },
      { name: 'none', type: new Float64(), build: numbers(Float64Array), values: [null, null] },
    ];

    const file = encodeFile(parquet(), schemaOf(columns), [batchesOf(columns)]);

    const [nan, zero, none] = metadataOf(file).row_groups[0]!.columns.map((chunk) => chunk.meta_data!.statistics!);
    expect(nan).toEqual({ null_count: 0n });
    expect(zero).toEqual({ null_count: 0n, min_value: -0, max_value: 0 });
    expect(none).toEqual({ null_count: 2n });
  });

  it('never hide a row from a query that skips row groups by them', async () => {
    const values = Array.from({ length: 2_000 }, (_, i) => ((i * 7_919) % 2_000) - 1_000);
    const text = values.map(
      (value) => `${value < 0 ? 'minus' : 'plus'} with a tail beyond the bound ${Math.abs(value)}`,
    );
    const columns: readonly TestColumn[] = [
      {
        name: 'd',
        type: new Decimal(3, 38, 128),
        build: decimals,
        values: values.map((value) => BigInt(value) * 10n ** 20n),
      },
      { name: 't', type: new Utf8(), build: cells, values: text },
      { name: 'moment', type: new TimestampMillisecond('UTC'), build: longs, values: values.map(BigInt) },
    ];

    const file = encodeFile(parquet({ rowGroupRows: 50 }), schemaOf(columns), [batchesOf(columns)]);

    const sql = `select count(*) filter (d < 0), (select count(*) from file where d < 0),
      (select count(*) from file where t >= 'plus with a tail beyond the bound 5'),
      (select count(*) from file where moment < timestamptz '1970-01-01 00:00:00+00'),
      (select count(*) from file where t = '${text[77]!}') from file`;
    const atLeast = text.filter((value) => value >= 'plus with a tail beyond the bound 5').length;
    expect(await queryFile(file, sql)).toEqual([['1000', '1000', String(atLeast), '1000', '1']]);
  });
});
