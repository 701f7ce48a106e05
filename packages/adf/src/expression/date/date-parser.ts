import { MONTHS, SHORT_NAME_CHARS, WEEKDAYS } from './calendar-names.ts';
import { type DateTime, dateTimeOf, dayOfWeek, TICKS_PER_SECOND, ticksOf } from './date-time.ts';

const NAME = '[A-Za-z]{3,9}\\.?';

/** Tried in order. The groups are named for what they hold; the month may be a name. */
const DATES: readonly RegExp[] = [
  /^(?<year>\d{4})[-/](?<month>\d{1,2})(?:[-/](?<day>\d{1,2}))?/,
  /^(?<month>\d{1,2})[-/](?<day>\d{1,2})[-/](?<year>\d{4})/,
  new RegExp(`^(?:(?<weekday>${NAME}),?\\s+)?(?<month>${NAME})\\s+(?<day>\\d{1,2}),?\\s+(?<year>\\d{4})`),
  new RegExp(`^(?:(?<weekday>${NAME}),?\\s+)?(?<day>\\d{1,2})[-\\s](?<month>${NAME})[-,\\s]\\s*(?<year>\\d{4})`),
  new RegExp(`^(?<month>${NAME}),?\\s+(?<year>\\d{4})`),
];

const REST =
  /^(?:(?:T|,?\s+)(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d+))?)?(?:\s*(?<half>[AP])M)?)?\s*(?:(?<utc>Z|GMT|UTC)|(?<sign>[+-])(?<offsetHours>\d{1,2})(?::?(?<offsetMinutes>\d{2}))?)?$/i;

const MAX_OFFSET_MINUTES = 14 * 60;

type Groups = Readonly<Record<string, string | undefined>>;

/**
 * Reads a date and time as leniently as .NET does for the culture en-US, but guesses nothing: years have four digits,
 * and there is always a date. Months come before days where both are numbers and the year is last.
 *
 * A text with an offset is turned into UTC; one without keeps its zone unsaid. `undefined` where it cannot be read.
 */
export function parseDateTime(text: string): DateTime | undefined {
  const trimmed = text.trim();
  for (const pattern of DATES) {
    const date = pattern.exec(trimmed);
    const rest = date === null ? null : REST.exec(trimmed.slice(date[0].length));
    if (date?.groups !== undefined && rest?.groups !== undefined) return assemble(date.groups, rest.groups);
  }
  return undefined;
}

function assemble(date: Groups, rest: Groups): DateTime | undefined {
  const month = monthOf(date['month']!);
  const hour = hourOf(rest['hour'] ?? '0', rest['half']);
  if (month === undefined || hour === undefined) return undefined;
  const local = ticksOf({
    year: Number(date['year']),
    month,
    day: Number(date['day'] ?? '1'),
    hour,
    minute: Number(rest['minute'] ?? '0'),
    second: Number(rest['second'] ?? '0'),
    tick: 0,
  });
  if (local === undefined || !isOnWeekday(local, date['weekday'])) return undefined;
  const offsetMinutes = offsetOf(rest);
  if (Math.abs(offsetMinutes ?? 0) > MAX_OFFSET_MINUTES) return undefined;
  const ticks = local + tickOf(rest['fraction']) - BigInt((offsetMinutes ?? 0) * 60) * TICKS_PER_SECOND;
  return dateTimeOf(ticks, offsetMinutes !== undefined);
}

function monthOf(text: string): number | undefined {
  if (/^\d/.test(text)) return Number(text);
  const index = nameIndex(text, MONTHS);
  return index < 0 ? undefined : index + 1;
}

function isOnWeekday(ticks: bigint, weekday: string | undefined): boolean {
  return weekday === undefined || nameIndex(weekday, WEEKDAYS) === dayOfWeek({ ticks, isUtc: false });
}

/** Names are whole or of three letters, with or without a point. */
function nameIndex(text: string, names: readonly string[]): number {
  const wanted = text.replace('.', '').toLowerCase();
  return names.findIndex((name) =>
    [name, name.slice(0, SHORT_NAME_CHARS)].some((form) => form.toLowerCase() === wanted),
  );
}

function hourOf(text: string, half: string | undefined): number | undefined {
  const hour = Number(text);
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
}

/** Rounded to the nearest tick. */
function tickOf(fraction: string | undefined): bigint {
  if (fraction === undefined) return 0n;
  const digits = fraction.padEnd(8, '0');
  return BigInt(digits.slice(0, 7)) + (digits[7]! >= '5' ? 1n : 0n);
}

/** In minutes; `undefined` where the text does not say. */
function offsetOf(rest: Groups): number | undefined {
  if (rest['utc'] !== undefined) return 0;
  if (rest['sign'] === undefined) return undefined;
  const minutes = Number(rest['offsetMinutes'] ?? '0');
  if (minutes > 59) return Infinity;
  return (rest['sign'] === '-' ? -1 : 1) * (Number(rest['offsetHours']) * 60 + minutes);
}
