import { EMPTY, LEFT, READ } from './notes';
import { powerOfTen } from './powers';

const PLUS: i32 = 0x2b;
const MINUS: i32 = 0x2d;
const COLON: i32 = 0x3a;
const POINT: i32 = 0x2e;
const ZERO: i32 = 0x30;
const SPACE: i32 = 0x20;
const LOWER_T: i32 = 0x74;
const LOWER_Z: i32 = 0x7a;
/** Which of the 16 characters `yyyy-MM-ddTHH:mm` are digits of the date, dashes, and digits of the clock. */
const DATE_DIGITS: i32 = 0b0000_0011_0110_1111;
const DATE_DASHES: i32 = 0b0000_0000_1001_0000;
const MINUTE_DIGITS: i32 = 0b1101_1000_0000_0000;
const SECONDS_PER_DAY: i64 = 86400;
const MAX_FRACTION_DIGITS: i32 = 9;
const NANOSECOND_DIGITS: i32 = 9;
/** Less than 64 bits of nanoseconds. */
const MAX_NANOSECOND_SECONDS: i64 = 9_000_000_000;
const NONE: i32 = i32.MIN_VALUE;

/** What `readFraction` found: the fraction, in units, and what stands behind it. */
let fraction: i64 = 0;
let fractionEnd: usize = 0;

/** `yyyy-MM-dd` as days, one word for each row. Returns the number of notes. */
export function readDates(cells: usize, stride: usize, rows: i32, window: usize, out: usize, notes: usize): i32 {
  let note = notes;
  for (let row = 0; row < rows; row++, cells += stride, out += 4) {
    const start = window + <usize>load<i32>(cells, 0);
    const size = window + <usize>load<i32>(cells, 4) - start;
    const days = size == 10 ? daysOf(v128.load(start)) : NONE;
    if (days != NONE) {
      store<i32>(out, days);
    } else {
      store<i32>(out, 0);
      store<i32>(note, (row << 2) | (size == 0 ? EMPTY : LEFT));
      note += 4;
    }
  }
  return <i32>((note - notes) >> 2);
}

/** Instants in UTC, in units of ten to the minus `digits` seconds, as 64 bits. Returns the number of notes. */
export function readTimestamps(
  cells: usize,
  stride: usize,
  rows: i32,
  window: usize,
  out: usize,
  notes: usize,
  digits: i32,
): i32 {
  let note = notes;
  const unitsPerSecond = powerOfTen(digits);
  for (let row = 0; row < rows; row++, cells += stride, out += 8) {
    const start = window + <usize>load<i32>(cells, 0);
    const end = window + <usize>load<i32>(cells, 4);
    const seconds = secondsOf(start, end, digits);
    if (seconds != i64.MIN_VALUE) {
      store<i64>(out, seconds * unitsPerSecond + fraction);
    } else {
      store<i64>(out, 0);
      store<i32>(note, (row << 2) | (start == end ? EMPTY : LEFT));
      note += 4;
    }
  }
  return <i32>((note - notes) >> 2);
}

/** Times of day in units of ten to the minus `digits` seconds, as 64 bits or 32. Returns the number of notes. */
export function readTimes(
  cells: usize,
  stride: usize,
  rows: i32,
  window: usize,
  out: usize,
  notes: usize,
  digits: i32,
  isWide: bool,
): i32 {
  let note = notes;
  const unitsPerSecond = powerOfTen(digits);
  const width: usize = isWide ? 8 : 4;
  for (let row = 0; row < rows; row++, cells += stride, out += width) {
    const start = window + <usize>load<i32>(cells, 0);
    const end = window + <usize>load<i32>(cells, 4);
    let status = start == end ? EMPTY : LEFT;
    if (end - start >= 8) {
      const minutes = clockPair(start, COLON);
      const seconds = clockPair(start + 3, COLON);
      const rest = twoDigits(start + 6);
      if (minutes >= 0 && minutes < 24 && seconds >= 0 && seconds < 60 && rest >= 0 && rest < 60) {
        if (readFraction(start + 8, end, digits) && isUtc(fractionEnd, end, false)) {
          const units = <i64>(minutes * 3600 + seconds * 60 + rest) * unitsPerSecond + fraction;
          if (isWide) store<i64>(out, units);
          else store<i32>(out, <i32>units);
          status = READ;
        }
      }
    }
    if (status != READ) {
      if (isWide) store<i64>(out, 0);
      else store<i32>(out, 0);
      store<i32>(note, (row << 2) | status);
      note += 4;
    }
  }
  return <i32>((note - notes) >> 2);
}

/** Seconds since 1970, the rest in `fraction`. */
function secondsOf(start: usize, end: usize, digits: i32): i64 {
  const size = end - start;
  if (size < 10) return i64.MIN_VALUE;
  const text = v128.load(start);
  const days = daysOf(text);
  if (days == NONE) return i64.MIN_VALUE;
  let seconds = <i64>days * SECONDS_PER_DAY;
  fraction = 0;
  if (size != 10) {
    if (size < 19) return i64.MIN_VALUE;
    const values = i8x16.sub(text, i8x16.splat(<i8>ZERO));
    const numbers = i8x16.bitmask(i8x16.le_u(values, i8x16.splat(9)));
    if ((numbers & MINUTE_DIGITS) != MINUTE_DIGITS || <i32>load<u8>(start, 13) != COLON) return i64.MIN_VALUE;
    const separator = <i32>load<u8>(start, 10);
    if ((separator | 0x20) != LOWER_T && separator != SPACE) return i64.MIN_VALUE;
    const pairs = pairsOf(values);
    const hour = <i32>i16x8.extract_lane_u(pairs, 4);
    const minute = <i32>i16x8.extract_lane_u(pairs, 5);
    const second = <i32>load<u8>(start, 16) == COLON ? twoDigits(start + 17) : -1;
    if (hour > 23 || minute > 59 || second < 0 || second > 59) return i64.MIN_VALUE;
    if (!readFraction(start + 19, end, digits) || !isUtc(fractionEnd, end, true)) return i64.MIN_VALUE;
    seconds += <i64>(hour * 3600 + minute * 60 + second);
  }
  const isFar = seconds > MAX_NANOSECOND_SECONDS || seconds < -MAX_NANOSECOND_SECONDS;
  return digits == NANOSECOND_DIGITS && isFar ? i64.MIN_VALUE : seconds;
}

/** Century, year of it, month, day, hour and minute of the digits of `yyyy-MM-ddTHH:mm`. */
function pairsOf(values: v128): v128 {
  const digits = i8x16.swizzle(values, i8x16(0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, -1, -1, -1, -1));
  return v128.and(i16x8.add(i16x8.mul(digits, i16x8.splat(10)), i16x8.shr_u(digits, 8)), i16x8.splat(0xff));
}

/** Days since 1970-01-01 of the `yyyy-MM-dd` in the first ten lanes. */
function daysOf(text: v128): i32 {
  const values = i8x16.sub(text, i8x16.splat(<i8>ZERO));
  const numbers = i8x16.bitmask(i8x16.le_u(values, i8x16.splat(9)));
  const dashes = i8x16.bitmask(i8x16.eq(text, i8x16.splat(<i8>MINUS)));
  if ((numbers & DATE_DIGITS) != DATE_DIGITS || (dashes & DATE_DASHES) != DATE_DASHES) return NONE;
  const pairs = pairsOf(values);
  let year = <i32>i16x8.extract_lane_u(pairs, 0) * 100 + <i32>i16x8.extract_lane_u(pairs, 1);
  const month = <i32>i16x8.extract_lane_u(pairs, 2);
  const day = <i32>i16x8.extract_lane_u(pairs, 3);
  if (year < 1 || month < 1 || month > 12 || day < 1) return NONE;
  if (day > 28) {
    const isLeap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
    const last = month == 2 ? 28 + i32(isLeap) : 30 + ((month + (month >> 3)) & 1);
    if (day > last) return NONE;
  }
  // Years begin in March, so that the leap day is the last; eras of 400 years are alike.
  if (month <= 2) year--;
  const era = year / 400;
  const yearOfEra = year - era * 400;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

/** Reads a point and one to nine digits, or nothing, into `fraction`; false where it is anything else, or too fine. */
function readFraction(start: usize, end: usize, digits: i32): bool {
  fraction = 0;
  fractionEnd = start;
  if (start >= end || <i32>load<u8>(start) != POINT) return true;
  let at = start + 1;
  let value: i64 = 0;
  for (; at < end; at++) {
    const digit = <i32>load<u8>(at) - ZERO;
    if (digit < 0 || digit > 9) break;
    if (<i32>(at - start) > MAX_FRACTION_DIGITS) return false;
    value = value * 10 + <i64>digit;
  }
  const places = <i32>(at - start) - 1;
  if (places == 0) return false;
  fractionEnd = at;
  if (places <= digits) {
    fraction = value * powerOfTen(digits - places);
    return true;
  }
  const divisor = powerOfTen(places - digits);
  fraction = value / divisor;
  return fraction * divisor == value;
}

/** Whether `[at, end)` is a way to write UTC: nothing, `Z`, or, where an offset may stand, `+0000` and `+00:00`. */
function isUtc(at: usize, end: usize, mayHaveOffset: bool): bool {
  const size = end - at;
  if (size == 0) return true;
  const first = <i32>load<u8>(at);
  if (size == 1) return (first | 0x20) == LOWER_Z;
  if (!mayHaveOffset || first != PLUS) return false;
  if (size == 5) return load<u32>(at, 1) == 0x30303030;
  return size == 6 && load<u16>(at, 1) == 0x3030 && <i32>load<u8>(at, 3) == COLON && load<u16>(at, 4) == 0x3030;
}

/** Two digits followed by `mark`, as a number, or -1. */
function clockPair(at: usize, mark: i32): i32 {
  return <i32>load<u8>(at, 2) == mark ? twoDigits(at) : -1;
}

function twoDigits(at: usize): i32 {
  const tens = <i32>load<u8>(at, 0) - ZERO;
  const ones = <i32>load<u8>(at, 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}
