import { Bool, type DataType, Float32, Float64, Int16, Int32, Int64, Int8, Uint32, Uint64, Uint8 } from 'apache-arrow';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decimalType, type ExcessDigits } from '../../src/decimal/decimal.ts';
import type { AnyValue } from '../../src/mapping/column-value.ts';
import { noiseOf } from '../arrow-layout.ts';
import { modelNumber } from './number-model.ts';
import { castAll, castOne, columnOf, type Value } from './typed-columns.ts';

const fixed = { seed: 20_261_124 };
const int8 = new Int8();
const int32 = new Int32();
const int64 = new Int64();
const double = new Float64();
const single = new Float32();

const NUMBER_TYPES: readonly DataType[] = [
  int8,
  new Int16(),
  int32,
  int64,
  new Uint8(),
  new Uint32(),
  new Uint64(),
  double,
  single,
  decimalType(5, 2),
  decimalType(38, 18),
  decimalType(20, 0),
  decimalType(60, 10, 256),
  decimalType(9, -3),
];

/** Values of a number type, those at its edges among them. */
function valueOf(type: DataType): fc.Arbitrary<AnyValue> {
  if (type === double) {
    return fc.oneof(
      fc.double(),
      fc.integer({ min: -4000, max: 4000 }).map((eighths) => eighths / 8),
      fc.constantFrom(0.1, -0, 2 ** 53, 1e21, 1e-7),
    );
  }
  // The shortest text of these is that of the double.
  if (type === single) return fc.integer({ min: -4000, max: 4000 }).map((eighths) => eighths / 8);
  const {
    bitWidth,
    isSigned = true,
    precision,
  } = type as DataType & {
    readonly bitWidth: number;
    readonly isSigned?: boolean;
    readonly precision?: number;
  };
  const most =
    precision === undefined ? 2n ** BigInt(isSigned ? bitWidth - 1 : bitWidth) - 1n : 10n ** BigInt(precision) - 1n;
  const least = precision === undefined ? (isSigned ? -most - 1n : 0n) : -most;
  const small = (bound: bigint): bigint => (bound > 3000n ? 3000n : bound < -3000n ? -3000n : bound);
  const value = fc.oneof(
    fc.bigInt({ min: small(least), max: small(most) }),
    fc.bigInt({ min: least, max: most }),
    fc.constantFrom(least, most),
  );
  return precision === undefined && bitWidth < 64 ? value.map(Number) : value;
}

const oneCast = fc.tuple(fc.constantFrom(...NUMBER_TYPES), fc.constantFrom(...NUMBER_TYPES)).chain(([from, to]) =>
  fc.record({
    from: fc.constant(from),
    to: fc.constant(to),
    values: fc.array(fc.option(valueOf(from), { freq: 5 }), { maxLength: 30 }),
    excessDigits: fc.constantFrom<ExcessDigits>('error', 'round', 'half-even'),
  }),
);

describe('a cast between numbers', () => {
  it('gives what whole-number arithmetic gives row by row, or rejects the row, however the column is laid out', () => {
    let [kept, rejected] = [0, 0];
    fc.assert(
      fc.property(oneCast, fc.integer(), ({ from, to, values, excessDigits }, seed) => {
        const expected = values.map((value): Value | undefined =>
          value === null ? null : modelNumber(from, to, value, excessDigits),
        );
        kept += expected.filter((value) => value !== undefined && value !== null).length;
        rejected += expected.filter((value) => value === undefined).length;

        const { values: cast } = castAll(columnOf(from, values, noiseOf(seed)), to, { excessDigits });

        expect(cast).toEqual(expected);
      }),
      { ...fixed, numRuns: 1500 },
    );
    expect(Math.min(kept, rejected)).toBeGreaterThan(1000);
  });

  it.each<[string, DataType, AnyValue, DataType, Value]>([
    [
      'a long that a double cannot hold',
      int64,
      2n ** 53n + 1n,
      double,
      'expected a number that a double can hold exactly',
    ],
    ['a double between two integers', double, 1.5, int32, 'expected a whole number from -2147483648 to 2147483647'],
    ['an integer beyond the range', int32, 128, int8, 'expected a whole number from -128 to 127'],
    ['a negative number without a sign', int32, -1, new Uint8(), 'expected a whole number from 0 to 255'],
    [
      'a decimal with digits too many',
      decimalType(9, 4),
      12_345n,
      decimalType(9, 2),
      'expected at most 2 digits behind the point',
    ],
    [
      'a decimal too large',
      decimalType(9, 2),
      100_000n,
      decimalType(5, 2),
      'expected at most 3 digits before the point',
    ],
    ['a number that is none', double, Number.NaN, decimalType(5, 2), 'expected a finite number'],
    ['a double that a single cannot hold', double, 0.1, single, 'expected a number that a single can hold exactly'],
    ['an integer that is no boolean', int32, 2, new Bool(), 'expected 0 or 1'],
  ])('rejects %s', (_, from, value, to, reason) => {
    expect(castOne(from, value, to)).toBe(reason);
  });

  it('rounds halves away from zero, or to the even digit', () => {
    const cents = decimalType(5, 2);
    const tenths = decimalType(5, 1);

    expect([25n, -25n, 35n, 24n].map((value) => castOne(cents, value, tenths, { excessDigits: 'round' }))).toEqual([
      3n,
      -3n,
      4n,
      2n,
    ]);
    expect([25n, -25n, 35n].map((value) => castOne(cents, value, tenths, { excessDigits: 'half-even' }))).toEqual([
      2n,
      -2n,
      4n,
    ]);
    expect([2.5, -2.5, 3.5].map((value) => castOne(double, value, int32, { excessDigits: 'half-even' }))).toEqual([
      2, -2, 4,
    ]);
  });

  it('never loses whole digits by rounding', () => {
    expect(castOne(decimalType(5, 1), 99_995n, decimalType(4, 0), { excessDigits: 'round' })).toBe(
      'expected at most 4 digits before the point',
    );
    expect(castOne(double, 1e300, single, { excessDigits: 'round' })).toBe('expected a number that a single can hold');
  });

  it('takes a single for the shortest number that is read as it', () => {
    expect(castOne(single, Math.fround(0.1), decimalType(5, 2))).toBe(10n);
    expect(castOne(single, Math.fround(16_777_217), int32)).toBe(16_777_216);
  });

  it('makes numbers of booleans and back', () => {
    expect([true, false].map((value) => castOne(new Bool(), value, int64))).toEqual([1n, 0n]);
    expect([1, 0].map((value) => castOne(int32, value, new Bool()))).toEqual([true, false]);
  });
});
