const DAY_SECONDS = 86_400n;

/** `yyyy-MM-dd`, of days since 1970. Years beyond four digits have a sign and at least six. */
export function dateText(days: number): string {
  const { year, month, day } = civilDate(days);
  return `${yearText(year)}-${twoDigits(month)}-${twoDigits(day)}`;
}

/** `yyyy-MM-ddTHH:mm:ss` with as many fraction digits as the unit has. */
export function instantText(value: bigint, fractionDigits: number): string {
  const unitsPerDay = DAY_SECONDS * 10n ** BigInt(fractionDigits);
  const ofDay = ((value % unitsPerDay) + unitsPerDay) % unitsPerDay;
  const days = Number((value - ofDay) / unitsPerDay);
  return `${dateText(days)}T${timeText(ofDay, fractionDigits)}`;
}

/** `HH:mm:ss` with as many fraction digits as the unit has. */
export function timeText(value: bigint, fractionDigits: number): string {
  if (value < 0n) return `-${timeText(-value, fractionDigits)}`;
  const unitsPerSecond = 10n ** BigInt(fractionDigits);
  const seconds = Number(value / unitsPerSecond);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const text = `${twoDigits(hours)}:${twoDigits(minutes)}:${twoDigits(seconds % 60)}`;
  const fraction = (value % unitsPerSecond).toString().padStart(fractionDigits, '0');
  return fractionDigits === 0 ? text : `${text}.${fraction}`;
}

/**
 * The day of the proleptic Gregorian calendar, which a Date cannot tell of every day that Arrow can hold: `civil_from_days`
 * of https://howardhinnant.github.io/date_algorithms.html. Years begin in March, so that the odd day comes last.
 */
function civilDate(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const sinceYearZero = days + 719_468;
  const era = Math.floor(sinceYearZero / 146_097);
  const dayOfEra = sinceYearZero - era * 146_097;
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

function yearText(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
