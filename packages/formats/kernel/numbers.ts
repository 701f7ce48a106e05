import { EMPTY, LEFT, READ, ROUNDED } from './notes';
import { digits, MAX_DIGITS, NO_NUMBER, places, readPlain, readScientific } from './number-text';
import { powerOfTen } from './powers';

const MINUS: i32 = 0x2d;
const PLUS: i32 = 0x2b;
/** A double holds every number of so many digits, and powers of ten to 22. */
const EXACT_DIGITS: i32 = 15;

/** The upper 64 bits of what `scaled` returned last. */
let upper: i64 = 0;
let scaledStatus: i32 = READ;

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
  const max = precision > MAX_DIGITS ? i64.MAX_VALUE : powerOfTen(precision) - 1;
  for (let row = 0; row < rows; row++, cells += stride) {
    const start = window + <usize>load<i32>(cells, 0);
    const end = window + <usize>load<i32>(cells, 4);
    let status = READ;
    let value: i64 = 0;
    let high: i64 = 0;
    if (start == end) {
      status = EMPTY;
    } else {
      const number = readPlain(start, end);
      const shift = scale - places;
      if (number != NO_NUMBER && <u32>shift <= <u32>(MAX_DIGITS - digits)) {
        value = number * powerOfTen(shift);
        high = value >> 63;
        if (value > max || value < -max) status = LEFT;
      } else {
        value = scaled(number == NO_NUMBER ? readScientific(start, end) : number, scale, precision, roundsHalfUp);
        high = upper;
        status = scaledStatus;
      }
    }
    store<i64>(out, value, 0);
    store<i64>(out, high, 8);
    if (isWide) {
      high >>= 63;
      store<i64>(out, high, 16);
      store<i64>(out, high, 24);
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
    const start = window + <usize>load<i32>(cells, 0);
    const end = window + <usize>load<i32>(cells, 4);
    let status = READ;
    let value: i64 = 0;
    if (start == end) {
      status = EMPTY;
    } else {
      value = readPlain(start, end);
      if (value == NO_NUMBER || places != 0) {
        value = scaled(value == NO_NUMBER ? readScientific(start, end) : value, 0, MAX_DIGITS, false);
        status = scaledStatus;
      }
      if (value > max || value < min) status = LEFT;
    }
    if (bitWidth == 64) {
      store<i64>(out, value);
      out += 8;
    } else {
      store<i32>(out, <i32>value);
      out += 4;
    }
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
    let value: f64 = 0;
    if (start == end) {
      status = EMPTY;
    } else {
      const sign = <i32>load<u8>(start);
      const number = readPlain(start, end);
      if (number == NO_NUMBER || digits > EXACT_DIGITS || sign == PLUS) {
        status = LEFT;
      } else {
        // Zero has a sign, too.
        value = copysign(<f64>number / <f64>powerOfTen(places), sign == MINUS ? -1.0 : 1.0);
      }
    }
    store<f64>(out, value);
    if (status != READ) {
      store<i32>(note, (row << 2) | status);
      note += 4;
    }
  }
  return <i32>((note - notes) >> 2);
}

/**
 * The number just read, in units of ten to the minus `scale`, as 128 bits: `upper` and what it returns. `scaledStatus`
 * says what came of it.
 */
function scaled(number: i64, scale: i32, precision: i32, roundsHalfUp: bool): i64 {
  scaledStatus = LEFT;
  upper = 0;
  const shift = scale - places;
  if (number == NO_NUMBER || shift > MAX_DIGITS || shift < -MAX_DIGITS) return 0;
  const magnitude = abs(number);
  let value = magnitude;
  if (shift >= 0) {
    const room = precision - shift;
    if (room <= MAX_DIGITS && magnitude >= (room < 0 ? 1 : powerOfTen(room))) return 0;
    value = product(magnitude, powerOfTen(shift));
    scaledStatus = READ;
  } else {
    const divisor = powerOfTen(-shift);
    value = magnitude / divisor;
    const rest = magnitude - value * divisor;
    if (rest != 0) {
      if (!roundsHalfUp) return 0;
      if (rest >= divisor - rest) value++;
    }
    if (precision <= MAX_DIGITS && value >= powerOfTen(precision)) return 0;
    scaledStatus = rest == 0 ? READ : ROUNDED;
  }
  if (number >= 0) return value;
  upper = ~upper + i64(value == 0);
  return -value;
}

/** Of two numbers below 10 to the 18; the upper 64 bits in `upper`. */
function product(a: u64, b: u64): u64 {
  const low: u64 = (a & 0xffffffff) * (b & 0xffffffff);
  const middle: u64 = (a >> 32) * (b & 0xffffffff) + (low >> 32);
  const other: u64 = (a & 0xffffffff) * (b >> 32) + (middle & 0xffffffff);
  upper = (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
  return a * b;
}
