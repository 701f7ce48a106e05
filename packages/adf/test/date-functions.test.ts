import { describe, expect, it } from 'vitest';

import type { ExpressionValue } from '../src/index.ts';
import { evaluate, failureOf } from './expression-run.ts';

describe('reading timestamps (EX-05)', () => {
  it.each([
    ['2018-03-15T13:30:30Z', '2018-03-15T13:30:30.0000000Z'],
    ['2018-03-15t13:30:30.1234567z', '2018-03-15T13:30:30.1234567Z'],
    ['2018-03-15T13:30:30.12345678Z', '2018-03-15T13:30:30.1234568Z'],
    ['2018-12-31T23:59:59.99999999Z', '2019-01-01T00:00:00.0000000Z'],
    ['2018-03-15T13:30:30', '2018-03-15T13:30:30.0000000'],
    ['2018-03-15 13:30', '2018-03-15T13:30:00.0000000'],
    ['2018-03-15', '2018-03-15T00:00:00.0000000'],
    ['2018/3/5', '2018-03-05T00:00:00.0000000'],
    ['2018-03', '2018-03-01T00:00:00.0000000'],
    ['2018-03-15T05:00:00+13:00', '2018-03-14T16:00:00.0000000Z'],
    ['2018-03-15T05:00:00.000+0000', '2018-03-15T05:00:00.0000000Z'],
    ['2018-03-15T05:00:00 -08', '2018-03-15T13:00:00.0000000Z'],
    ['03/15/2018 12:00:00', '2018-03-15T12:00:00.0000000'],
    ['3/5/2018 1:02 PM', '2018-03-05T13:02:00.0000000'],
    ['3/5/2018 12:02:03 am', '2018-03-05T00:02:03.0000000'],
    ['12-31-2018', '2018-12-31T00:00:00.0000000'],
    ['Thursday, March 15, 2018', '2018-03-15T00:00:00.0000000'],
    ['Thu, 15 Mar 2018 13:30:30 GMT', '2018-03-15T13:30:30.0000000Z'],
    ['15-Mar-2018', '2018-03-15T00:00:00.0000000'],
    ['Mar. 15, 2018 1:30 PM', '2018-03-15T13:30:00.0000000'],
    ['March 2018', '2018-03-01T00:00:00.0000000'],
    ['  2018-03-15  ', '2018-03-15T00:00:00.0000000'],
    ['0001-01-01', '0001-01-01T00:00:00.0000000'],
    ['9999-12-31T23:59:59.9999999Z', '9999-12-31T23:59:59.9999999Z'],
    ['1600-02-29', '1600-02-29T00:00:00.0000000'],
  ])('reads %s', (text, expected) => {
    expect(evaluate('@formatDateTime(item())', { item: text })).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '20180315',
    '15/03/2018',
    '3/15/18',
    '13:30',
    '2018-13-01',
    '2018-02-29',
    '1900-02-29',
    '2018-03-15T24:00:00',
    '2018-03-15T12:60:00',
    '2018-03-15T12:00:60',
    '2018-03-15T13:00:00 PM',
    '2018-03-15T00:00:00 AM',
    '2018-03-15T12:00:00+15:00',
    '2018-03-15T12:00:00+01:99',
    '0000-01-01',
    '10000-01-01',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    'Friday, March 15, 2018',
    'Marching 15, 2018',
    '2018-03-15T12:00:00Z and more',
  ])('refuses %j', (text) => {
    const error = failureOf('@formatDateTime(item())', { item: text });

    expect(error.message).toBe('line 1, column 17: formatDateTime: argument 1 (timestamp) is not a date and time');
    expect(error.hint).toContain('2018-03-15T13:00:00Z');
  });

  it('reads back what the standard formats with a whole date write', () => {
    for (const format of 'dDfFgGoOrRsuU') {
      const text = evaluate(`@formatDateTime('2009-06-15T13:45:00Z', '${format}')`);

      expect(evaluate("@formatDateTime(item(), 'yyyy-MM-dd')", { item: text })).toBe('2009-06-15');
    }
  });
});

describe('writing timestamps (EX-05)', () => {
  const timestamp = '2009-06-15T13:45:30.6175425Z';

  it.each([
    ['d', '6/15/2009'],
    ['D', 'Monday, June 15, 2009'],
    ['f', 'Monday, June 15, 2009 1:45 PM'],
    ['F', 'Monday, June 15, 2009 1:45:30 PM'],
    ['g', '6/15/2009 1:45 PM'],
    ['G', '6/15/2009 1:45:30 PM'],
    ['m', 'June 15'],
    ['M', 'June 15'],
    ['o', '2009-06-15T13:45:30.6175425Z'],
    ['O', '2009-06-15T13:45:30.6175425Z'],
    ['r', 'Mon, 15 Jun 2009 13:45:30 GMT'],
    ['R', 'Mon, 15 Jun 2009 13:45:30 GMT'],
    ['s', '2009-06-15T13:45:30'],
    ['t', '1:45 PM'],
    ['T', '1:45:30 PM'],
    ['u', '2009-06-15 13:45:30Z'],
    ['U', 'Monday, June 15, 2009 1:45:30 PM'],
    ['y', 'June 2009'],
    ['Y', 'June 2009'],
    ['%d', '15'],
    ['dd', '15'],
    ['ddd', 'Mon'],
    ['dddd', 'Monday'],
    ['%f', '6'],
    ['ff', '61'],
    ['fffffff', '6175425'],
    ['%F', '6'],
    ['FFFFFFF', '6175425'],
    ['%g', 'A.D.'],
    ['%h', '1'],
    ['hh', '01'],
    ['%H', '13'],
    ['HH', '13'],
    ['%K', 'Z'],
    ['KK', 'ZZ'],
    ['%m', '45'],
    ['%M', '6'],
    ['MM', '06'],
    ['MMM', 'Jun'],
    ['MMMM', 'June'],
    ['%s', '30'],
    ['%t', 'P'],
    ['tt', 'PM'],
    ['%y', '9'],
    ['yy', '09'],
    ['yyy', '2009'],
    ['yyyy', '2009'],
    ['yyyyy', '02009'],
    ['%z', '+0'],
    ['zz', '+00'],
    ['zzz', '+00:00'],
    ['yyyy-MM-ddTHH:mm:ssZ', '2009-06-15T13:45:30Z'],
    ['yyyyMMddHHmmss', '20090615134530'],
    ['yyyy-dd-MM', '2009-15-06'],
    ['\'day\' d "of" MMM', 'day 15 of Jun'],
    ['h \\h m \\m', '1 h 45 m'],
    ['%j', 'j'],
    ["'it\\'s'", "it's"],
  ])('writes %s', (format, expected) => {
    expect(evaluate(`@formatDateTime('${timestamp}', '${format.replaceAll("'", "''")}')`)).toBe(expected);
  });

  it.each([
    ['ss.FFF', '30'],
    ['ss.FFFZ', '30Z'],
    ['ss.fff', '30.000'],
    ['ss FFF', '30 '],
  ])('writes a second without a fraction as %s', (format, expected) => {
    expect(evaluate(`@formatDateTime('2009-06-15T13:45:30Z', '${format}')`)).toBe(expected);
  });

  it.each([
    ['2018-01-01T00:00:00', 'h tt', '12 AM'],
    ['2018-01-01T12:00:00', 'hh t', '12 P'],
    ['2018-01-01T23:00:00', '%h', '11'],
    ['0001-01-01', 'y yy yyyy', '1 01 0001'],
    ['2018-01-01', 'yyyy K', '2018 '],
    ['2018-01-01', 'HH zzz', '00 +00:00'],
  ])('writes %s as %s', (text, format, expected) => {
    expect(evaluate(`@formatDateTime('${text}', '${format}')`)).toBe(expected);
  });

  it.each([
    ['', 'a format is not empty'],
    ['x', 'one letter is a standard format, and this is none'],
    ['H', 'one letter is a standard format, and this is none; as a custom format'],
    ['yyyy %', 'a % in the format has no letter behind it'],
    ['%%y', 'a % in the format has no letter behind it'],
    ["yyyy ''T", 'a quote in the format has no end'],
    ['yyyy \\', 'the format ends with a backslash'],
    ['ss.ffffffff', 'a second has at most 7 digits behind the point'],
  ])('refuses %j', (format, problem) => {
    const error = failureOf(`@utcNow('${format}')`);

    expect(error.message).toContain(`utcNow: argument 1 (format) is not a date format: ${problem}`);
  });
});

describe('moving in time (EX-05)', () => {
  it.each<readonly [string, ExpressionValue]>([
    ["addDays('2016-02-28', 1, 'd')", '2/29/2016'],
    ["addDays('2018-12-31T23:00:00Z', 1, 'u')", '2019-01-01 23:00:00Z'],
    ["addHours('2018-12-31T23:00:00+02:00', 3)", '2019-01-01T00:00:00.0000000Z'],
    ["addSeconds('2018-01-01', -1)", '2017-12-31T23:59:59.0000000'],
    ["addMinutes(utcNow(), -5, 'yyyy-MM-ddTHH:mm:ssZ')", '2018-04-15T12:55:00Z'],
    ["addToTime('2018-01-31', 1, 'Month', 'd')", '2/28/2018'],
    ["addToTime('2020-01-31', 1, 'month', 'd')", '2/29/2020'],
    ["addToTime('2020-02-29', 1, 'Year', 'd')", '2/28/2021'],
    ["addToTime('2018-01-15', -1, 'Month', 'd')", '12/15/2017'],
    ["addToTime('2018-01-15T01:02:03.0000001Z', 12, 'Month')", '2019-01-15T01:02:03.0000001Z'],
    ["addToTime('2018-01-01', 2, 'Week', 'd')", '1/15/2018'],
    ["addToTime('2018-01-01', 90, 'Second', 'T')", '12:01:30 AM'],
    ["addToTime('2018-01-01', 90, 'Minute', 't')", '1:30 AM'],
    ["addToTime('2018-01-01', 25, 'Hour', 'g')", '1/2/2018 1:00 AM'],
    ["subtractFromTime('2018-03-31', 1, 'Month', 'd')", '2/28/2018'],
    ["subtractFromTime('0001-12-31', 364, 'Day', 'yyyy-MM-dd')", '0001-01-01'],
    ["addToTime('2018-01-01', -2017, 'Year')", '0001-01-01T00:00:00.0000000'],
    ["getPastTime(1, 'Year', 'd')", '4/15/2017'],
    ["getFutureTime(1, 'Week', 'd')", '4/22/2018'],
    ["startOfMonth('2016-02-29T23:59:59+05:00', 'o')", '2016-02-01T00:00:00.0000000Z'],
    ["startOfDay('2016-02-29T03:00:00+05:00')", '2016-02-28T00:00:00.0000000Z'],
    ["startOfHour('2016-02-29 03:59', 'g')", '2/29/2016 3:00 AM'],
    ["dayOfYear('2016-12-31')", 366],
    ["dayOfYear('2016-01-01')", 1],
    ["dayOfWeek('2018-03-18')", 0],
    ["dayOfWeek('0001-01-01')", 1],
    ["dayOfWeek('9999-12-31')", 5],
    ["ticks('0001-01-01')", 0],
    ["ticks('0001-01-01T00:00:00.0000001')", 1],
    ["ticks('9999-12-31T23:59:59.9999999')", 3155378975999999999n],
    ["ticks('2018-01-01T01:00:00+01:00')", 636503616000000000n],
    ["div(sub(ticks('2018-01-02'), ticks('2018-01-01')), 864000000000)", 1],
  ])('evaluates %s', (expression, expected) => {
    expect(evaluate(`@${expression}`)).toStrictEqual(expected);
  });

  it.each([
    ["addDays('9999-12-31', 1)", 'addDays gives a time outside of the years 1 to 9999'],
    ["addSeconds('0001-01-01', -1)", 'addSeconds gives a time outside of the years 1 to 9999'],
    ["addDays('2018-01-01', 9223372036854775807)", 'gives a time outside of the years'],
    ["addToTime('2018-01-01', 9223372036854775807, 'Year')", 'gives a time outside of the years'],
    ["addToTime('2018-01-01', -2018, 'Year')", 'gives a time outside of the years'],
    ["addToTime('2018-01-01', 1, 'Quarter')", 'argument 3 (timeUnit) must be one of Second, Minute, Hour, Day'],
    ["addDays('2018-01-01', 1.5)", 'argument 2 (days) must be an integer, not a float'],
    ["addDays('2018-01-01', '1')", 'argument 2 (days) must be an integer, not a text'],
    ["addDays('2018-01-01', 1, null)", 'argument 3 (format) must be a text, not null'],
    ['addDays(null, 1)', 'argument 1 (timestamp) must be a text, not null'],
  ])('refuses %s', (expression, message) => {
    expect(failureOf(`@${expression}`).message).toContain(message);
  });
});
