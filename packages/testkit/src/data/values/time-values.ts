/** Dates around every edge: year 1 and 9999, before 1970, leap days. */
export const DATE_VALUES: readonly string[] = [
  '1970-01-01',
  '1969-12-31',
  '2024-02-29',
  '2000-02-29',
  '1900-03-01',
  '1582-10-04',
  '0001-01-01',
  '9999-12-31',
  '2026-03-29',
  '2025-12-31',
];

const SECONDS: readonly string[] = [
  '1970-01-01T00:00:00',
  '1969-12-31T23:59:59',
  '2024-02-29T12:30:45',
  // Within the hour that clocks in Central Europe skip, and the one they repeat.
  '2026-03-29T01:30:00',
  '2026-10-25T00:30:00',
  '0001-01-01T00:00:00',
  '9999-12-31T23:59:59',
  '2038-01-19T03:14:08',
];

/** Nanoseconds in 64 bits reach from 1677 to 2262. */
const NANOSECOND_YEARS = /^(?:19|20)/;

const FRACTIONS: readonly string[] = ['', '000', '999', '001', '500', '123', '999', '456'];

/** Instants of a unit with so many fraction digits. */
export function instantValues(fractionDigits: number, hasZone: boolean): readonly string[] {
  return SECONDS.filter((text) => fractionDigits < 9 || NANOSECOND_YEARS.test(text)).map(
    (text, i) => withFraction(text, i, fractionDigits) + (hasZone ? 'Z' : ''),
  );
}

/** Times of day of a unit with so many fraction digits. */
export function timeValues(fractionDigits: number): readonly string[] {
  return ['00:00:00', '23:59:59', '12:30:45', '00:00:01', '01:30:00'].map((text, i) =>
    withFraction(text, i, fractionDigits),
  );
}

function withFraction(text: string, i: number, digits: number): string {
  if (digits === 0) return text;
  const fraction = FRACTIONS[i % FRACTIONS.length]!;
  return `${text}.${fraction.padEnd(digits, fraction === '' ? '0' : '9')}`;
}
