import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Org } from '../src/org/org.ts';
import { relativeDays } from '../src/soql/relative-date.ts';
import { columnOf, faultOf, NOW_MS, orgOf } from './query-rows.ts';

const DAY_MS = 86_400_000;

let org: Org;

beforeAll(() => {
  org = orgOf({ D__c: { type: 'date' }, I__c: { type: 'datetime' } }, [
    { Name: 'a', D__c: '2026-03-18', I__c: '2026-03-18T00:00:00Z' },
    { Name: 'b', D__c: '2026-03-17', I__c: '2026-03-17T23:59:59Z' },
    { Name: 'c', D__c: '2024-02-29', I__c: '2024-02-29T13:05:09Z' },
    { Name: 'd', D__c: '2026-12-31', I__c: '2026-12-31T22:00:00-05:00' },
    { Name: 'e' },
  ]);
});

afterAll(() => {
  org[Symbol.dispose]();
});

function matches(condition: string): string {
  return columnOf(org, `SELECT Name FROM Thing__c WHERE ${condition}`).join('');
}

describe('instants', () => {
  it.each([
    ['D__c = 2026-03-18', 'a'],
    ['D__c > 2026-03-17', 'ad'],
    ['D__c IN (2024-02-29, TODAY)', 'ac'],
    ['D__c != 2026-03-18', 'bcde'],
    ['D__c = null', 'e'],
    ['I__c = 2026-03-18T00:00:00Z', 'a'],
    ['I__c = 2026-03-18T00:00:00.000z', 'a'],
    ['I__c = 2026-03-18T01:00:00+01:00', 'a'],
    ['I__c = 2026-03-17T18:30:00-05:30', 'a'],
    ['I__c >= 2026-03-17T23:59:59Z', 'abd'],
    ['I__c > 2026-03-17T23:59:59.500Z', 'ad'],
    ['I__c = 2027-01-01T03:00:00Z', 'd'],
  ])('compare with literals: %s', (condition, names) => {
    expect(matches(condition)).toBe(names);
  });

  it.each([
    ['D__c = TODAY', 'a'],
    ['I__c = today', 'a'],
    ['I__c = YESTERDAY', 'b'],
    ['D__c < TODAY', 'bc'],
    ['D__c <= TODAY', 'abc'],
    ['D__c > TODAY', 'd'],
    ['I__c >= TODAY', 'ad'],
    ['D__c != TODAY', 'bcde'],
    ['I__c = LAST_N_DAYS:1', 'ab'],
    ['I__c = THIS_YEAR', 'ab'],
    ['D__c = THIS_YEAR', 'abd'],
    ['D__c = N_YEARS_AGO:2', 'c'],
    ['D__c = NEXT_N_QUARTERS:3', 'd'],
    ['D__c NOT IN (TODAY, YESTERDAY)', 'cde'],
    ['D__c > LAST_N_YEARS:9999999999', 'abd'],
    ['D__c < NEXT_N_DAYS:9999999999', 'abc'],
    ['D__c <= NEXT_N_YEARS:9999999999', 'abcd'],
  ])('compare with date literals, seen from the instant of the query: %s', (condition, names) => {
    expect(matches(condition)).toBe(names);
  });

  it.each([
    ['CALENDAR_YEAR(D__c) = 2026', 'abd'],
    ['CALENDAR_QUARTER(I__c) = 1', 'abcd'],
    ['CALENDAR_MONTH(D__c) = 3', 'ab'],
    ['FISCAL_YEAR(D__c) < 2026', 'c'],
    ['FISCAL_QUARTER(D__c) = 4', 'd'],
    ['FISCAL_MONTH(D__c) IN (2, 12)', 'cd'],
    ['DAY_IN_MONTH(D__c) = 29', 'c'],
    ['DAY_IN_WEEK(D__c) = 4', 'a'],
    ['DAY_IN_YEAR(D__c) = 60', 'c'],
    ['WEEK_IN_MONTH(D__c) = 3', 'ab'],
    ['WEEK_IN_YEAR(D__c) = 53', 'd'],
    ['HOUR_IN_DAY(I__c) = 13', 'c'],
    ['DAY_ONLY(I__c) = 2027-01-01', 'd'],
    ['DAY_ONLY(convertTimezone(I__c)) = TODAY', 'a'],
    ['HOUR_IN_DAY(convertTimezone(I__c)) >= 13', 'bc'],
  ])('are taken apart by date functions: %s', (condition, names) => {
    expect(matches(condition)).toBe(names);
  });

  it.each([
    [
      'D__c = 2026-03-18T00:00:00Z',
      "value of filter criterion for field 'D__c' must be of type date and should not be enclosed in quotes",
    ],
    [
      'D__c = 2026-02-30',
      "value of filter criterion for field 'D__c' must be of type date and should not be enclosed in quotes",
    ],
    ['I__c = 2026-03-18T00:00:00', "unexpected token: '2'"],
    ['D__c = SOMEDAY', "unexpected token: 'SOMEDAY'"],
    ['D__c = LAST_N_DAYS', "unexpected token: 'LAST_N_DAYS'"],
    ['D__c = TODAY:3', "unexpected token: 'TODAY'"],
    ['D__c = LAST_N_DAYS:-3', "unexpected token: '-3'"],
    ['HOUR_IN_DAY(D__c) = 1', 'HOUR_IN_DAY applies to fields of type dateTime'],
    ['CALENDAR_YEAR(Name) = 1', 'CALENDAR_YEAR applies to fields of type date or dateTime'],
    ['convertTimezone(I__c) > 2026-01-01T00:00:00Z', 'convertTimezone() stands only within a date function'],
  ])('refuse %s', (condition, message) => {
    expect(faultOf(org, `SELECT Name FROM Thing__c WHERE ${condition}`).message.split('\n').at(-1)).toBe(message);
  });
});

describe('date literals on Wednesday 2026-03-18', () => {
  it.each([
    ['YESTERDAY', '2026-03-17', '2026-03-18'],
    ['TODAY', '2026-03-18', '2026-03-19'],
    ['TOMORROW', '2026-03-19', '2026-03-20'],
    ['LAST_WEEK', '2026-03-08', '2026-03-15'],
    ['THIS_WEEK', '2026-03-15', '2026-03-22'],
    ['NEXT_WEEK', '2026-03-22', '2026-03-29'],
    ['LAST_MONTH', '2026-02-01', '2026-03-01'],
    ['THIS_MONTH', '2026-03-01', '2026-04-01'],
    ['NEXT_MONTH', '2026-04-01', '2026-05-01'],
    ['LAST_90_DAYS', '2025-12-18', '2026-03-19'],
    ['NEXT_90_DAYS', '2026-03-19', '2026-06-17'],
    ['LAST_N_DAYS:3', '2026-03-15', '2026-03-19'],
    ['NEXT_N_DAYS:3', '2026-03-19', '2026-03-22'],
    ['N_DAYS_AGO:3', '2026-03-15', '2026-03-16'],
    ['LAST_N_WEEKS:2', '2026-03-01', '2026-03-15'],
    ['NEXT_N_WEEKS:2', '2026-03-22', '2026-04-05'],
    ['N_WEEKS_AGO:2', '2026-03-01', '2026-03-08'],
    ['LAST_N_MONTHS:3', '2025-12-01', '2026-03-01'],
    ['NEXT_N_MONTHS:3', '2026-04-01', '2026-07-01'],
    ['N_MONTHS_AGO:3', '2025-12-01', '2026-01-01'],
    ['THIS_QUARTER', '2026-01-01', '2026-04-01'],
    ['LAST_QUARTER', '2025-10-01', '2026-01-01'],
    ['NEXT_QUARTER', '2026-04-01', '2026-07-01'],
    ['LAST_N_QUARTERS:2', '2025-07-01', '2026-01-01'],
    ['NEXT_N_QUARTERS:2', '2026-04-01', '2026-10-01'],
    ['N_QUARTERS_AGO:2', '2025-07-01', '2025-10-01'],
    ['THIS_YEAR', '2026-01-01', '2027-01-01'],
    ['LAST_YEAR', '2025-01-01', '2026-01-01'],
    ['NEXT_YEAR', '2027-01-01', '2028-01-01'],
    ['LAST_N_YEARS:2', '2024-01-01', '2026-01-01'],
    ['NEXT_N_YEARS:2', '2027-01-01', '2029-01-01'],
    ['N_YEARS_AGO:2', '2024-01-01', '2025-01-01'],
    ['THIS_FISCAL_QUARTER', '2026-01-01', '2026-04-01'],
    ['LAST_FISCAL_QUARTER', '2025-10-01', '2026-01-01'],
    ['NEXT_FISCAL_QUARTER', '2026-04-01', '2026-07-01'],
    ['LAST_N_FISCAL_QUARTERS:2', '2025-07-01', '2026-01-01'],
    ['NEXT_N_FISCAL_QUARTERS:2', '2026-04-01', '2026-10-01'],
    ['N_FISCAL_QUARTERS_AGO:2', '2025-07-01', '2025-10-01'],
    ['THIS_FISCAL_YEAR', '2026-01-01', '2027-01-01'],
    ['LAST_FISCAL_YEAR', '2025-01-01', '2026-01-01'],
    ['NEXT_FISCAL_YEAR', '2027-01-01', '2028-01-01'],
    ['LAST_N_FISCAL_YEARS:2', '2024-01-01', '2026-01-01'],
    ['NEXT_N_FISCAL_YEARS:2', '2027-01-01', '2029-01-01'],
    ['N_FISCAL_YEARS_AGO:2', '2024-01-01', '2025-01-01'],
  ])('%s runs from %s to before %s', (literal, start, end) => {
    const [name = '', count] = literal.split(':');

    expect(relativeDays(name, count === undefined ? undefined : Number(count), NOW_MS)).toEqual({
      startDay: Date.parse(start) / DAY_MS,
      endDay: Date.parse(end) / DAY_MS,
    });
  });

  it.each(['LAST_DAY', 'THIS_90_DAYS', 'N_TODAYS_AGO', 'LAST_N_WEEK'])('%s is none', (name) => {
    expect(relativeDays(name, undefined, NOW_MS)).toBeUndefined();
    expect(relativeDays(name, 1, NOW_MS)).toBeUndefined();
  });
});
