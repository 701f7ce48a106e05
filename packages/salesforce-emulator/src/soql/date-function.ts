import type { FieldType } from '../org/org.ts';

interface DateFunction {
  /** Of the text of an instant, `yyyy-MM-dd...`. */
  readonly sql: (instant: string) => string;
  readonly type: Extract<FieldType, 'int' | 'date'>;
  /** Applies to date-times alone. */
  readonly dateTimeOnly: boolean;
}

const year = (instant: string): string => `CAST(substr(${instant}, 1, 4) AS INTEGER)`;
const month = (instant: string): string => `CAST(substr(${instant}, 6, 2) AS INTEGER)`;
const dayOfMonth = (instant: string): string => `CAST(substr(${instant}, 9, 2) AS INTEGER)`;
const dayOfYear = (instant: string): string => `CAST(strftime('%j', substr(${instant}, 1, 10)) AS INTEGER)`;
const quarter = (instant: string): string => `((${month(instant)} + 2) / 3)`;

const integer = (sql: DateFunction['sql']): DateFunction => ({ sql, type: 'int', dateTimeOnly: false });

/** Days are UTC and the fiscal year is the calendar year. Weeks of a month and of a year begin with its first day. */
export const DATE_FUNCTIONS: Readonly<Record<string, DateFunction>> = {
  CALENDAR_YEAR: integer(year),
  CALENDAR_QUARTER: integer(quarter),
  CALENDAR_MONTH: integer(month),
  FISCAL_YEAR: integer(year),
  FISCAL_QUARTER: integer(quarter),
  FISCAL_MONTH: integer(month),
  DAY_IN_MONTH: integer(dayOfMonth),
  DAY_IN_WEEK: integer((instant) => `(CAST(strftime('%w', substr(${instant}, 1, 10)) AS INTEGER) + 1)`),
  DAY_IN_YEAR: integer(dayOfYear),
  WEEK_IN_MONTH: integer((instant) => `((${dayOfMonth(instant)} + 6) / 7)`),
  WEEK_IN_YEAR: integer((instant) => `((${dayOfYear(instant)} + 6) / 7)`),
  HOUR_IN_DAY: { sql: (instant) => `CAST(substr(${instant}, 12, 2) AS INTEGER)`, type: 'int', dateTimeOnly: true },
  DAY_ONLY: { sql: (instant) => `substr(${instant}, 1, 10)`, type: 'date', dateTimeOnly: true },
};
