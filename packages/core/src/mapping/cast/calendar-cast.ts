import { DataType, DateUnit, TimeUnit } from 'apache-arrow';

import { columnOpener } from '../column-reader.ts';
import { type CastKernel, type CastOptions, type ConvertValue, valueKernel } from './cast-kernel.ts';

const DAY_SECONDS = 86_400n;
const FRACTION_DIGITS = {
  [TimeUnit.SECOND]: 0,
  [TimeUnit.MILLISECOND]: 3,
  [TimeUnit.MICROSECOND]: 6,
  [TimeUnit.NANOSECOND]: 9,
} as const;
const UTC: ReadonlySet<string> = new Set(['UTC', 'Etc/UTC', 'Z', '+00:00']);

/** Between dates and instants, between times of day, and between durations. Undefined for other types. */
export function calendarCast(from: DataType, to: DataType, options: CastOptions): CastKernel | undefined {
  const isAlike =
    (isInstant(from) && isInstant(to) && meansTheSame(zoneOf(from), zoneOf(to))) ||
    (DataType.isTime(from) && DataType.isTime(to)) ||
    (DataType.isDuration(from) && DataType.isDuration(to));
  if (!isAlike) return undefined;
  const [has, wants] = [unitsPerDay(from), unitsPerDay(to)];
  if (has === wants && from.typeId === to.typeId) return (data) => data.clone(to);
  return valueKernel(columnOpener(from)!, to, conversion(has, wants, to, options), roomOf(to));
}

function conversion(has: bigint, wants: bigint, to: DataType, { excessTime }: CastOptions): ConvertValue {
  // Words of 32 bits are numbers.
  const isNarrow = to.ArrayType === Int32Array;
  const narrow = (value: bigint): bigint | number => (isNarrow ? Number(value) : value);
  if (wants >= has) {
    const factor = wants / has;
    return (value) => narrow(BigInt(value as bigint | number) * factor);
  }
  const divisor = has / wants;
  const tooFine = `expected ${wants === 1n ? 'a midnight' : `at most ${digitsOf(wants)} fraction digits of a second`}`;
  return (value, fail) => {
    const units = BigInt(value as bigint | number);
    const rest = ((units % divisor) + divisor) % divisor;
    if (rest !== 0n && excessTime === 'error') {
      fail(tooFine);
      return undefined;
    }
    return narrow((units - rest) / divisor);
  };
}

function isInstant(type: DataType): boolean {
  return DataType.isDate(type) || DataType.isTimestamp(type);
}

/** Undefined for dates and for instants without a zone. */
function zoneOf(type: DataType): string | undefined {
  // Arrow reads a missing zone back as null.
  const zone: string | null | undefined = DataType.isTimestamp(type) ? type.timezone : undefined;
  return zone === null || zone === '' ? undefined : zone;
}

/** Instants are UTC whatever their zone is; without a zone they are what a clock showed, which is UTC only in UTC. */
function meansTheSame(from: string | undefined, to: string | undefined): boolean {
  if ((from === undefined) === (to === undefined)) return true;
  return UTC.has(from ?? to ?? '');
}

function unitsPerDay(type: DataType): bigint {
  if (DataType.isDate(type)) return type.unit === DateUnit.DAY ? 1n : DAY_SECONDS * 1000n;
  // The other types of the calendar have one of these units.
  const { unit } = type as DataType & { readonly unit: TimeUnit };
  return DAY_SECONDS * 10n ** BigInt(FRACTION_DIGITS[unit]);
}

function digitsOf(perDay: bigint): number {
  return String(perDay / DAY_SECONDS).length - 1;
}

function roomOf(type: DataType): string {
  if (DataType.isTime(type)) return 'a time of day';
  return DataType.isDuration(type) ? 'a duration that 64 bits can hold' : 'an instant that the type can hold';
}
