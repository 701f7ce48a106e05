const FIRST_MARCH: i32 = 719468;
const DAYS_PER_ERA: i32 = 146097;
export const NO_DAYS: i32 = i32.MIN_VALUE;

/** Days since 1970-01-01 of a date of the proleptic Gregorian calendar, years 1 to 9999, or `NO_DAYS`. */
export function daysOf(fullYear: i32, month: i32, day: i32): i32 {
  if (<u32>(month - 1) > 11 || (<u32>(day - 1) > 27 && !isLateDay(fullYear, month, day)) || fullYear < 1)
    return NO_DAYS;
  // Years begin in March, so that the leap day is the last; eras of 400 years are alike.
  const isEarly = i32(month <= 2);
  const year: u32 = fullYear - isEarly;
  const era = year / 400;
  const yearOfEra = year - era * 400;
  const dayOfYear = (153 * <u32>(month + 12 * isEarly - 3) + 2) / 5 + day - 1;
  return era * DAYS_PER_ERA + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - FIRST_MARCH;
}

/** Whether the month has a day that not every month has. */
function isLateDay(year: i32, month: i32, day: i32): bool {
  if (day > 31 || day < 1) return false;
  const isLeap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  return day <= (month == 2 ? 28 + i32(isLeap) : 30 + ((month + (month >> 3)) & 1));
}
