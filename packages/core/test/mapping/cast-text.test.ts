import {
  Binary,
  BinaryView,
  Bool,
  type DataType,
  DateDay,
  DateMillisecond,
  FixedSizeBinary,
  Float32,
  Float64,
  Int32,
  Int64,
  LargeBinary,
  LargeUtf8,
  TimeMicrosecond,
  TimeMillisecond,
  TimeSecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint64,
  Utf8,
  Utf8View,
} from 'apache-arrow';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decimalType } from '../../src/decimal/decimal.ts';
import type { AnyValue } from '../../src/mapping/column-value.ts';
import { typeName } from '../../src/mapping/type-name.ts';
import { noiseOf } from '../arrow-layout.ts';
import { castAll, castOne, columnOf, type Value } from './typed-columns.ts';

const fixed = { seed: 20_261_124 };
const utf8 = new Utf8();
const instant = new TimestampMillisecond('UTC');
const DAY_MS = 86_400_000;
const FIRST_DAY = -719_162;
const LAST_DAY = 2_932_896;

const days = fc.integer({ min: FIRST_DAY, max: LAST_DAY });
const milliseconds = fc.bigInt({ min: BigInt(FIRST_DAY * DAY_MS), max: BigInt((LAST_DAY + 1) * DAY_MS - 1) });
const nanoseconds = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

const WRITTEN: readonly (readonly [DataType, fc.Arbitrary<AnyValue>])[] = [
  [new Bool(), fc.boolean()],
  [new Int32(), fc.integer()],
  [new Int64(), nanoseconds],
  [new Uint64(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
  [new Float64(), fc.double()],
  [new Float32(), fc.float()],
  [decimalType(38, 10), fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n })],
  [decimalType(60, 60, 256), fc.bigInt({ min: -(10n ** 60n) + 1n, max: 10n ** 60n - 1n })],
  [new DateDay(), days],
  [new DateMillisecond(), days.map((day) => BigInt(day) * BigInt(DAY_MS))],
  [instant, milliseconds],
  [new TimestampSecond(), milliseconds.map((value) => value / 1000n)],
  [new TimestampMicrosecond('Europe/Berlin'), milliseconds.map((value) => value * 1000n + 7n)],
  [new TimestampNanosecond(), nanoseconds],
  [new TimeSecond(), fc.integer({ min: 0, max: 86_399 })],
  [new TimeMillisecond(), fc.integer({ min: 0, max: DAY_MS - 1 })],
  [new TimeMicrosecond(), fc.bigInt({ min: 0n, max: 86_399_999_999n })],
];

const BYTE_TYPES: readonly DataType[] = [utf8, new LargeUtf8(), new Binary(), new LargeBinary()];
const SOURCE_TYPES: readonly DataType[] = [...BYTE_TYPES, new Utf8View(), new BinaryView()];

function isText(type: DataType): boolean {
  return type instanceof Utf8 || type instanceof LargeUtf8 || type instanceof Utf8View;
}

describe('a cast to a text', () => {
  it.each(WRITTEN.map(([type, value]) => [typeName(type), type, value] as const))(
    'of %s is read back as the same value, whatever the layout and the kind of text',
    (_, type, value) => {
      const columns = fc.array(fc.option(value, { freq: 4 }), { maxLength: 20 });
      const kinds = fc.constantFrom<DataType>(utf8, new LargeUtf8());
      fc.assert(
        fc.property(columns, kinds, fc.integer(), fc.integer(), (values, kind, one, other) => {
          const { values: texts } = castAll(columnOf(type, values, noiseOf(one)), kind);
          const { values: back } = castAll(columnOf(kind, texts as readonly Value[], noiseOf(other)), type);

          expect(back).toEqual(values);
        }),
        { ...fixed, numRuns: 60 },
      );
    },
  );

  it.each<[DataType, AnyValue, string]>([
    [new Bool(), true, 'true'],
    [decimalType(9, 2), -5n, '-0.05'],
    [decimalType(9, -2), 5n, '500'],
    [new Float64(), 1e21, '1e+21'],
    [new Float32(), Math.fround(0.1), '0.1'],
    [new DateDay(), -1, '1969-12-31'],
    [new DateMillisecond(), BigInt(DAY_MS), '1970-01-02'],
    [instant, 1n, '1970-01-01T00:00:00.001Z'],
    [new TimestampMillisecond(), 1n, '1970-01-01T00:00:00.001'],
    [new TimeMillisecond(), 1, '00:00:00.001Z'],
  ])('writes %s %s as a file of text has it', (type, value, text) => {
    expect(castOne(type, value, utf8)).toBe(text);
  });

  it('rejects dates that files of text cannot hold', () => {
    expect(castOne(new DateDay(), LAST_DAY + 1, utf8)).toBe('expected a date in the years 0001 to 9999');
  });
});

describe('a cast from a text', () => {
  it.each<[string, DataType, Value]>([
    ['12', new Int32(), 12],
    ['1.0E3', new Int32(), 1000],
    ['-0.005', decimalType(9, 3), -5n],
    ['1e-2', decimalType(9, 2), 1n],
    ['TRUE', new Bool(), true],
    ['0', new Bool(), false],
    ['0.1', new Float32(), Math.fround(0.1)],
    ['NaN', new Float64(), Number.NaN],
    ['2024-02-29', new DateDay(), 19_782],
    ['2024-02-29', new DateMillisecond(), 1_709_164_800_000n],
    ['1970-01-01T01:00:00+01:00', instant, 0n],
    ['1970-01-01 00:00:00.5', new TimestampSecond(), 'expected at most 0 fraction digits of a second'],
    ['23:59:59', new TimeSecond(), 86_399],
    ['', new Int32(), 'expected a whole number from -2147483648 to 2147483647'],
    [' 1', decimalType(9, 2), 'expected a number'],
    ['1.005', decimalType(9, 2), 'expected at most 2 digits behind the point'],
    ['100', decimalType(4, 2), 'expected at most 2 digits before the point'],
    ['yes', new Bool(), 'expected true or false'],
    ['2023-02-29', new DateDay(), 'expected a date such as 2024-04-16'],
    ['1e400', new Float64(), 'expected a number that a double can hold'],
    ['1e39', new Float32(), 'expected a number that a single can hold'],
  ])('reads %j', (text, type, value) => {
    expect(castOne(utf8, text, type)).toEqual(value);
  });

  it('rounds and cuts where it is told to', () => {
    expect(castOne(utf8, '-1.005', decimalType(9, 2), { excessDigits: 'round' })).toBe(-101n);
    expect(castOne(utf8, '2.5', new Int32(), { excessDigits: 'round' })).toBe(3);
    expect(castOne(utf8, '2.5', new Int64(), { excessDigits: 'half-even' })).toBe(2n);
    const cut = { excessTime: 'cut' } as const;
    expect(castOne(utf8, '1969-12-31T23:59:59.999999Z', instant, cut)).toBe(-1n);
    expect(castOne(utf8, '1969-12-31T23:59:59.9+00:00', new TimestampSecond(), cut)).toBe(-1n);
    expect(castOne(utf8, '10:00:00.12345', new TimeMillisecond(), cut)).toBe(36_000_123);
    expect(castOne(utf8, 'noon', new TimeMillisecond(), cut)).toBe('expected a time of day such as 19:00:00.000Z');
  });
});

describe('a cast between texts and bytes', () => {
  const pair = fc.tuple(fc.constantFrom(...SOURCE_TYPES), fc.constantFrom(...BYTE_TYPES));

  it('keeps every byte, whatever the layouts', () => {
    const texts = fc.array(fc.option(fc.string({ unit: 'grapheme', maxLength: 16 }), { freq: 4 }), { maxLength: 20 });
    fc.assert(
      fc.property(pair, texts, fc.integer(), ([from, to], values, seed) => {
        const as = (type: DataType): readonly Value[] =>
          values.map((value) => (value === null || isText(type) ? value : new Uint8Array(Buffer.from(value))));

        expect(castAll(columnOf(from, as(from), noiseOf(seed)), to).values).toEqual(as(to));
      }),
      { ...fixed, numRuns: 300 },
    );
  });

  it('rejects bytes that are no UTF-8', () => {
    expect(castOne(new Binary(), Uint8Array.of(0xc3, 0x28), utf8)).toBe('expected UTF-8');
  });

  it('wants as many bytes as the type has', () => {
    expect(castOne(utf8, 'abc', new FixedSizeBinary(3))).toEqual(Uint8Array.of(97, 98, 99));
    expect(castOne(utf8, 'ab', new FixedSizeBinary(3))).toBe('expected 3 bytes');
    expect(castOne(new FixedSizeBinary(3), Uint8Array.of(97, 98, 99), utf8)).toBe('abc');
  });
});
