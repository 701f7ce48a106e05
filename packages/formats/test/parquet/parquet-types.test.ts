import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  DateMillisecond,
  Decimal,
  FixedSizeBinary,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  LargeUtf8,
  TimeMicrosecond,
  TimeMillisecond,
  TimeNanosecond,
  TimeSecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { parquet } from '../../src/parquet/parquet-format.ts';
import {
  batchesOf,
  bits,
  cells,
  codes,
  decimals,
  dictionaryOfText,
  fixedCells,
  largeCells,
  longs,
  numbers,
  schemaOf,
  type TestColumn,
  unsignedLongs,
} from './arrow-columns.ts';
import { bigEndian, encodeFile, metadataOf, queryFile, readStored } from './parquet-readers.ts';

interface TypeCase {
  readonly what: string;
  readonly type: DataType;
  readonly build: TestColumn['build'];
  readonly values: readonly unknown[];
  /** What hyparquet finds stored, where it is not the value given. */
  readonly stored?: (value: never) => unknown;
  readonly duckType: string;
  /** What DuckDB prints. */
  readonly printed: readonly string[];
}

const digits38 = 10n ** 38n - 1n;
const decimal = (precision: number, scale: number): DataType => new Decimal(scale, precision, 128);
const bytesOf = (value: Uint8Array): Buffer => Buffer.from(value);
const ascending = (value: string): Buffer => Buffer.from(value);

const cases: readonly TypeCase[] = [
  {
    what: 'booleans',
    type: new Bool(),
    build: bits,
    values: [true, false],
    duckType: 'BOOLEAN',
    printed: ['true', 'false'],
  },
  {
    what: 'int8',
    type: new Int8(),
    build: numbers(Int8Array),
    values: [-128, 127],
    duckType: 'TINYINT',
    printed: ['-128', '127'],
  },
  {
    what: 'int16',
    type: new Int16(),
    build: numbers(Int16Array),
    values: [-32768, 32767],
    duckType: 'SMALLINT',
    printed: ['-32768', '32767'],
  },
  {
    what: 'int32',
    type: new Int32(),
    build: numbers(Int32Array),
    values: [-2147483648, 2147483647],
    duckType: 'INTEGER',
    printed: ['-2147483648', '2147483647'],
  },
  {
    what: 'int64',
    type: new Int64(),
    build: longs,
    values: [-(2n ** 63n), 2n ** 63n - 1n, -1n],
    duckType: 'BIGINT',
    printed: ['-9223372036854775808', '9223372036854775807', '-1'],
  },
  {
    what: 'uint8',
    type: new Uint8(),
    build: numbers(Uint8Array),
    values: [0, 255],
    duckType: 'UTINYINT',
    printed: ['0', '255'],
  },
  {
    what: 'uint16',
    type: new Uint16(),
    build: numbers(Uint16Array),
    values: [0, 65535],
    duckType: 'USMALLINT',
    printed: ['0', '65535'],
  },
  {
    what: 'uint32',
    type: new Uint32(),
    build: numbers(Uint32Array),
    values: [0, 4294967295],
    duckType: 'UINTEGER',
    printed: ['0', '4294967295'],
  },
  {
    what: 'uint64',
    type: new Uint64(),
    build: unsignedLongs,
    values: [0n, 2n ** 64n - 1n],
    duckType: 'UBIGINT',
    printed: ['0', '18446744073709551615'],
  },
  {
    what: 'float32',
    type: new Float32(),
    build: numbers(Float32Array),
    values: [1.5, -0.25, Infinity],
    duckType: 'FLOAT',
    printed: ['1.5', '-0.25', 'inf'],
  },
  {
    what: 'float64',
    type: new Float64(),
    build: numbers(Float64Array),
    values: [0.1, -1e300, NaN],
    duckType: 'DOUBLE',
    printed: ['0.1', '-1e+300', 'nan'],
  },
  {
    what: 'decimals of 9 digits',
    type: decimal(9, 2),
    build: decimals,
    values: [999999999n, -999999999n, 1n],
    stored: Number,
    duckType: 'DECIMAL(9,2)',
    printed: ['9999999.99', '-9999999.99', '0.01'],
  },
  {
    what: 'decimals of 18 digits',
    type: decimal(18, 2),
    build: decimals,
    values: [10n ** 18n - 1n, 1n - 10n ** 18n, -10000000001234665n],
    duckType: 'DECIMAL(18,2)',
    printed: ['9999999999999999.99', '-9999999999999999.99', '-100000000012346.65'],
  },
  {
    what: 'decimals of 19 digits',
    type: decimal(19, 0),
    build: decimals,
    values: [10n ** 19n - 1n, 1n - 10n ** 19n],
    duckType: 'DECIMAL(19,0)',
    printed: ['9999999999999999999', '-9999999999999999999'],
  },
  {
    what: 'decimals of 38 digits',
    type: decimal(38, 18),
    build: decimals,
    values: [digits38, -digits38, -1n, 0n],
    duckType: 'DECIMAL(38,18)',
    printed: [
      '99999999999999999999.999999999999999999',
      '-99999999999999999999.999999999999999999',
      '-0.000000000000000001',
      '0.000000000000000000',
    ],
  },
  {
    what: 'dates in days',
    type: new DateDay(),
    build: numbers(Int32Array),
    values: [-1, 0, 20000],
    duckType: 'DATE',
    printed: ['1969-12-31', '1970-01-01', '2024-10-04'],
  },
  {
    what: 'dates in milliseconds',
    type: new DateMillisecond(),
    build: longs,
    values: [-86400000n, 1728000000000n],
    stored: (ms: bigint) => Number(ms / 86400000n),
    duckType: 'DATE',
    printed: ['1969-12-31', '2024-10-04'],
  },
  {
    what: 'instants in seconds',
    type: new TimestampSecond('UTC'),
    build: longs,
    values: [-1n, 253402300799n],
    stored: (s: bigint) => s * 1000000n,
    duckType: 'TIMESTAMP WITH TIME ZONE',
    printed: ['1969-12-31 23:59:59+00', '9999-12-31 23:59:59+00'],
  },
  {
    what: 'instants in milliseconds',
    type: new TimestampMillisecond('UTC'),
    build: longs,
    values: [-1n, -62135596800000n, 253402300799999n, 8640000000000n],
    stored: (ms: bigint) => ms * 1000n,
    duckType: 'TIMESTAMP WITH TIME ZONE',
    printed: [
      '1969-12-31 23:59:59.999+00',
      '0001-01-01 00:00:00+00',
      '9999-12-31 23:59:59.999+00',
      '2243-10-17 00:00:00+00',
    ],
  },
  {
    what: 'instants in microseconds',
    type: new TimestampMicrosecond('UTC'),
    build: longs,
    values: [-1n, 1728000000123456n],
    duckType: 'TIMESTAMP WITH TIME ZONE',
    printed: ['1969-12-31 23:59:59.999999+00', '2024-10-04 00:00:00.123456+00'],
  },
  {
    what: 'instants in nanoseconds',
    type: new TimestampNanosecond('UTC'),
    build: longs,
    values: [-1000n, 1728000000123456000n],
    stored: (ns: bigint) => ns / 1000n,
    duckType: 'TIMESTAMP WITH TIME ZONE',
    printed: ['1969-12-31 23:59:59.999999+00', '2024-10-04 00:00:00.123456+00'],
  },
  {
    what: 'local times',
    type: new TimestampMicrosecond(),
    build: longs,
    values: [-1n],
    duckType: 'TIMESTAMP',
    printed: ['1969-12-31 23:59:59.999999'],
  },
  {
    what: 'times of day in seconds',
    type: new TimeSecond(),
    build: numbers(Int32Array),
    values: [0, 86399],
    stored: (s: number) => BigInt(s) * 1000000n,
    duckType: 'TIME',
    printed: ['00:00:00', '23:59:59'],
  },
  {
    what: 'times of day in milliseconds',
    type: new TimeMillisecond(),
    build: numbers(Int32Array),
    values: [1, 86399999],
    stored: (ms: number) => BigInt(ms) * 1000n,
    duckType: 'TIME',
    printed: ['00:00:00.001', '23:59:59.999'],
  },
  {
    what: 'times of day in microseconds',
    type: new TimeMicrosecond(),
    build: longs,
    values: [1n, 86399999999n],
    duckType: 'TIME',
    printed: ['00:00:00.000001', '23:59:59.999999'],
  },
  {
    what: 'times of day in nanoseconds',
    type: new TimeNanosecond(),
    build: longs,
    values: [1000n],
    stored: (ns: bigint) => ns / 1000n,
    duckType: 'TIME',
    printed: ['00:00:00.000001'],
  },
  {
    what: 'text',
    type: new Utf8(),
    build: cells,
    values: ['', 'naïve Ωmega 漢字 🙂', 'ab', 'line\nbreak'],
    stored: ascending,
    duckType: 'VARCHAR',
    printed: ['', 'naïve Ωmega 漢字 🙂', 'ab', 'line\nbreak'],
  },
  {
    what: 'large text',
    type: new LargeUtf8(),
    build: largeCells,
    values: ['é', 'zz'],
    stored: ascending,
    duckType: 'VARCHAR',
    printed: ['é', 'zz'],
  },
  {
    what: 'dictionary text',
    type: dictionaryOfText(),
    build: codes,
    values: ['won', 'lost', 'won', 'won', 'lost'],
    stored: ascending,
    duckType: 'VARCHAR',
    printed: ['won', 'lost', 'won', 'won', 'lost'],
  },
  {
    what: 'bytes',
    type: new Binary(),
    build: cells,
    values: [Uint8Array.of(0, 255), Uint8Array.of()],
    stored: bytesOf,
    duckType: 'BLOB',
    printed: ['\\x00\\xFF', ''],
  },
  {
    what: 'bytes of fixed width',
    type: new FixedSizeBinary(3),
    build: fixedCells(3),
    values: [Uint8Array.of(1, 2, 200)],
    stored: bytesOf,
    duckType: 'BLOB',
    printed: ['\\x01\\x02\\xC8'],
  },
];

describe('parquet column types', () => {
  it.each(cases)(
    'reads back $what exactly, with two readers',
    async ({ type, build, values, stored, duckType, printed }) => {
      const column: TestColumn = { name: 'c', type, build, values: [null, ...values, null] };
      const store = (value: unknown): unknown => (stored === undefined ? value : stored(value as never));

      const file = encodeFile(parquet(), schemaOf([column]), [batchesOf([column])]);

      const found = (await readStored(file))['c']!;
      const isWide = metadataOf(file).schema[1]!.converted_type === 'DECIMAL';
      const seen = found.map((value) => (isWide && value instanceof Uint8Array ? bigEndian(value) : comparable(value)));
      expect(seen).toEqual([null, ...values.map((value) => comparable(store(value))), null]);
      expect(await queryFile(file, 'select typeof(c) from file limit 1')).toEqual([[duckType]]);
      const rows = await queryFile(file, 'select cast(c as varchar) from file');
      expect(rows.flat()).toEqual([null, ...printed, null]);
    },
  );

  it('keeps a NUL in text', async () => {
    const column: TestColumn = { name: 'c', type: new Utf8(), build: cells, values: ['a\0b', '\0'] };

    const file = encodeFile(parquet(), schemaOf([column]), [batchesOf([column])]);

    expect((await readStored(file))['c']).toEqual([Buffer.from('a\0b'), Buffer.from('\0')]);
    expect(await queryFile(file, 'select hex(c::blob) from file')).toEqual([['610062'], ['00']]);
  });

  it('keeps the bits of a NaN', async () => {
    const nan = new Uint8Array([1, 0, 0, 0, 0, 0, 0xf8, 0x7f]);
    const column: TestColumn = {
      name: 'c',
      type: new Float64(),
      values: [1],
      build: () => ({ data: new Float64Array(nan.buffer) }),
    };

    const file = encodeFile(parquet({ compression: 'none' }), schemaOf([column]), [batchesOf([column])]);

    expect(file.includes(Buffer.from(nan))).toBe(true);
  });

  it('takes the nulls of a dictionary for nulls', async () => {
    const withNull: TestColumn = {
      name: 'c',
      type: dictionaryOfText(),
      values: ['a', 'unset', null, 'a'],
      build: () => ({ data: Int32Array.of(0, 1, 0, 0), dictionary: nullableDictionary() }),
    };

    const file = encodeFile(parquet(), schemaOf([withNull]), [batchesOf([withNull])]);

    expect((await readStored(file))['c']).toEqual([Buffer.from('a'), null, null, Buffer.from('a')]);
  });
});

function nullableDictionary(): unknown {
  const column: TestColumn = { name: 'd', type: new Utf8(), build: cells, values: ['a', null] };
  return batchesOf([column])[0]!.getChildAt(0);
}

function comparable(value: unknown): unknown {
  return value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')
    : value;
}
