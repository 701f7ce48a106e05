import {
  Bool,
  type DataType,
  DateDay,
  DateMillisecond,
  Decimal,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  Schema,
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

import { decodeText, schemaOf } from './decoded-rows.ts';

const decimal = (precision: number, scale: number, bitWidth: 128 | 256 = 128): DataType =>
  new Decimal(scale, precision, bitWidth);
const max256 = 10n ** 76n - 1n;
const utc = (Type: new (timezone: string) => DataType): DataType => new Type('UTC');
const msOf = (text: string): bigint => BigInt(Date.parse(text));

interface TypeCase {
  readonly what: string;
  readonly type: DataType;
  readonly good: readonly (readonly [text: string, value: unknown])[];
  /** Texts that reject their row, by what the message says was expected. */
  readonly bad: Readonly<Record<string, readonly string[]>>;
}

const cases: readonly TypeCase[] = [
  {
    what: 'text',
    type: new Utf8(),
    good: [
      ['"NULL"', 'NULL'],
      ['\u0000', '\u0000'],
      ['" "', ' '],
      ['#N/A', '#N/A'],
      ['"ẞ\u0301"', 'ẞ\u0301'],
    ],
    bad: {},
  },
  {
    what: 'booleans',
    type: new Bool(),
    good: [
      ['true', true],
      ['FALSE', false],
      ['"tRuE"', true],
      ['False', false],
      ['1', true],
      ['0', false],
    ],
    bad: { 'true or false': ['yes', '2', ' true', 'true ', 'tru', 'falsey', 'TRUE\u0000', 't', '\u0014rue', 'ｔrue'] },
  },
  {
    what: 'int8',
    type: new Int8(),
    good: [
      ['-128', -128],
      ['127', 127],
      ['-0', 0],
      ['1.2E2', 120],
    ],
    bad: {
      'a whole number from -128 to 127': [
        '128',
        '-129',
        '4294967295',
        '1.5',
        'x',
        '--1',
        '1e99',
        '18446744073709551616',
      ],
    },
  },
  {
    what: 'int16',
    type: new Int16(),
    good: [
      ['-32768', -32768],
      ['32767', 32767],
    ],
    bad: { 'a whole number from -32768 to 32767': ['32768', '-32769', '65536'] },
  },
  {
    what: 'int32',
    type: new Int32(),
    good: [
      ['-2147483648', -2147483648],
      ['2147483647', 2147483647],
      ['5.0', 5],
      ['1.0E7', 10_000_000],
      ['+7', 7],
      ['007', 7],
      ['10000000000E-9', 10],
    ],
    bad: {
      'a whole number from -2147483648 to 2147483647': [
        '2147483648',
        '-2147483649',
        '4294967296',
        '0.1',
        '1E-1',
        '1.0E10',
        '0x1',
        '1,000',
        '99999999999999999999999',
      ],
    },
  },
  {
    what: 'int64',
    type: new Int64(),
    good: [
      ['-9223372036854775808', -(2n ** 63n)],
      ['9223372036854775807', 2n ** 63n - 1n],
      ['1.0E18', 10n ** 18n],
      ['-1', -1n],
      ['9007199254740993.000', 9007199254740993n],
    ],
    bad: {
      'a whole number from -9223372036854775808 to 9223372036854775807': [
        '9223372036854775808',
        '-9223372036854775809',
        '18446744073709551615',
        '1E19',
        '0.5',
      ],
    },
  },
  {
    what: 'uint8',
    type: new Uint8(),
    good: [
      ['0', 0],
      ['255', 255],
      ['-0', 0],
    ],
    bad: { 'a whole number from 0 to 255': ['256', '-1'] },
  },
  {
    what: 'uint16',
    type: new Uint16(),
    good: [['65535', 65535]],
    bad: { 'a whole number from 0 to 65535': ['65536', '-1'] },
  },
  {
    what: 'uint32',
    type: new Uint32(),
    good: [['4294967295', 4294967295]],
    bad: { 'a whole number from 0 to 4294967295': ['4294967296', '-1', '-4294967295'] },
  },
  {
    what: 'uint64',
    type: new Uint64(),
    good: [['18446744073709551615', 2n ** 64n - 1n]],
    bad: { 'a whole number from 0 to 18446744073709551615': ['18446744073709551616', '-1', '-18446744073709551615'] },
  },
  {
    what: 'float64',
    type: new Float64(),
    good: [
      ['0.1', 0.1],
      ['-0.0', -0],
      ['1.7976931348623157E308', Number.MAX_VALUE],
      ['4.9E-324', 5e-324],
      ['1e-400', 0],
      ['9007199254740993', 9007199254740992],
      ['0.30000000000000004', 0.1 + 0.2],
      ['123456789012345', 123456789012345],
      ['0.000000000000001', 1e-15],
      ['.5', 0.5],
      ['5.', 5],
      ['+5', 5],
      ['8.41E21', 8.41e21],
      ['2.2250738585072011e-308', 2 ** -1022 - 2 ** -1074],
      ['NaN', NaN],
      ['Infinity', Infinity],
      ['-Infinity', -Infinity],
      [`0.${'0'.repeat(2000)}1E2001`, 1],
    ],
    bad: {
      'a number': ['x', 'nan', 'inf', '1e', '0x1', '1_0', '1 ', '--1', '1.2.3'],
      'a number that a double can hold': ['1e309', '-1.8E308'],
    },
  },
  {
    what: 'decimals of 128 bits',
    type: decimal(18, 2),
    good: [
      ['-0.01', -1n],
      ['8.0E7', 8_000_000_000n],
      ['9999999999999999.99', 10n ** 18n - 1n],
      ['"5.125"', 513n],
    ],
    bad: {
      'a number': ['1,5', 'NaN', '1E', '$1'],
      'at most 16 digits before the point': ['10000000000000000', '1.0E16', '9999999999999999.999'],
    },
  },
  {
    what: 'decimals of 256 bits',
    type: decimal(76, 10, 256),
    good: [
      [`${max256}E-10`, max256],
      [`-${max256}E-10`, -max256],
      ['1', 10n ** 10n],
    ],
    bad: { 'at most 66 digits before the point': ['1E66'] },
  },
  {
    what: 'dates',
    type: new DateDay(),
    good: [
      ['1970-01-01', 0],
      ['1969-12-31', -1],
      ['0001-01-01', -719_162],
      ['9999-12-31', 2_932_896],
      ['2000-02-29', 11_016],
      ['2024-02-29', 19_782],
    ],
    bad: {
      'a date such as 2024-04-16': [
        '2023-02-29',
        '1900-02-29',
        '2024-02-30',
        '2024-04-31',
        '2024-00-10',
        '2024-13-01',
        '2024-01-00',
        '2024-1-01',
        '0000-01-01',
        '24-01-01',
        '2024/01/01',
        '2024-01-01T00:00:00Z',
        '-024-01-01',
        '2024-01-0:',
        '10000-01-01',
      ],
    },
  },
  {
    what: 'instants in milliseconds',
    type: utc(TimestampMillisecond),
    good: [
      ['2024-04-16T19:00:00.000Z', msOf('2024-04-16T19:00:00Z')],
      ['2024-04-16T19:00:00.123+0000', msOf('2024-04-16T19:00:00.123Z')],
      ['2024-04-16T19:00:00+00:00', msOf('2024-04-16T19:00:00Z')],
      ['2024-04-16 19:00:00-05:30', msOf('2024-04-17T00:30:00Z')],
      ['2024-04-16t19:00:00.5z', msOf('2024-04-16T19:00:00.5Z')],
      ['2024-04-16T19:00:00.12+02', msOf('2024-04-16T17:00:00.12Z')],
      ['2024-04-16T19:00:00.123000000Z', msOf('2024-04-16T19:00:00.123Z')],
      ['2024-04-16T19:00:00', msOf('2024-04-16T19:00:00Z')],
      ['2024-04-16', msOf('2024-04-16T00:00:00Z')],
      ['1969-12-31T23:59:59.999Z', -1n],
      ['0001-01-01T00:00:00.000Z', -62_135_596_800_000n],
      ['0001-01-01T00:00:00+23:59', -62_135_596_800_000n - 86_340_000n],
      ['9999-12-31T23:59:59.999Z', 253_402_300_799_999n],
      ['1600-02-29T12:00:00Z', msOf('1600-02-29T12:00:00Z')],
    ],
    bad: {
      'an instant such as 2024-04-16T19:00:00.000Z': [
        '2024-04-16T24:00:00Z',
        '2024-04-16T19:60:00Z',
        '2024-04-16T19:00:60Z',
        '2023-02-29T00:00:00Z',
        '2024-04-16T19:00Z',
        '2024-04-16T19:00:00.Z',
        '2024-04-16T19:00:00.0000000000Z',
        '2024-04-16X19:00:00Z',
        '2024-04-16T19:00:00+24:00',
        '2024-04-16T19:00:00+0060',
        '2024-04-16T19:00:00+1',
        '2024-04-16T19:00:00+00:000',
        '2024-04-16T19:00:00ZZ',
        '2024-04-16T19:00:00 Z',
        '2024-04-1',
        '2024-04-16T',
        '1713294000000',
        '2024-04-16T1a:00:00Z',
      ],
      'at most 3 fraction digits of a second': ['2024-04-16T19:00:00.0001Z', '2024-04-16T19:00:00.123000001Z'],
    },
  },
  {
    what: 'instants in seconds',
    type: utc(TimestampSecond),
    good: [
      ['1969-12-31T23:59:59.000Z', -1n],
      ['2024-04-16T19:00:00Z', msOf('2024-04-16T19:00:00Z') / 1000n],
    ],
    bad: { 'at most 0 fraction digits of a second': ['2024-04-16T19:00:00.001Z'] },
  },
  {
    what: 'instants in microseconds',
    type: utc(TimestampMicrosecond),
    good: [
      ['1969-12-31T23:59:59.999999Z', -1n],
      ['9999-12-31T23:59:59.999999Z', 253_402_300_799_999_999n],
      ['0001-01-01T00:00:00.000001Z', -62_135_596_799_999_999n],
    ],
    bad: { 'at most 6 fraction digits of a second': ['2024-04-16T19:00:00.0000001Z'] },
  },
  {
    what: 'instants in nanoseconds',
    type: utc(TimestampNanosecond),
    good: [
      ['2262-04-11T23:47:16.854775807Z', 2n ** 63n - 1n],
      ['1677-09-21T00:12:43.145224192Z', -(2n ** 63n)],
      ['1969-12-31T23:59:59.999999999Z', -1n],
      ['2024-04-16T19:00:00.123456789Z', 1_713_294_000_123_456_789n],
    ],
    bad: {
      'an instant that 64 bits can hold': [
        '2262-04-11T23:47:16.854775808Z',
        '1677-09-21T00:12:43.145224191Z',
        '9999-12-31T00:00:00Z',
        '0001-01-01T00:00:00Z',
      ],
    },
  },
  {
    what: 'local times',
    type: new TimestampMillisecond(),
    good: [['2024-04-16T19:00:00', msOf('2024-04-16T19:00:00Z')]],
    bad: {},
  },
  {
    what: 'times of day in milliseconds',
    type: new TimeMillisecond(),
    good: [
      ['19:00:00.000Z', 68_400_000],
      ['00:00:00', 0],
      ['23:59:59.999', 86_399_999],
      ['01:02:03.4', 3_723_400],
      ['12:00:00z', 43_200_000],
    ],
    bad: {
      'a time of day such as 19:00:00.000Z': [
        '24:00:00',
        '19:00',
        '7:00:00',
        '19:00:00+00:00',
        '19:00:00.',
        '19-00-00',
        '19:00:00.0ZZ',
        '-1:00:00',
      ],
      'at most 3 fraction digits of a second': ['19:00:00.0001'],
    },
  },
  {
    what: 'times of day in seconds',
    type: new TimeSecond(),
    good: [['23:59:59.000Z', 86_399]],
    bad: { 'at most 0 fraction digits of a second': ['00:00:00.5'] },
  },
  {
    what: 'times of day in microseconds',
    type: new TimeMicrosecond(),
    good: [['23:59:59.999999Z', 86_399_999_999n]],
    bad: { 'at most 6 fraction digits of a second': ['00:00:00.0000001'] },
  },
  {
    what: 'times of day in nanoseconds',
    type: new TimeNanosecond(),
    good: [
      ['23:59:59.999999999', 86_399_999_999_999n],
      ['00:00:00', 0n],
    ],
    bad: { 'a time of day such as 19:00:00.000Z': ['00:00:00.0000000001'] },
  },
];

describe.each(cases)('$what', ({ type, good, bad }) => {
  it('are read in every notation, and null where a cell is empty', () => {
    const text = good.map(([cell]) => `${cell}\n"${cell.replaceAll('"', '')}"\n\n`).join('');

    const { rows, batches } = decodeText(text, { schema: schemaOf(type) });

    expect(batches.flatMap(({ rejects }) => rejects)).toEqual([]);
    expect(rows).toEqual(good.flatMap(([, value]) => [[value], [value], [null]]));
  });
});

const refusing = cases.filter(({ bad }) => Object.keys(bad).length > 0);

describe.each(refusing)('$what', ({ type, good, bad }) => {
  it('reject the row of a cell that is none, saying what was expected but not what there was', () => {
    const wanted = Object.entries(bad).flatMap(([expected, texts]) => texts.map((text) => ({ expected, text })));
    const [first, value] = good[0]!;
    const text = wanted.map((cell) => `"${cell.text}"\n${first}\n`).join('');

    const { rows, batches } = decodeText(text, { schema: schemaOf(type) });

    expect(rows).toEqual(wanted.map(() => [value]));
    expect(batches.flatMap(({ rejects }) => rejects)).toEqual(
      wanted.map(({ expected }, i) => ({
        row: i * 2,
        code: 'VALUE_INVALID',
        message: `c0: expected ${expected}`,
        columns: ['c0'],
      })),
    );
  });
});

describe('a column', () => {
  it.each([new Float32(), new DateMillisecond(), new Dictionary(new Utf8(), new Int32())])(
    'of type %s is refused by name',
    (type) => {
      expect(() => decodeText('', { schema: schemaOf(new Utf8(), type) })).toThrow(
        expect.objectContaining({ code: 'TYPE_UNSUPPORTED', message: expect.stringContaining('column c1') }),
      );
    },
  );

  it('that is not nullable rejects rows without a value', () => {
    const schema = new Schema([new Field('Id', new Utf8(), false), new Field('n', new Int32(), false)]);

    const { rows, batches } = decodeText('a,1\n"",2\nb,\n,\n', { schema });

    expect(rows).toEqual([['a', 1]]);
    expect(batches[0]?.rejects).toEqual([
      { row: 1, code: 'VALUE_INVALID', message: 'Id: expected a value', columns: ['Id'] },
      { row: 2, code: 'VALUE_INVALID', message: 'n: expected a value', columns: ['n'] },
      { row: 3, code: 'VALUE_INVALID', message: 'Id: expected a value; n: expected a value', columns: ['Id', 'n'] },
    ]);
  });
});

describe('fraction digits beyond the scale', () => {
  const text = '1.005,1\n2.00,0.125\n,0.1\nx,0.001\n-1.005,1.0E-3\n';
  const schema = schemaOf(decimal(5, 2), decimal(5, 2));

  it('are rounded half away from zero and counted in the rows that arrive', () => {
    const { rows, batches } = decodeText(text, { schema });

    expect(rows).toEqual([
      [101n, 100n],
      [200n, 13n],
      [null, 10n],
      [-101n, 0n],
    ]);
    expect(batches[0]?.changes).toEqual([
      { column: 'c0', change: 'rounded', values: 2 },
      { column: 'c1', change: 'rounded', values: 2 },
    ]);
  });

  it('are counted batch by batch', () => {
    const { batches } = decodeText(text, { schema, batch: { rows: 2, bytes: 1000 } });

    expect(batches.map(({ changes }) => changes.map(({ column, values }) => `${column} ${values}`))).toEqual([
      ['c0 1', 'c1 1'],
      [],
      ['c0 1', 'c1 1'],
    ]);
  });

  it('reject the row on request', () => {
    const { rows, batches } = decodeText(text, { schema, excessDigits: 'error' });

    expect(rows).toEqual([[null, 10n]]);
    expect(batches[0]?.changes).toEqual([]);
    expect(batches[0]?.rejects.map(({ row, message }) => [row, message])).toEqual([
      [0, 'c0: expected at most 2 digits behind the point'],
      [1, 'c1: expected at most 2 digits behind the point'],
      [3, 'c0: expected a number; c1: expected at most 2 digits behind the point'],
      [4, 'c0: expected at most 2 digits behind the point; c1: expected at most 2 digits behind the point'],
    ]);
  });
});
