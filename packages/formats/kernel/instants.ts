import { daysOf, NO_DAYS } from './calendar';
import { EMPTY, LEFT, READ } from './notes';
import { powerOfTen } from './powers';

const PLUS: i32 = 0x2b;
const COLON: i32 = 0x3a;
const POINT: i32 = 0x2e;
const ZERO: i32 = 0x30;
const SPACE: i32 = 0x20;
const LOWER_T: i32 = 0x74;
const LOWER_Z: i32 = 0x7a;
const SECONDS_PER_DAY: i32 = 86400;
const MAX_FRACTION_DIGITS: i32 = 9;
const NANOSECOND_DIGITS: i32 = 9;
/** Less than 64 bits of nanoseconds. */
const MAX_NANOSECOND_SECONDS: i64 = 9_000_000_000;
const NONE: i64 = i64.MIN_VALUE;
/** Of `yyyy-MM-ddTHH:mm:ss.SSSZ`, and of its last 16 characters. */
const MILLISECOND_BYTES: usize = 24;

/** What `readFraction` found: the fraction, in units, and what stands behind it. */
let fraction: i64 = 0;
let fractionEnd: usize = 0;

/** `yyyy-MM-dd` as days, one word for each row. Returns the number of notes. */
export function readDates(cells: usize, stride: usize, rows: i32, window: usize, out: usize, notes: usize): i32 {
  let note = notes;
  for (let row = 0; row < rows; row++, cells += stride, out += 4) {
    const start = window + <usize>load<i32>(cells, 0);
    const size = window + <usize>load<i32>(cells, 4) - start;
    const days = size == 10 ? dateAt(v128.load(start)) : NO_DAYS;
    if (days != NO_DAYS) {
      store<i32>(out, days);
    } else {
      store<i32>(out, 0);
      store<i32>(note, (row << 2) | (size == 0 ? EMPTY : LEFT));
      note += 4;
    }
  }
  return <i32>((note - notes) >> 2);
}

/** Instants in UTC, in units of ten to the minus `unitDigits` seconds, as 64 bits. Returns the number of notes. */
export function readTimestamps(
  cells: usize,
  stride: usize,
  rows: i32,
  window: usize,
  out: usize,
  notes: usize,
  unitDigits: i32,
): i32 {
  let note = notes;
  const unitsPerSecond = powerOfTen(unitDigits);
  const isMilliseconds = unitDigits == 3;
  for (let row = 0; row < rows; row++, cells += stride, out += 8) {
    const start = window + <usize>load<i32>(cells, 0);
    const end = window + <usize>load<i32>(cells, 4);
    let units = isMilliseconds && end - start == MILLISECOND_BYTES ? millisecondsAt(start) : NONE;
    if (units == NONE) {
      const seconds = secondsOf(start, end, unitDigits);
      if (seconds != NONE) units = seconds * unitsPerSecond + fraction;
    }
    if (units != NONE) {
      store<i64>(out, units);
    } else {
      store<i64>(out, 0);
      store<i32>(note, (row << 2) | (start == end ? EMPTY : LEFT));
      note += 4;
    }
  }
  return <i32>((note - notes) >> 2);
}

/** Times of day in units of ten to the minus `unitDigits` seconds, as 64 bits or 32. Returns the number of notes. */
export function readTimes(
  cells: usize,
  stride: usize,
  rows: i32,
  window: usize,
  out: usize,
  notes: usize,
  unitDigits: i32,
  isWide: bool,
): i32 {
  let note = notes;
  const unitsPerSecond = powerOfTen(unitDigits);
  const width: usize = isWide ? 8 : 4;
  for (let row = 0; row < rows; row++, cells += stride, out += width) {
    const start = window + <usize>load<i32>(cells, 0);
    const end = window + <usize>load<i32>(cells, 4);
    let status = start == end ? EMPTY : LEFT;
    let units: i64 = 0;
    if (end - start >= 8) {
      const minutes = clockPair(start, COLON);
      const seconds = clockPair(start + 3, COLON);
      const rest = twoDigits(start + 6);
      if (minutes >= 0 && minutes < 24 && seconds >= 0 && seconds < 60 && rest >= 0 && rest < 60) {
        if (readFraction(start + 8, end, unitDigits) && isUtc(fractionEnd, end, false)) {
          units = <i64>(minutes * 3600 + seconds * 60 + rest) * unitsPerSecond + fraction;
          status = READ;
        }
      }
    }
    if (isWide) store<i64>(out, units);
    else store<i32>(out, <i32>units);
    if (status != READ) {
      store<i32>(note, (row << 2) | status);
      note += 4;
    }
  }
  return <i32>((note - notes) >> 2);
}

/** Days since 1970-01-01 of the `yyyy-MM-dd` in the first ten lanes, or `NO_DAYS`. */
function dateAt(text: v128): i32 {
  const values = i8x16.sub(text, i8x16(48, 48, 48, 48, 45, 48, 48, 45, 48, 48, 0, 0, 0, 0, 0, 0));
  if (isAbove(values, i8x16(9, 9, 9, 9, 0, 9, 9, 0, 9, 9, -1, -1, -1, -1, -1, -1))) return NO_DAYS;
  const pairs = pairsOf(values, i8x16(0, 1, 2, 3, 5, 6, 8, 9, -1, -1, -1, -1, -1, -1, -1, -1));
  return dateOf(pairs);
}

/** Milliseconds since 1970 of the `yyyy-MM-ddTHH:mm:ss.SSSZ` at `start`, or `NONE`. */
function millisecondsAt(start: usize): i64 {
  const head = i8x16.sub(v128.load(start), i8x16(48, 48, 48, 48, 45, 48, 48, 45, 48, 48, 84, 48, 48, 58, 48, 48));
  const tail = i8x16.sub(v128.load(start, 8), i8x16(48, 48, 84, 48, 48, 58, 48, 48, 58, 48, 48, 46, 48, 48, 48, 90));
  const headMax = i8x16(9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9);
  const tailMax = i8x16(9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 9, 0);
  if (v128.any_true(v128.or(i8x16.sub_sat_u(head, headMax), i8x16.sub_sat_u(tail, tailMax)))) return NONE;
  const days = dateOf(pairsOf(head, i8x16(0, 1, 2, 3, 5, 6, 8, 9, -1, -1, -1, -1, -1, -1, -1, -1)));
  // Hour, minute, second, and the fraction as two pairs, of which the first has one digit.
  const clock = pairsOf(tail, i8x16(3, 4, 6, 7, 9, 10, -1, 12, 13, 14, -1, -1, -1, -1, -1, -1));
  if (days == NO_DAYS || isAbove(clock, i16x8(23, 59, 59, 9, 99, 0, 0, 0))) return NONE;
  const parts = i32x4.dot_i16x8_s(clock, i16x8(3600, 60, 1, 0, 1, 0, 0, 0));
  const seconds = i32x4.extract_lane(parts, 0) + i32x4.extract_lane(parts, 1);
  const milliseconds = <i32>i16x8.extract_lane_u(clock, 3) * 100 + i32x4.extract_lane(parts, 2);
  return <i64>days * (SECONDS_PER_DAY * 1000) + <i64>(seconds * 1000 + milliseconds);
}

function dateOf(pairs: v128): i32 {
  const year = <i32>i16x8.extract_lane_u(pairs, 0) * 100 + <i32>i16x8.extract_lane_u(pairs, 1);
  return daysOf(year, <i32>i16x8.extract_lane_u(pairs, 2), <i32>i16x8.extract_lane_u(pairs, 3));
}

/** Whether a byte is greater than the one in the same lane of `most`, without signs. */
function isAbove(bytes: v128, most: v128): bool {
  return v128.any_true(i8x16.sub_sat_u(bytes, most));
}

/** The numbers of two digits each that `lanes` puts side by side. */
function pairsOf(values: v128, lanes: v128): v128 {
  const digits = i8x16.swizzle(values, lanes);
  return v128.and(i16x8.add(i16x8.mul(digits, i16x8.splat(10)), i16x8.shr_u(digits, 8)), i16x8.splat(0xff));
}

/** Seconds since 1970 of an instant or date in any of the usual notations, the rest in `fraction`; or `NONE`. */
function secondsOf(start: usize, end: usize, unitDigits: i32): i64 {
  const size = end - start;
  if (size < 10) return NONE;
  const days = dateAt(v128.load(start));
  if (days == NO_DAYS) return NONE;
  let seconds = <i64>days * SECONDS_PER_DAY;
  fraction = 0;
  if (size != 10) {
    if (size < 19) return NONE;
    const separator = <i32>load<u8>(start, 10);
    if ((separator | 0x20) != LOWER_T && separator != SPACE) return NONE;
    const hour = clockPair(start + 11, COLON);
    const minute = clockPair(start + 14, COLON);
    const second = twoDigits(start + 17);
    if (<u32>hour > 23 || <u32>minute > 59 || <u32>second > 59) return NONE;
    if (!readFraction(start + 19, end, unitDigits) || !isUtc(fractionEnd, end, true)) return NONE;
    seconds += <i64>(hour * 3600 + minute * 60 + second);
  }
  const isFar = seconds > MAX_NANOSECOND_SECONDS || seconds < -MAX_NANOSECOND_SECONDS;
  return unitDigits == NANOSECOND_DIGITS && isFar ? NONE : seconds;
}

/** Reads a point and one to nine digits, or nothing, into `fraction`; false where it is anything else, or too fine. */
function readFraction(start: usize, end: usize, unitDigits: i32): bool {
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
  if (places <= unitDigits) {
    fraction = value * powerOfTen(unitDigits - places);
    return true;
  }
  const divisor = powerOfTen(places - unitDigits);
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
