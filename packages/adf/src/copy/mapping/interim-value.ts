import type { AnyValue } from '@sluice/core/mapping';
import { DataType, DateUnit, TimeUnit } from 'apache-arrow';

/**
 * A value between two types: integers are bigint whatever their width; decimals carry their scale; dates and spans are
 * ticks of 100 ns, dates since the start of year 1.
 */
export type InterimValue = boolean | bigint | number | string | Uint8Array | Decimal;

export interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

const EPOCH_TICKS = 621_355_968_000_000_000n;
const DAY_TICKS = 864_000_000_000n;
const MAX_TICKS = 3_155_378_975_999_999_999n;

/** Ticks in a unit, or units in a tick where the unit is the finer one. */
const UNIT_TICKS: Readonly<Record<TimeUnit, bigint>> = {
  [TimeUnit.SECOND]: 10_000_000n,
  [TimeUnit.MILLISECOND]: 10_000n,
  [TimeUnit.MICROSECOND]: 10n,
  [TimeUnit.NANOSECOND]: 1n,
};
const NANOSECONDS_PER_TICK = 100n;

/** How the cells of a type are taken for values between types. */
export function interimReader(type: DataType): (cell: AnyValue) => InterimValue {
  if (DataType.isDictionary(type)) return interimReader(type.dictionary);
  if (DataType.isInt(type)) return (cell) => BigInt(cell as number | bigint);
  if (DataType.isDecimal(type)) {
    const { scale } = type;
    return (cell) => ({ unscaled: cell as bigint, scale });
  }
  if (DataType.isDate(type)) {
    return type.unit === DateUnit.DAY
      ? (cell) => EPOCH_TICKS + BigInt(cell as number) * DAY_TICKS
      : (cell) => EPOCH_TICKS + (cell as bigint) * UNIT_TICKS[TimeUnit.MILLISECOND];
  }
  if (DataType.isTimestamp(type)) return (cell) => EPOCH_TICKS + ticksOf(cell as bigint, type.unit);
  if (DataType.isTime(type)) return (cell) => ticksOf(BigInt(cell as bigint | number), type.unit);
  return (cell) => cell;
}

/**
 * How values between types become cells of a type; `undefined` for those that have no place in it, as times of day in dates
 * where they may not be lost.
 */
export function interimWriter(
  type: DataType,
  { allowDataTruncation }: { readonly allowDataTruncation: boolean },
): (value: InterimValue) => AnyValue | undefined {
  if (DataType.isInt(type)) {
    const { bitWidth, isSigned } = type;
    const [least, most] = isSigned
      ? [-(1n << BigInt(bitWidth - 1)), (1n << BigInt(bitWidth - 1)) - 1n]
      : [0n, (1n << BigInt(bitWidth)) - 1n];
    return (value) => {
      const integer = value as bigint;
      if (integer < least || integer > most) return undefined;
      return bitWidth === 64 ? integer : Number(integer);
    };
  }
  if (DataType.isDecimal(type)) {
    const limit = 10n ** BigInt(type.precision);
    return (value) => {
      const { unscaled } = value as Decimal;
      return unscaled < limit && unscaled > -limit ? unscaled : undefined;
    };
  }
  if (DataType.isDate(type)) {
    return (value) => {
      const ticks = (value as bigint) - EPOCH_TICKS;
      return allowDataTruncation || ticks % DAY_TICKS === 0n ? Number(floorDivide(ticks, DAY_TICKS)) : undefined;
    };
  }
  if (DataType.isTimestamp(type)) {
    return (value) => {
      const ticks = value as bigint;
      return ticks < 0n || ticks > MAX_TICKS ? undefined : unitsOf(ticks - EPOCH_TICKS, type.unit);
    };
  }
  if (DataType.isTime(type)) {
    return (value) => {
      const ticks = value as bigint;
      if (ticks < 0n || ticks >= DAY_TICKS) return undefined;
      const units = unitsOf(ticks, type.unit);
      return type.bitWidth === 64 ? units : Number(units);
    };
  }
  // The kind has been seen to.
  return (value) => value as AnyValue;
}

function ticksOf(units: bigint, unit: TimeUnit): bigint {
  return unit === TimeUnit.NANOSECOND ? floorDivide(units, NANOSECONDS_PER_TICK) : units * UNIT_TICKS[unit];
}

function unitsOf(ticks: bigint, unit: TimeUnit): bigint {
  return unit === TimeUnit.NANOSECOND ? ticks * NANOSECONDS_PER_TICK : floorDivide(ticks, UNIT_TICKS[unit]);
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
