const DASH = 0x2d;
const COLON = 0x3a;
const POINT = 0x2e;
const ZERO = 0x30;

const DAYS_BEFORE_MONTH = Uint16Array.of(0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334);
const DAYS_IN_MONTH = Uint8Array.of(0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31);
/** From 0001-01-01 of the proleptic Gregorian calendar. */
const DAYS_TO_1970 = 719_162;

export const DATE_LENGTH = 10;
export const CLOCK_LENGTH = 8;
/** What `readDays` and `readClock` return for a text that is none; every true value is greater. */
export const NO_DAYS = -0x8000_0000;
export const NO_CLOCK = -1;

/** Two digits as a number, or -1. */
export function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - ZERO;
  const ones = bytes[at + 1]! - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Days since 1970-01-01 of the `yyyy-MM-dd` at `at`, of whose ten bytes all are there; years 0001 to 9999. */
export function readDays(bytes: Uint8Array, at: number): number {
  const century = twoDigits(bytes, at);
  const yearOfCentury = twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  if (century < 0 || yearOfCentury < 0 || bytes[at + 4] !== DASH || bytes[at + 7] !== DASH) return NO_DAYS;
  const year = century * 100 + yearOfCentury;
  if (year < 1 || month < 1 || month > 12 || day < 1) return NO_DAYS;
  const isLeap = (yearOfCentury === 0 ? century & 3 : yearOfCentury & 3) === 0;
  if (day > DAYS_IN_MONTH[month]! && !(isLeap && month === 2 && day === 29)) return NO_DAYS;
  const years = year - 1;
  const leapDays = (years >> 2) - Math.floor(years / 100) + Math.floor(years / 400);
  const dayOfYear = DAYS_BEFORE_MONTH[month]! + day - 1 + (isLeap && month > 2 ? 1 : 0);
  return years * 365 + leapDays + dayOfYear - DAYS_TO_1970;
}

/** Seconds since midnight of the `HH:mm:ss` at `at`, of whose eight bytes all are there; no leap seconds. */
export function readClock(bytes: Uint8Array, at: number): number {
  const hour = twoDigits(bytes, at);
  const minute = twoDigits(bytes, at + 3);
  const second = twoDigits(bytes, at + 6);
  if (bytes[at + 2] !== COLON || bytes[at + 5] !== COLON) return NO_CLOCK;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return NO_CLOCK;
  return hour * 3600 + minute * 60 + second;
}

/** Where a fraction that starts at `at` ends: `at` where none starts, -1 where it has no digit or more than nine. */
export function endOfFraction(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end || bytes[at] !== POINT) return at;
  let i = at + 1;
  while (i < end && bytes[i]! >= ZERO && bytes[i]! <= ZERO + 9) i++;
  const digits = i - at - 1;
  return digits < 1 || digits > 9 ? -1 : i;
}

/** The fraction `[at, end)`, point included, in units of ten to the minus `digits`; -1 where it is finer. */
export function readFraction(bytes: Uint8Array, at: number, end: number, digits: number): number {
  let value = 0;
  let places = 0;
  for (let i = at + 1; i < end; i++, places++) {
    const digit = bytes[i]! - ZERO;
    if (places < digits) value = value * 10 + digit;
    else if (digit !== 0) return -1;
  }
  for (; places < digits; places++) value *= 10;
  return value;
}
