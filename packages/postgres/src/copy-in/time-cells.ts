import { DataType, DateUnit, TimeUnit } from 'apache-arrow';

import type { ScalarType } from '../catalog/column-type.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { CellWriters } from './cell-writer.ts';
import { putInt64, WideIntegers } from './word-numbers.ts';

/** From 1970 to 2000, where the server's clock begins. */
const EPOCH_DAYS = 10_957;
const EPOCH_MICROS = 946_684_800_000_000;
const DAY_MS = 86_400_000;
const DAY_MICROS = 86_400_000_000;

/** What the server can hold, counted from 2000 (PostgreSQL documentation, date/time types). */
const FIRST_DAY = -2_451_545;
const LAST_DAY = 2_145_031_948;
const FIRST_MICROS = -211_813_488_000_000_000n;
const END_MICROS = 9_223_371_331_200_000_000n;

const OUT_OF_RANGE = 'is out of the range of the column';
const TOO_FINE = 'has a finer fraction of a second than the column';

export function dateCells(type: DataType, { kind }: ScalarType): CellWriters | undefined {
  if (kind !== 'date' || !DataType.isDate(type)) return undefined;
  if (type.unit === DateUnit.DAY) {
    return (data) => {
      const days = data.values as Int32Array;
      return (row, out) => putDay(out, days[row]! - EPOCH_DAYS);
    };
  }
  return (data) => {
    const instants = new WideIntegers(data.values as BigInt64Array);
    return (row, out) => {
      const ms = instants.small(row);
      if (ms === undefined) return OUT_OF_RANGE;
      return ms % DAY_MS === 0 ? putDay(out, ms / DAY_MS - EPOCH_DAYS) : 'has a time of day, and the column is a date';
    };
  };
}

function putDay(out: ByteWriter, day: number): string | undefined {
  if (day < FIRST_DAY || day > LAST_DAY) return OUT_OF_RANGE;
  out.reserve(8);
  out.view.setInt32(out.at, 4);
  out.view.setInt32(out.at + 4, day);
  out.at += 8;
  return undefined;
}

/** Microseconds in a unit, or units in a microsecond. */
const MICROS: Readonly<Record<TimeUnit, number>> = {
  [TimeUnit.SECOND]: 1_000_000,
  [TimeUnit.MILLISECOND]: 1000,
  [TimeUnit.MICROSECOND]: 1,
  [TimeUnit.NANOSECOND]: 0.001,
};

/** Instants into `timestamp with time zone`, clock readings without a zone into `timestamp`: never one into the other. */
export function timestampCells(type: DataType, { kind, secondDigits = 6 }: ScalarType): CellWriters | undefined {
  if (!DataType.isTimestamp(type)) return undefined;
  if (kind !== (type.timezone == null ? 'timestamp' : 'timestamptz')) return undefined;
  const { unit } = type;
  const grain = 10 ** (6 - secondDigits);
  return (data) => {
    const instants = new WideIntegers(data.values as BigInt64Array);
    return (row, out) => {
      const value = instants.small(row);
      const micros = value === undefined ? undefined : microsOf(value, unit);
      if (micros === undefined) return putBigMicros(out, instants.big(row), unit, grain);
      if (grain !== 1 && micros % grain !== 0) return TOO_FINE;
      return putMicros(out, micros - EPOCH_MICROS);
    };
  };
}

/** Undefined where a double does not hold it, or it is no whole number. */
function microsOf(value: number, unit: TimeUnit): number | undefined {
  const micros = unit === TimeUnit.NANOSECOND ? value / 1000 : value * MICROS[unit];
  return Number.isSafeInteger(micros) && Number.isSafeInteger(micros - EPOCH_MICROS) ? micros : undefined;
}

function putBigMicros(out: ByteWriter, value: bigint, unit: TimeUnit, grain: number): string | undefined {
  const isNano = unit === TimeUnit.NANOSECOND;
  if (isNano && value % 1000n !== 0n) return TOO_FINE;
  const micros = isNano ? value / 1000n : value * BigInt(MICROS[unit]);
  if (micros % BigInt(grain) !== 0n) return TOO_FINE;
  const counted = micros - BigInt(EPOCH_MICROS);
  if (counted < FIRST_MICROS || counted >= END_MICROS) return OUT_OF_RANGE;
  out.reserve(12);
  out.view.setInt32(out.at, 8);
  out.view.setBigInt64(out.at + 4, counted);
  out.at += 12;
  return undefined;
}

function putMicros(out: ByteWriter, micros: number): string | undefined {
  out.reserve(12);
  out.view.setInt32(out.at, 8);
  putInt64(out.view, out.at + 4, micros);
  out.at += 12;
  return undefined;
}

export function timeCells(type: DataType, { kind, secondDigits = 6 }: ScalarType): CellWriters | undefined {
  if (kind !== 'time' || !DataType.isTime(type)) return undefined;
  const { unit, bitWidth } = type;
  const grain = 10 ** (6 - secondDigits);
  return (data) => {
    const read =
      bitWidth === 32 ? clockReader(data.values as Int32Array) : wideClockReader(data.values as BigInt64Array);
    return (row, out) => {
      const value = read(row);
      const micros = unit === TimeUnit.NANOSECOND ? value / 1000 : value * MICROS[unit];
      if (!Number.isInteger(micros) || (grain !== 1 && micros % grain !== 0)) return TOO_FINE;
      return micros < 0 || micros > DAY_MICROS ? OUT_OF_RANGE : putMicros(out, micros);
    };
  };
}

function clockReader(values: Int32Array): (row: number) => number {
  return (row) => values[row]!;
}

/** A day has fewer nanoseconds than a double can count. */
function wideClockReader(values: BigInt64Array): (row: number) => number {
  return (row) => Number(values[row]!);
}
