import {
  type DataType,
  DateDay,
  DateMillisecond,
  DurationMillisecond,
  DurationSecond,
  TimeMicrosecond,
  TimeMillisecond,
  TimeNanosecond,
  TimeSecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
} from 'apache-arrow';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { AnyValue } from '../../src/mapping/column-value.ts';
import { noiseOf } from '../arrow-layout.ts';
import { castAll, castOne, columnOf, type Value } from './typed-columns.ts';

const fixed = { seed: 20_261_124 };
const NANOSECONDS_PER_DAY = 86_400_000_000_000n;

/** Nanoseconds in a unit, and the bits of a value. */
type Unit = readonly [type: DataType, nanoseconds: bigint, bits: number];

const INSTANTS: readonly Unit[] = [
  [new DateDay(), NANOSECONDS_PER_DAY, 32],
  [new DateMillisecond(), 1_000_000n, 64],
  [new TimestampSecond('UTC'), 1_000_000_000n, 64],
  [new TimestampMillisecond(), 1_000_000n, 64],
  [new TimestampMicrosecond('UTC'), 1000n, 64],
  [new TimestampNanosecond(), 1n, 64],
];
const TIMES: readonly Unit[] = [
  [new TimeSecond(), 1_000_000_000n, 32],
  [new TimeMillisecond(), 1_000_000n, 32],
  [new TimeMicrosecond(), 1000n, 64],
  [new TimeNanosecond(), 1n, 64],
];

/** What so many units are in another one; undefined where it has no room for them. */
function modelUnits(value: bigint, [, from]: Unit, [, to, bits]: Unit, excess: 'error' | 'cut'): bigint | undefined {
  const nanoseconds = value * from;
  const below = nanoseconds - (((nanoseconds % to) + to) % to);
  if (below !== nanoseconds && excess === 'error') return undefined;
  const units = below / to;
  return BigInt.asIntN(bits, units) === units ? units : undefined;
}

function asKept(value: bigint, [, , bits]: Unit): AnyValue {
  return bits === 32 ? Number(value) : value;
}

const someCast = fc
  .oneof(
    fc.tuple(fc.constantFrom(...INSTANTS), fc.constantFrom(...INSTANTS), fc.constant(2n ** 31n)),
    fc.tuple(fc.constantFrom(...TIMES), fc.constantFrom(...TIMES), fc.constant(NANOSECONDS_PER_DAY)),
  )
  .chain(([from, to, bound]) => {
    const [, nanoseconds, bits] = from;
    const isTime = bound === NANOSECONDS_PER_DAY;
    const most = isTime ? bound / nanoseconds - 1n : 2n ** BigInt(bits - 1) - 1n;
    const value = fc.oneof(
      fc.bigInt({ min: isTime ? 0n : -most, max: most }),
      fc
        .bigInt({ min: isTime ? 0n : -3n, max: 3n })
        .map((count) => (count * NANOSECONDS_PER_DAY) / nanoseconds / (isTime ? 4n : 1n)),
    );
    return fc.record({
      from: fc.constant(from),
      to: fc.constant(to),
      values: fc.array(fc.option(value, { freq: 5 }), { maxLength: 20 }),
      excessTime: fc.constantFrom<'error' | 'cut'>('error', 'cut'),
    });
  });

describe('a cast between dates, instants and times', () => {
  it('gives what whole nanoseconds give row by row, or rejects the row', () => {
    let rejected = 0;
    fc.assert(
      fc.property(someCast, fc.integer(), ({ from, to, values, excessTime }, seed) => {
        const expected = values.map((value): Value | undefined => {
          if (value === null) return null;
          const units = modelUnits(value, from, to, excessTime);
          if (units === undefined) rejected++;
          return units === undefined ? undefined : asKept(units, to);
        });
        const kept = values.map((value) => (value === null ? null : asKept(value, from)));

        expect(castAll(columnOf(from[0], kept, noiseOf(seed)), to[0], { excessTime }).values).toEqual(expected);
      }),
      { ...fixed, numRuns: 800 },
    );
    expect(rejected).toBeGreaterThan(300);
  });

  it('says what of an instant has no room', () => {
    const instant = new TimestampMillisecond('UTC');

    expect(castOne(instant, 1n, new DateDay())).toBe('expected a midnight');
    expect(castOne(instant, 1n, new TimestampSecond('UTC'))).toBe('expected at most 0 fraction digits of a second');
    expect(castOne(instant, 2n ** 62n, new TimestampNanosecond('UTC'))).toBe(
      'expected an instant that the type can hold',
    );
    expect(castOne(instant, -1n, new DateDay(), { excessTime: 'cut' })).toBe(-1);
  });

  it('changes the zone of an instant without touching it, and takes a clock without a zone only for UTC', () => {
    const local = new TimestampMillisecond();
    const berlin = new TimestampMillisecond('Europe/Berlin');

    expect(castOne(new TimestampSecond('UTC'), 1n, berlin)).toBe(1000n);
    expect(castOne(local, 5n, new TimestampMillisecond('UTC'))).toBe(5n);
    expect(() => castOne(local, 5n, berlin)).toThrow(/"c" is Timestamp<MILLISECOND>, which never becomes .*Berlin/);
    expect(() => castOne(berlin, 5n, new DateDay())).toThrow(/never becomes/);
  });

  it('changes the unit of a duration', () => {
    expect(castOne(new DurationSecond(), -2n, new DurationMillisecond())).toBe(-2000n);
  });
});
