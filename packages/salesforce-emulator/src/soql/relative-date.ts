/** Days since the epoch, the end exclusive. */
export interface DayRange {
  readonly startDay: number;
  readonly endDay: number;
}

const DAY_MS = 86_400_000;

type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year';

const PERIODS: Readonly<Record<string, Unit>> = {
  WEEK: 'week',
  MONTH: 'month',
  QUARTER: 'quarter',
  FISCAL_QUARTER: 'quarter',
  YEAR: 'year',
  FISCAL_YEAR: 'year',
};

const FIXED: Readonly<Record<string, (today: number) => DayRange>> = {
  YESTERDAY: (today) => days(today, -1, 0),
  TODAY: (today) => days(today, 0, 1),
  TOMORROW: (today) => days(today, 1, 2),
  LAST_90_DAYS: (today) => days(today, -90, 1),
  NEXT_90_DAYS: (today) => days(today, 1, 91),
};

const COUNTED_DAYS: Readonly<Record<string, (today: number, count: number) => DayRange>> = {
  LAST_N_DAYS: (today, count) => days(today, -count, 1),
  NEXT_N_DAYS: (today, count) => days(today, 1, count + 1),
  N_DAYS_AGO: (today, count) => days(today, -count, 1 - count),
};

const ONE_PERIOD = /^(LAST|THIS|NEXT)_(\w+)$/;
const SEVERAL_PERIODS = /^(LAST|NEXT)_N_(\w+)S$/;
const PERIOD_AGO = /^N_(\w+)S_AGO$/;

/**
 * The days that a date literal such as `TODAY` or `LAST_N_MONTHS:3` stands for, seen from an instant; undefined when
 * there is no such literal. Days are UTC, weeks begin on Sunday, and the fiscal year is the calendar year.
 *
 * LAST_N_DAYS includes the current day; the n last or next weeks, months, quarters and years leave out the current one
 * (https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_dateformats.htm,
 * read 2026-11-24).
 */
export function relativeDays(name: string, count: number | undefined, nowMs: number): DayRange | undefined {
  const today = Math.floor(nowMs / DAY_MS);
  if (count === undefined) {
    const fixed = FIXED[name];
    if (fixed !== undefined) return fixed(today);
    const [, which = '', period = ''] = ONE_PERIOD.exec(name) ?? [];
    const step = { LAST: -1, THIS: 0, NEXT: 1 }[which];
    return step === undefined ? undefined : periods(PERIODS[period], today, step, step + 1);
  }
  const counted = COUNTED_DAYS[name];
  if (counted !== undefined) return counted(today, count);
  const [, ago = ''] = PERIOD_AGO.exec(name) ?? [];
  if (ago !== '') return periods(PERIODS[ago], today, -count, 1 - count);
  const [, which = '', period = ''] = SEVERAL_PERIODS.exec(name) ?? [];
  if (which === 'LAST') return periods(PERIODS[period], today, -count, 0);
  return periods(PERIODS[period], today, 1, count + 1);
}

function days(today: number, from: number, to: number): DayRange {
  return { startDay: today + from, endDay: today + to };
}

/** From the start of one period to the start of another, both counted from the period that holds today. */
function periods(unit: Unit | undefined, today: number, from: number, to: number): DayRange | undefined {
  if (unit === undefined) return undefined;
  return { startDay: periodStart(unit, today, from), endDay: periodStart(unit, today, to) };
}

function periodStart(unit: Unit, today: number, step: number): number {
  const date = new Date(today * DAY_MS);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (unit === 'week') return today - date.getUTCDay() + 7 * step;
  if (unit === 'month') return monthStart(year, month + step);
  if (unit === 'quarter') return monthStart(year, month - (month % 3) + 3 * step);
  return monthStart(year + step, 0);
}

function monthStart(year: number, month: number): number {
  const startMs = Date.UTC(year, month, 1);
  if (Number.isNaN(startMs)) return year + month < 0 ? -Infinity : Infinity;
  return startMs / DAY_MS;
}

/** Midnight of a day as a date (`yyyy-MM-dd`) or a date-time; beyond the years 0000 to 9999 text that orders alike. */
export function midnightText(day: number, type: 'date' | 'datetime'): string {
  const date = new Date(day * DAY_MS);
  const year = Number.isNaN(date.getTime()) ? day : date.getUTCFullYear();
  if (year < 0) return '';
  if (year > 9999) return '~';
  const text = date.toISOString();
  return type === 'date' ? text.slice(0, 10) : text;
}
