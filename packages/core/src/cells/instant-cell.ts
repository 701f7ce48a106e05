import {
  CLOCK_LENGTH,
  DATE_LENGTH,
  endOfFraction,
  NO_CLOCK,
  NO_DAYS,
  readClock,
  readDays,
  readFraction,
  twoDigits,
} from './calendar-text.ts';
import {
  CELL_READ,
  CELL_TOO_FINE,
  CELL_TOO_LARGE,
  CELL_UNREADABLE,
  type CellParser,
  type CellStatus,
} from './cell-parser.ts';

const PLUS = 0x2b;
const MINUS = 0x2d;
const COLON = 0x3a;
const SPACE = 0x20;
const LETTER_T = 0x74;
const LETTER_Z = 0x7a;

const SECONDS_PER_DAY = 86_400;
const NO_OFFSET = 0x7fff_ffff;
const WORD = 0x1_0000_0000;
const HALF_WORD = 0x1_0000;

/** `yyyy-MM-dd` as days since 1970-01-01. */
export function parseDate(bytes: Uint8Array, start: number, end: number, words: Uint32Array, at: number): CellStatus {
  const days = end - start === DATE_LENGTH ? readDays(bytes, start) : NO_DAYS;
  if (days === NO_DAYS) return CELL_UNREADABLE;
  words[at] = days;
  return CELL_READ;
}

/**
 * Instants such as `2024-04-16T19:00:00.000Z`, in units of ten to the minus `digits` seconds since 1970.
 *
 * An offset (`Z`, `+02`, `+0200`, `+02:00`) is taken into account; without one the text is UTC, and a date alone is its
 * midnight. Up to nine fraction digits, of which those finer than the unit must be zeros.
 */
export function timestampParser(digits: number): CellParser {
  const unitsPerSecond = 10 ** digits;
  return (bytes, start, end, words, at) => {
    const length = end - start;
    if (length < DATE_LENGTH) return CELL_UNREADABLE;
    const days = readDays(bytes, start);
    if (days === NO_DAYS) return CELL_UNREADABLE;
    if (length === DATE_LENGTH) return writeUnits(days * SECONDS_PER_DAY, unitsPerSecond, 0, words, at);
    if (length < DATE_LENGTH + 1 + CLOCK_LENGTH) return CELL_UNREADABLE;
    const separator = bytes[start + DATE_LENGTH]!;
    const seconds = readClock(bytes, start + DATE_LENGTH + 1);
    if (seconds === NO_CLOCK || ((separator | 0x20) !== LETTER_T && separator !== SPACE)) return CELL_UNREADABLE;
    const clockEnd = start + DATE_LENGTH + 1 + CLOCK_LENGTH;
    const fractionEnd = endOfFraction(bytes, clockEnd, end);
    if (fractionEnd < 0) return CELL_UNREADABLE;
    const offset = readOffset(bytes, fractionEnd, end);
    if (offset === NO_OFFSET) return CELL_UNREADABLE;
    const fraction = readFraction(bytes, clockEnd, fractionEnd, digits);
    if (fraction < 0) return CELL_TOO_FINE;
    return writeUnits(days * SECONDS_PER_DAY + seconds - offset, unitsPerSecond, fraction, words, at);
  };
}

/** Times of day such as `19:00:00.000Z`; the `Z` may be missing. Values of 32 bits take one word. */
export function timeParser(digits: number, wordCount: number): CellParser {
  const unitsPerSecond = 10 ** digits;
  return (bytes, start, end, words, at) => {
    if (end - start < CLOCK_LENGTH) return CELL_UNREADABLE;
    const seconds = readClock(bytes, start);
    const fractionEnd = endOfFraction(bytes, start + CLOCK_LENGTH, end);
    if (seconds === NO_CLOCK || fractionEnd < 0) return CELL_UNREADABLE;
    const isZoned = fractionEnd === end - 1 && (bytes[fractionEnd]! | 0x20) === LETTER_Z;
    if (fractionEnd !== end && !isZoned) return CELL_UNREADABLE;
    const fraction = readFraction(bytes, start + CLOCK_LENGTH, fractionEnd, digits);
    if (fraction < 0) return CELL_TOO_FINE;
    const units = seconds * unitsPerSecond + fraction;
    words[at] = units;
    if (wordCount === 2) words[at + 1] = Math.floor(units / WORD);
    return CELL_READ;
  };
}

/** Seconds east of Greenwich of the zone that fills `[at, end)`, 0 where that is empty. */
function readOffset(bytes: Uint8Array, at: number, end: number): number {
  const length = end - at;
  if (length === 0) return 0;
  const sign = bytes[at]!;
  if (length === 1) return (sign | 0x20) === LETTER_Z ? 0 : NO_OFFSET;
  if ((sign !== PLUS && sign !== MINUS) || length < 3) return NO_OFFSET;
  const hours = twoDigits(bytes, at + 1);
  let minutes = 0;
  if (length === 5) minutes = twoDigits(bytes, at + 3);
  else if (length === 6 && bytes[at + 3] === COLON) minutes = twoDigits(bytes, at + 4);
  else if (length !== 3) return NO_OFFSET;
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return NO_OFFSET;
  const seconds = hours * 3600 + minutes * 60;
  return sign === MINUS ? -seconds : seconds;
}

/**
 * Writes `seconds * unitsPerSecond + fraction` as 64 bits. Microseconds of far years and nanoseconds are no exact
 * doubles, so the product is made of two halves that are.
 */
function writeUnits(
  seconds: number,
  unitsPerSecond: number,
  fraction: number,
  words: Uint32Array,
  at: number,
): CellStatus {
  const upper = Math.floor(seconds / HALF_WORD);
  const upperUnits = upper * unitsPerSecond;
  const lowerUnits = (seconds - upper * HALF_WORD) * unitsPerSecond + fraction;
  const upperHigh = Math.floor(upperUnits / HALF_WORD);
  const low = (upperUnits - upperHigh * HALF_WORD) * HALF_WORD + lowerUnits;
  const high = upperHigh + Math.floor(low / WORD);
  if (high < -0x8000_0000 || high > 0x7fff_ffff) return CELL_TOO_LARGE;
  words[at] = low;
  words[at + 1] = high;
  return CELL_READ;
}
