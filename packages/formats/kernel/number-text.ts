const PLUS: i32 = 0x2b;
const MINUS: i32 = 0x2d;
const POINT: i32 = 0x2e;
const ZERO: i32 = 0x30;
const LOWER_E: i32 = 0x65;
const VECTOR: i32 = 16;
const MAX_EXPONENT: i32 = 1000;
/** The 16 bytes from `n` on are a mask of the last `n` lanes. */
const LAST_LANES = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255,
]);
/** Every number of so many digits fits in 64 bits. */
export const MAX_DIGITS: i32 = 18;
/** What stands for no number. */
export const NO_NUMBER: i64 = i64.MIN_VALUE;

/** Of the number read last: its digits, zeros in front included, and how many are behind the point, less the exponent. */
export let digits: i32 = 0;
export let places: i32 = 0;

/**
 * Reads a sign and up to 18 digits with a point in them or not, and returns them without the point; `NO_NUMBER` for
 * anything else. Looks at up to 20 characters in front of the number, whatever they are.
 */
export function readPlain(start: usize, end: usize): i64 {
  const sign = <i32>load<u8>(start);
  const isNegative = sign == MINUS;
  const size = <i32>(end - start) - i32(isNegative | (sign == PLUS));
  const value = size <= 8 ? readShort(end, size) : readLong(end, size);
  // No number stays what it is.
  return isNegative ? -value : value;
}

/** Up to eight characters, in one word. */
function readShort(end: usize, size: i32): i64 {
  if (size < 1) return NO_NUMBER;
  // The last character is in the highest byte; what is in front of the first is zero.
  let text = (load<u64>(end - 8) ^ 0x3030303030303030) & ((<u64>-1) << ((<u64>(8 - size)) << 3));
  digits = size;
  places = 0;
  const others = text ^ 0x1e1e1e1e1e1e1e1e;
  const points = ~(((others & 0x7f7f7f7f7f7f7f7f) + 0x7f7f7f7f7f7f7f7f) | others | 0x7f7f7f7f7f7f7f7f);
  if (points != 0) {
    const point: u64 = ctz(points) & ~7;
    const ahead = ((<u64>1) << point) - 1;
    // What is ahead of the point moves up, over it.
    text = ((text & ahead) << 8) | (text & ~((ahead << 8) | 0xff));
    places = 7 - <i32>(point >> 3);
    if (--digits == 0) return NO_NUMBER;
  }
  if (((text | (text + 0x0606060606060606)) & 0xf0f0f0f0f0f0f0f0) != 0) return NO_NUMBER;
  const pairs = ((text * 2561) >> 8) & 0x00ff00ff00ff00ff;
  const fours = ((pairs * 6553601) >> 16) & 0x0000ffff0000ffff;
  return (fours * 42949672960001) >> 32;
}

/** Nine characters and more, of which the last 17 are looked at at once. */
function readLong(end: usize, size: i32): i64 {
  // The last character is in the last lane, and one up.
  const text = v128.load(end - VECTOR);
  const up = v128.load(end - VECTOR - 1);
  const points = i8x16.bitmask(i8x16.eq(text, i8x16.splat(<i8>POINT))) & (0xffff << max(VECTOR - size, 0));
  const hasPoint = i32(points != 0);
  const behind = points != 0 ? VECTOR - 1 - ctz(points) : VECTOR;
  const count = size - hasPoint;
  digits = count;
  places = behind & -hasPoint;
  // What is ahead of the point moves up, over it.
  const whole = v128.bitselect(text, up, v128.load(LAST_LANES + <usize>behind));
  const own = v128.and(i8x16.sub(whole, i8x16.splat(<i8>ZERO)), v128.load(LAST_LANES + <usize>min(count, VECTOR)));
  // What is in front of them: at most two more digits.
  const leadBits = max(count - VECTOR, 0) << 3;
  const lead = (load<u32>(end - VECTOR - <usize>hasPoint - 4) ^ 0x30303030) & ~(0xffffffff >> leadBits);
  const isLead = ((lead | (lead + 0x06060606)) & 0xf0f0f0f0) == 0;
  if (!isLead || <u32>(count - 1) >= <u32>MAX_DIGITS || v128.any_true(i8x16.sub_sat_u(own, i8x16.splat(9)))) {
    return NO_NUMBER;
  }
  const pairs = v128.and(i16x8.add(i16x8.mul(own, i16x8.splat(10)), i16x8.shr_u(own, 8)), i16x8.splat(0xff));
  const fours = i32x4.dot_i16x8_s(pairs, i16x8(100, 1, 100, 1, 100, 1, 100, 1));
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), i16x8(10000, 1, 10000, 1, 0, 0, 0, 0));
  const both = i64x2.extract_lane(eights, 0);
  const leadPairs = lead * 10 + (lead >> 8);
  const leadValue = (leadPairs & 0xff) * 100 + ((leadPairs >> 16) & 0xff);
  return <i64>leadValue * 10_000_000_000_000_000 + <i64>(<u32>both) * 100_000_000 + <i64>(<u64>both >> 32);
}

/** Reads up to 18 digits with a point in them or not, and an exponent or not, and returns the digits; else `NO_NUMBER`. */
export function readScientific(start: usize, end: usize): i64 {
  const sign = <i32>load<u8>(start);
  let at = start + usize(sign == MINUS || sign == PLUS);
  let value: i64 = 0;
  let count = 0;
  let behindPoint = 0;
  let hasPoint = false;
  for (; at < end; at++) {
    const digit = <i32>load<u8>(at) - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (++count > MAX_DIGITS) return NO_NUMBER;
      value = value * 10 + <i64>digit;
      behindPoint += i32(hasPoint);
    } else if (digit == POINT - ZERO && !hasPoint) {
      hasPoint = true;
    } else {
      break;
    }
  }
  if (count == 0) return NO_NUMBER;
  let exponent = 0;
  if (at < end) {
    if ((<i32>load<u8>(at++) | 0x20) != LOWER_E || at == end) return NO_NUMBER;
    const exponentSign = <i32>load<u8>(at);
    if (exponentSign == MINUS || exponentSign == PLUS) at++;
    if (at == end) return NO_NUMBER;
    for (; at < end; at++) {
      const digit = <i32>load<u8>(at) - ZERO;
      if (digit < 0 || digit > 9) return NO_NUMBER;
      exponent = exponent * 10 + digit;
      if (exponent > MAX_EXPONENT) return NO_NUMBER;
    }
    if (exponentSign == MINUS) exponent = -exponent;
  }
  digits = count;
  places = behindPoint - exponent;
  return sign == MINUS ? -value : value;
}
