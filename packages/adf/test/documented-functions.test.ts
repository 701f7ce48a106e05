import { describe, expect, it } from 'vitest';

import { type ExpressionValue, functionNames } from '../src/index.ts';
import { evaluate, evaluateText, NOW_MS } from './expression-run.ts';

/**
 * The examples of the service's function reference, in its order, where they are not slips: `addDays` is shown with a
 * wrong time of day, a Thursday as day 3, and results with a colon before the fraction.
 */
const EXAMPLES: readonly (readonly [string, ExpressionValue])[] = [
  ['add(1, 1.5)', 2.5],
  ["addDays('2018-03-15T13:00:00Z', 10)", '2018-03-25T13:00:00.0000000Z'],
  ["addDays('2018-03-15T00:00:00Z', -5)", '2018-03-10T00:00:00.0000000Z'],
  ["addHours('2018-03-15T00:00:00Z', 10)", '2018-03-15T10:00:00.0000000Z'],
  ["addHours('2018-03-15T15:00:00Z', -5)", '2018-03-15T10:00:00.0000000Z'],
  ["addMinutes('2018-03-15T00:10:00Z', 10)", '2018-03-15T00:20:00.0000000Z'],
  ["addMinutes('2018-03-15T00:20:00Z', -5)", '2018-03-15T00:15:00.0000000Z'],
  ["addSeconds('2018-03-15T00:00:00Z', 10)", '2018-03-15T00:00:10.0000000Z'],
  ["addSeconds('2018-03-15T00:00:30Z', -5)", '2018-03-15T00:00:25.0000000Z'],
  ["addToTime('2018-01-01T00:00:00Z', 1, 'Day')", '2018-01-02T00:00:00.0000000Z'],
  ["addToTime('2018-01-01T00:00:00Z', 1, 'Day', 'D')", 'Tuesday, January 2, 2018'],
  ['and(true, true)', true],
  ['and(false, true)', false],
  ['and(false, false)', false],
  ['and(equals(1, 1), equals(2, 2))', true],
  ['and(equals(1, 1), equals(1, 2))', false],
  ['and(equals(1, 2), equals(1, 3))', false],
  ["array('hello')", ['hello']],
  ["base64('hello')", 'aGVsbG8='],
  ["base64ToBinary('aGVsbG8=')", { '$content-type': 'application/octet-stream', $content: 'aGVsbG8=' }],
  ["base64ToString('aGVsbG8=')", 'hello'],
  ["binary('hello')", { '$content-type': 'application/octet-stream', $content: 'aGVsbG8=' }],
  ['bool(1)', true],
  ['bool(0)', false],
  ['coalesce(null, true, false)', true],
  ["coalesce(null, 'hello', 'world')", 'hello'],
  ['coalesce(null, null, null)', null],
  ["concat('Hello', 'World')", 'HelloWorld'],
  ["concat('Baba', '''s ', 'book store')", "Baba's book store"],
  ["contains('hello world', 'world')", true],
  ["contains('hello world', 'universe')", false],
  ["convertFromUtc('2018-01-01T08:00:00.0000000Z', 'Pacific Standard Time')", '2018-01-01T00:00:00.0000000'],
  ["convertFromUtc('2018-01-01T08:00:00.0000000Z', 'Pacific Standard Time', 'D')", 'Monday, January 1, 2018'],
  ["convertTimeZone('2018-01-01T08:00:00.0000000Z', 'UTC', 'Pacific Standard Time')", '2018-01-01T00:00:00.0000000'],
  ["convertTimeZone('2018-01-01T08:00:00.0000000Z', 'UTC', 'Pacific Standard Time', 'D')", 'Monday, January 1, 2018'],
  ["convertToUtc('01/01/2018 00:00:00', 'Pacific Standard Time')", '2018-01-01T08:00:00.0000000Z'],
  ["convertToUtc('01/01/2018 00:00:00', 'Pacific Standard Time', 'D')", 'Monday, January 1, 2018'],
  ["createArray('h', 'e', 'l', 'l', 'o')", ['h', 'e', 'l', 'l', 'o']],
  ["dataUri('hello')", 'data:text/plain;charset=utf-8;base64,aGVsbG8='],
  [
    "dataUriToBinary('data:text/plain;charset=utf-8;base64,aGVsbG8=')",
    { '$content-type': 'text/plain;charset=utf-8', $content: 'aGVsbG8=' },
  ],
  ["dataUriToString('data:text/plain;charset=utf-8;base64,aGVsbG8=')", 'hello'],
  ["dayOfMonth('2018-03-15T13:27:36Z')", 15],
  ["dayOfWeek('2018-03-15T13:27:36Z')", 4],
  ["dayOfYear('2018-03-15T13:27:36Z')", 74],
  ["decodeBase64('aGVsbG8=')", 'hello'],
  [
    "decodeDataUri('data:text/plain;charset=utf-8;base64,aGVsbG8=')",
    { '$content-type': 'text/plain;charset=utf-8', $content: 'aGVsbG8=' },
  ],
  ["decodeUriComponent('http%3A%2F%2Fcontoso.com')", 'http://contoso.com'],
  ['div(10, 5)', 2],
  ['div(11, 5)', 2],
  ["encodeUriComponent('https://contoso.com')", 'https%3A%2F%2Fcontoso.com'],
  ["empty('')", true],
  ["empty('abc')", false],
  ["endsWith('hello world', 'world')", true],
  ["endsWith('hello world', 'universe')", false],
  ['equals(true, 1)', true],
  ["equals('abc', 'abcd')", false],
  ["first('hello')", 'h'],
  ['first(createArray(0, 1, 2))', 0],
  ["float('10.333')", 10.333],
  ["formatDateTime('03/15/2018 12:00:00', 'yyyy-MM-ddTHH:mm:ss')", '2018-03-15T12:00:00'],
  ["getFutureTime(5, 'Day')", '2018-04-20T13:00:00.0000000Z'],
  ["getFutureTime(5, 'Day', 'D')", 'Friday, April 20, 2018'],
  ["getPastTime(5, 'Day')", '2018-04-10T13:00:00.0000000Z'],
  ["getPastTime(5, 'Day', 'D')", 'Tuesday, April 10, 2018'],
  ['greater(10, 5)', true],
  ["greater('apple', 'banana')", false],
  ['greaterOrEquals(5, 5)', true],
  ["greaterOrEquals('apple', 'banana')", false],
  ["guid('P')", '(c2ecc88d-88c8-4096-912c-d6f2e2b138ce)'],
  ["if(equals(1, 1), 'yes', 'no')", 'yes'],
  ["indexOf('hello world', 'world')", 6],
  ["int('10')", 10],
  ["json('[1, 2, 3]')", [1, 2, 3]],
  ['json(\'{"fullName": "Sophia Owen"}\')', { fullName: 'Sophia Owen' }],
  ['intersection(createArray(1, 2, 3), createArray(101, 2, 1, 10), createArray(6, 8, 1, 2))', [1, 2]],
  ["join(createArray('a', 'b', 'c'), '.')", 'a.b.c'],
  ["last('abcd')", 'd'],
  ['last(createArray(0, 1, 2, 3))', 3],
  ["lastIndexOf('hello world', 'world')", 6],
  ["length('abcd')", 4],
  ['length(createArray(0, 1, 2, 3))', 4],
  ['less(5, 10)', true],
  ["less('banana', 'apple')", false],
  ['lessOrEquals(10, 10)', true],
  ["lessOrEquals('apply', 'apple')", false],
  ['max(1, 2, 3)', 3],
  ['max(createArray(1, 2, 3))', 3],
  ['min(1, 2, 3)', 1],
  ['min(createArray(1, 2, 3))', 1],
  ['mod(3, 2)', 1],
  ['mul(1, 2)', 2],
  ['mul(1.5, 2)', 3],
  ['not(false)', true],
  ['not(true)', false],
  ['not(equals(1, 2))', true],
  ['not(equals(1, 1))', false],
  ['or(true, false)', true],
  ['or(false, false)', false],
  ['or(equals(1, 1), equals(1, 2))', true],
  ['or(equals(1, 2), equals(1, 3))', false],
  ['rand(1, 5)', 3],
  ['range(1, 4)', [1, 2, 3, 4]],
  ["replace('the old string', 'old', 'new')", 'the new string'],
  ['skip(createArray(0, 1, 2, 3), 1)', [1, 2, 3]],
  ["split('a_b_c', '_')", ['a', 'b', 'c']],
  ["startOfDay('2018-03-15T13:30:30Z')", '2018-03-15T00:00:00.0000000Z'],
  ["startOfHour('2018-03-15T13:30:30Z')", '2018-03-15T13:00:00.0000000Z'],
  ["startOfMonth('2018-03-15T13:30:30Z')", '2018-03-01T00:00:00.0000000Z'],
  ["startsWith('hello world', 'hello')", true],
  ["startsWith('hello world', 'greetings')", false],
  ['string(10)', '10'],
  ['string(json(\'{ "name": "Sophie Owen" }\'))', '{"name":"Sophie Owen"}'],
  ['sub(10.3, .3)', 10],
  ["substring('hello world', 6, 5)", 'world'],
  ["subtractFromTime('2018-01-02T00:00:00Z', 1, 'Day')", '2018-01-01T00:00:00.0000000Z'],
  ["subtractFromTime('2018-01-02T00:00:00Z', 1, 'Day', 'D')", 'Monday, January 1, 2018'],
  ["take('abcde', 3)", 'abc'],
  ['take(createArray(0, 1, 2, 3, 4), 3)', [0, 1, 2]],
  ["ticks('2018-03-15T13:00:00Z')", 636567156000000000n],
  ["toLower('Hello World')", 'hello world'],
  ["toUpper('Hello World')", 'HELLO WORLD'],
  ["trim(' Hello World  ')", 'Hello World'],
  ['union(createArray(1, 2, 3), createArray(1, 2, 10, 101))', [1, 2, 3, 10, 101]],
  ["uriComponent('https://contoso.com')", 'https%3A%2F%2Fcontoso.com'],
  [
    "uriComponentToBinary('http%3A%2F%2Fcontoso.com')",
    { '$content-type': 'application/octet-stream', $content: 'aHR0cDovL2NvbnRvc28uY29t' },
  ],
  ["uriComponentToString('http%3A%2F%2Fcontoso.com')", 'http://contoso.com'],
  ['utcNow()', '2018-04-15T13:00:00.0000000Z'],
  ["utcNow('D')", 'Sunday, April 15, 2018'],
  [`xml(json('{ "name": "Sophia Owen" }'))`, '<name>Sophia Owen</name>'],
  [
    `xpath(xml('<produce><item><name>Gala</name></item><item><name>Honeycrisp</name></item></produce>'), '/produce/item/name')`,
    ['<name>Gala</name>', '<name>Honeycrisp</name>'],
  ],
  ["xpath(xml('<produce><count>20</count><count>10</count></produce>'), 'sum(/produce/count)')", 30],
];

const FIXED = { random: () => 0.5, newGuid: () => 'c2ecc88d-88c8-4096-912c-d6f2e2b138ce' };
const SCOPE_FUNCTIONS = new Set(['pipeline', 'dataset', 'linkedService', 'trigger', 'variables', 'activity', 'item']);

describe('the documented functions (EX-03, EX-04)', () => {
  it.each(EXAMPLES)('evaluates %s', (expression, expected) => {
    expect(evaluate(`@${expression}`, {}, FIXED)).toEqual(expected);
  });

  it('are all among the examples', () => {
    const shown = new Set(EXAMPLES.map(([expression]) => expression.slice(0, expression.indexOf('('))));

    expect(functionNames().filter((name) => !shown.has(name) && !SCOPE_FUNCTIONS.has(name))).toEqual([]);
    expect(shown.size).toBeGreaterThan(80);
  });

  it('give binary values whose bits are the documented ones', () => {
    expect(bitsOf(Buffer.from('aGVsbG8='))).toBe('0110000101000111010101100111001101100010010001110011100000111101');
    expect(bitsOf(Buffer.from(evaluateText("@base64ToBinary('aGVsbG8=').$content")))).toBe(
      '0110000101000111010101100111001101100010010001110011100000111101',
    );
    expect(bitsOf(Buffer.from(evaluateText("@binary('hello')['$content']"), 'base64'))).toBe(
      '0110100001100101011011000110110001101111',
    );
  });

  it('are found whatever their case', () => {
    expect(evaluate("@UTCNOW('yyyy')")).toBe('2018');
    expect(evaluate("@toupper('a')")).toBe('A');
  });

  it('take the time from the clock each time they are asked', () => {
    let now = NOW_MS;
    const clock = { now: () => (now += 1000) };

    expect(evaluate("@{utcNow('ss')}@{utcNow('ss')}", {}, { clock })).toBe('0102');
  });
});

function bitsOf(bytes: Buffer): string {
  return Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
}
