import { EMPTY, LEFT, READ, ROUNDED } from './notes';
import { powerOfTen } from './powers';

const PLUS: i32 = 0x2b;
const MINUS: i32 = 0x2d;
const POINT: i32 = 0x2e;
const ZERO: i32 = 0x30;
const LOWER_E: i32 = 0x65;
const VECTOR: i32 = 16;
/** Every number of so many digits fits in 64 bits. */
const MAX_DIGITS: i32 = 18;
const MAX_EXPONENT: i32 = 1000;
/** A double holds every number of so many digits, and powers of ten to 22. */
const EXACT_DIGITS: i32 = 15;

/** What `readMantissa` and `readUnits` found. */
let mantissa: i64 = 0;
let digits: i32 = 0;
/** Digits behind the point, less the exponent. */
let places: i32 = 0;
let isNegative: bool = false;

/** Decimals of up to 18 digits, each as 128 bits or, with `isWide`, 256. Returns the number of notes. */
export function readDecimals(
  cells: usize,
  stride: usize,
  rows: i32,
  window: usize,
  out: usize,
  notes: usize,
  scale: i32,
  precision: i32,
  roundsHalfUp: bool,
  isWide: bool,
): i32 {
  let note = notes;
  const limit = precision < MAX_DIGITS ? powerOfTen(precision) : i64.MAX_VALUE;
  for (let row = 0; row < rows; row++, cells += stride) {
    const status = readUnits(
      window + <usize>load<i32>(cells, 0),
      window + <usize>load<i32>(cells, 4),
      scale,
      roundsHalfUp,
      limit,
    );
    const extension = mantissa >> 63;
    store<i64>(out, mantissa, 0);
    store<i64>(out, extension, 8);
    if (isWide) {
      store<i64>(out, extension, 16);
      store<i64>(out, extension, 24);
      out += 16;
    }
    out += 16;
    if (status != READ) {
      store<i32>(note, (row << 2) | status);
      note += 4;
    }
  }
  return <i32>((note - notes) >> 2);
}

/** Integers of up to 18 digits, each as 64 bits, or 32 where it has no more. Returns the number of notes. */
export function readIntegers(
  cells: usize,
  stride: usize,
  rows: i32,
  window: usize,
  out: usize,
  notes: usize,
  bitWidth: i32,
  isSigned: bool,
): i32 {
  let note = notes;
  const bits = isSigned ? bitWidth - 1 : bitWidth;
  const max: i64 = bits >= 63 ? i64.MAX_VALUE : ((<i64>1) << bits) - 1;
  const min: i64 = isSigned ? -max - 1 : 0;
  for (let row = 0; row < rows; row++, cells += stride) {
    let status = readUnits(
      window + <usize>load<i32>(cells, 0),
      window + <usize>load<i32>(cells, 4),
      0,
      false,
      i64.MAX_VALUE,
    );
    const value = mantissa;
    if (bitWidth == 64) {
      store<i64>(out, value);
      out += 8;
    } else {
      store<i32>(out, <i32>value);
      out += 4;
    }
    if (status == READ && (value < min || value > max)) status = LEFT;
    if (status != READ) {
      store<i32>(note, (row << 2) | status);
      note += 4;
    }
  }
  return <i32>((note - notes) >> 2);
}

/** Doubles in plain notation of up to 15 digits, where one division is one rounding. Returns the number of notes. */
export function readDoubles(cells: usize, stride: usize, rows: i32, window: usize, out: usize, notes: usize): i32 {
  let note = notes;
  for (let row = 0; row < rows; row++, cells += stride, out += 8) {
    const start = window + <usize>load<i32>(cells, 0);
    const end = window + <usize>load<i32>(cells, 4);
    let status = READ;
    if (start == end) {
      store<f64>(out, 0);
      status = EMPTY;
    } else if (<i32>load<u8>(start) == PLUS || !readVector(start, end) || digits > EXACT_DIGITS) {
      status = LEFT;
    } else {
      const value = <f64>mantissa / <f64>powerOfTen(places);
      store<f64>(out, isNegative ? -value : value);
    }
    if (status != READ) {
      store<i32>(note, (row << 2) | status);
      note += 4;
    }
  }
  return <i32>((note - notes) >> 2);
}

/** Reads `[start, end)` in units of ten to the minus `scale` into `mantissa`, which is below `limit`. */
function readUnits(start: usize, end: usize, scale: i32, roundsHalfUp: bool, limit: i64): i32 {
  if (start == end) {
    mantissa = 0;
    return EMPTY;
  }
  if (!readVector(start, end) && !readSlowly(start, end)) return LEFT;
  const shift = scale - places;
  let status = READ;
  if (shift > 0) {
    if (shift >= MAX_DIGITS || mantissa >= powerOfTen(MAX_DIGITS - shift)) return LEFT;
    mantissa *= powerOfTen(shift);
  } else if (shift < 0) {
    if (shift < -MAX_DIGITS) return LEFT;
    const divisor = powerOfTen(-shift);
    const quotient = mantissa / divisor;
    const rest = mantissa - quotient * divisor;
    mantissa = quotient;
    if (rest != 0) {
      if (!roundsHalfUp) return LEFT;
      if (rest >= divisor - rest) mantissa++;
      status = ROUNDED;
    }
  }
  if (mantissa >= limit) return LEFT;
  if (isNegative) mantissa = -mantissa;
  return status;
}

/** A sign and up to 18 digits with a point in them or not, the last 16 characters at once; false for anything else. */
function readVector(start: usize, end: usize): bool {
  const sign = <i32>load<u8>(start);
  isNegative = sign == MINUS;
  let size = <i32>(end - start) - i32(isNegative || sign == PLUS);
  if (size < 1 || size > MAX_DIGITS + 1) return false;
  let lead: i64 = 0;
  let leadDigits = 0;
  let leadPlaces = -1;
  for (let at = end - <usize>size; size > VECTOR; at++, size--) {
    const digit = <i32>load<u8>(at) - ZERO;
    if (digit >= 0 && digit <= 9) {
      lead = lead * 10 + <i64>digit;
      leadDigits++;
      if (leadPlaces >= 0) leadPlaces++;
    } else {
      if (digit != POINT - ZERO || leadPlaces >= 0) return false;
      leadPlaces = 0;
    }
  }
  // The last character is in the last lane.
  const lanes = v128(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const first = VECTOR - size;
  const values = i8x16.sub(v128.load(end - VECTOR), i8x16.splat(<i8>ZERO));
  const taken: i32 = (0xffff << first) & 0xffff;
  const points = i8x16.bitmask(i8x16.eq(values, i8x16.splat(<i8>(POINT - ZERO)))) & taken;
  const numbers = i8x16.bitmask(i8x16.le_u(values, i8x16.splat(9))) & taken;
  if ((points | numbers) != taken || (points & (points - 1)) != 0 || numbers == 0) return false;
  if (leadPlaces >= 0 && points != 0) return false;
  const point = points == 0 ? -1 : ctz(points);
  const laneDigits = size - i32(points != 0);
  digits = leadDigits + laneDigits;
  if (digits > MAX_DIGITS) return false;
  places = points != 0 ? VECTOR - 1 - point : leadPlaces >= 0 ? leadPlaces + VECTOR : 0;
  const own = v128.and(values, i8x16.ge_s(lanes, i8x16.splat(<i8>first)));
  // Lanes up to that of the point move up by one, over the point.
  const whole = i8x16.swizzle(own, i8x16.add(lanes, i8x16.le_s(lanes, i8x16.splat(<i8>point))));
  const pairs = v128.and(i16x8.add(i16x8.mul(whole, i16x8.splat(10)), i16x8.shr_u(whole, 8)), i16x8.splat(0xff));
  const fours = i32x4.dot_i16x8_s(pairs, i16x8(100, 1, 100, 1, 100, 1, 100, 1));
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), i16x8(10000, 1, 10000, 1, 0, 0, 0, 0));
  mantissa = <i64>i32x4.extract_lane(eights, 0) * 100000000 + <i64>i32x4.extract_lane(eights, 1);
  if (lead != 0) mantissa += lead * powerOfTen(laneDigits);
  return true;
}

/** Up to 18 digits, and an exponent. */
function readSlowly(start: usize, end: usize): bool {
  const sign = <i32>load<u8>(start);
  isNegative = sign == MINUS;
  let at = start + usize(isNegative || sign == PLUS);
  let value: i64 = 0;
  let count = 0;
  let behindPoint = 0;
  let hasPoint = false;
  for (; at < end; at++) {
    const digit = <i32>load<u8>(at) - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (++count > MAX_DIGITS) return false;
      value = value * 10 + <i64>digit;
      behindPoint += i32(hasPoint);
    } else if (digit == POINT - ZERO && !hasPoint) {
      hasPoint = true;
    } else {
      break;
    }
  }
  if (count == 0) return false;
  let exponent = 0;
  if (at < end) {
    if ((<i32>load<u8>(at++) | 0x20) != LOWER_E || at == end) return false;
    const exponentSign = <i32>load<u8>(at);
    if (exponentSign == MINUS || exponentSign == PLUS) at++;
    if (at == end) return false;
    for (; at < end; at++) {
      const digit = <i32>load<u8>(at) - ZERO;
      if (digit < 0 || digit > 9) return false;
      exponent = exponent * 10 + digit;
      if (exponent > MAX_EXPONENT) return false;
    }
    if (exponentSign == MINUS) exponent = -exponent;
  }
  mantissa = value;
  digits = count;
  places = behindPoint - exponent;
  return true;
}
