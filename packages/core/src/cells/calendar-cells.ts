import { writePadded } from './digit-text.ts';

const DASH = 0x2d;
const COLON = 0x3a;
const POINT = 0x2e;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
export const SECONDS_PER_DAY = 86_400;

/** 0001-01-01 and 9999-12-31 as days since 1970. */
const FIRST_DAY = -719_162;
const LAST_DAY = 2_932_896;
const DAYS_PER_ERA = 146_097;
/** From the first of March of the year 0 to 1970. */
const DAYS_TO_1970 = 719_468;

/** Whether the year of a day since 1970 has four digits. */
export function isWritableDay(days: number): boolean {
  return days >= FIRST_DAY && days <= LAST_DAY;
}

/** Writes `yyyy-MM-dd`. */
export function writeDay(out: Uint8Array, at: number, days: number): number {
  // Years begin in March, so that the leap day is the last; eras of 400 years are alike.
  const shifted = days + DAYS_TO_1970;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const day = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (day - Math.floor(day / 1460) + Math.floor(day / 36_524) - Math.floor(day / 146_096)) / 365,
  );
  const dayOfYear = day - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  let to = writePadded(out, at, yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4);
  out[to++] = DASH;
  to = writePadded(out, to, month, 2);
  out[to++] = DASH;
  return writePadded(out, to, dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1, 2);
}

/**
 * Writes `HH:mm:ss.SSS`, with as many more digits as the rest of the second needs: `fraction` is in units of ten to the
 * minus `fractionDigits`.
 */
export function writeClock(
  out: Uint8Array,
  at: number,
  seconds: number,
  fraction: number,
  fractionDigits: number,
): number {
  const hour = Math.floor(seconds / 3600);
  const minute = Math.floor((seconds - hour * 3600) / 60);
  let to = writePadded(out, at, hour, 2);
  out[to++] = COLON;
  to = writePadded(out, to, minute, 2);
  out[to++] = COLON;
  to = writePadded(out, to, seconds - hour * 3600 - minute * 60, 2);
  out[to++] = POINT;
  let rest = fraction;
  let digits = fractionDigits;
  for (; digits < 3; digits++) rest *= 10;
  for (; digits > 3 && rest % 1000 === 0; digits -= 3) rest /= 1000;
  return writePadded(out, to, rest, digits);
}

export function writeT(out: Uint8Array, at: number): number {
  out[at] = LETTER_T;
  return at + 1;
}

export function writeZ(out: Uint8Array, at: number): number {
  out[at] = LETTER_Z;
  return at + 1;
}
