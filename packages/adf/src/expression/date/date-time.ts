/**
 * A date and time as .NET has it: ticks of 100 ns since the start of year 1, and whether they are UTC or of a zone that
 * is not said. The calendar is the Gregorian one throughout.
 */
export interface DateTime {
  readonly ticks: bigint;
  readonly isUtc: boolean;
}

export interface DateTimeParts {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Ticks within the second. */
  readonly tick: number;
}

export const TICKS_PER_SECOND = 10_000_000n;
export const TICKS_PER_HOUR = 3600n * TICKS_PER_SECOND;
export const TICKS_PER_DAY = 24n * TICKS_PER_HOUR;
const TICKS_PER_MS = 10_000n;
const EPOCH_TICKS = 621_355_968_000_000_000n;
/** The last tick of year 9999. */
const MAX_TICKS = 3_155_378_975_999_999_999n;

/** `undefined` outside of the years 1 to 9999. */
export function dateTimeOf(ticks: bigint, isUtc: boolean): DateTime | undefined {
  return ticks < 0n || ticks > MAX_TICKS ? undefined : { ticks, isUtc };
}

export function ticksOfEpochMs(epochMs: number): bigint {
  return EPOCH_TICKS + BigInt(Math.floor(epochMs)) * TICKS_PER_MS;
}

/** Ticks are UTC here; fractions of a millisecond are cut off. */
export function epochMsOf(ticks: bigint): number {
  // Ticks are not negative, so the division rounds down.
  return Number(ticks / TICKS_PER_MS) - Number(EPOCH_TICKS / TICKS_PER_MS);
}

/** `undefined` for what no calendar or clock shows, and outside of the years 1 to 9999. */
export function ticksOf({ year, month, day, hour, minute, second, tick }: DateTimeParts): bigint | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return ticksOfEpochMs(date.getTime()) + BigInt(tick);
}

export function partsOf({ ticks }: DateTime): DateTimeParts {
  const date = new Date(epochMsOf(ticks));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    tick: Number(ticks % TICKS_PER_SECOND),
  };
}

/** Sunday is 0. */
export function dayOfWeek({ ticks }: DateTime): number {
  // The first day of year 1 is a Monday.
  return Number((ticks / TICKS_PER_DAY + 1n) % 7n);
}

/** From 1. */
export function dayOfYear(dateTime: DateTime): number {
  const newYear = ticksOf({ ...partsOf(dateTime), month: 1, day: 1, hour: 0, minute: 0, second: 0, tick: 0 })!;
  return Number((dateTime.ticks - newYear) / TICKS_PER_DAY) + 1;
}

/** A day that the month does not have becomes its last. `undefined` outside of the years 1 to 9999. */
export function addMonths(dateTime: DateTime, months: number): DateTime | undefined {
  const parts = partsOf(dateTime);
  const sum = parts.year * 12 + parts.month - 1 + months;
  const year = Math.floor(sum / 12);
  const month = sum - year * 12 + 1;
  if (year < 1 || year > 9999) return undefined;
  const ticks = ticksOf({ ...parts, year, month, day: Math.min(parts.day, daysInMonth(year, month)) });
  return ticks === undefined ? undefined : { ticks, isUtc: dateTime.isUtc };
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
