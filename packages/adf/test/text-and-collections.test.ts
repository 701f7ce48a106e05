import { describe, expect, it } from 'vitest';

import type { ExpressionValue } from '../src/index.ts';
import { evaluate, failureOf } from './expression-run.ts';

const scope = { item: { list: [1, 'a', null, { b: 2, a: [true] }], name: 'x', none: null } };

describe('text functions (EX-03)', () => {
  it.each<readonly [string, ExpressionValue]>([
    ["startsWith('Hello', 'hE')", true],
    ["endsWith('Hello', 'LLO')", true],
    ["indexOf('aBc', 'b')", 1],
    ["indexOf('abc', 'x')", -1],
    ["lastIndexOf('abAB', 'ab')", 2],
    ["lastIndexOf('abc', 'x')", -1],
    ["indexOf('abc', '')", 0],
    // No letter becomes two, so places stay.
    ["indexOf('İßx', 'X')", 2],
    ["toUpper('straße')", 'STRAßE'],
    ["toLower('İ')", 'İ'],
    ["toUpper('ǆ𐐨')", 'Ǆ𐐀'],
    ["replace('aAa', 'a', 'b')", 'bAb'],
    ["replace('a', 'a', '$&$1')", '$&$1'],
    ["replace('a', 'x', 'b')", 'a'],
    ["split('a,,b', ',')", ['a', '', 'b']],
    ["split('abc', '')", ['abc']],
    ["split('a--b', '--')", ['a', 'b']],
    ["substring('abc', 3, 0)", ''],
    ["substring('abc', 1)", 'bc'],
    ["trim('\u00a0\u0085a b\t\n')", 'a b'],
    ["trim('\uFEFFa')", '\uFEFFa'],
    ["concat('a', 1, true, null, 2.5, item().list)", 'a1True2.5[1,"a",null,{"b":2,"a":[true]}]'],
    ["concat('one')", 'one'],
  ])('evaluates %s', (expression, expected) => {
    expect(evaluate(`@${expression}`, scope)).toEqual(expected);
  });

  it.each([
    ['D', 'c2ecc88d-88c8-4096-912c-d6f2e2b138ce'],
    ['n', 'c2ecc88d88c84096912cd6f2e2b138ce'],
    ['B', '{c2ecc88d-88c8-4096-912c-d6f2e2b138ce}'],
    ['P', '(c2ecc88d-88c8-4096-912c-d6f2e2b138ce)'],
    ['X', '{0xc2ecc88d,0x88c8,0x4096,{0x91,0x2c,0xd6,0xf2,0xe2,0xb1,0x38,0xce}}'],
  ])('writes a guid in the format %s', (format, expected) => {
    const newGuid = () => 'C2ECC88D-88C8-4096-912C-D6F2E2B138CE';

    expect(evaluate(`@guid('${format}')`, {}, { newGuid })).toBe(expected);
  });

  it('makes a new guid each time', () => {
    expect(evaluate('@guid()')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(evaluate('@guid()')).not.toBe(evaluate('@guid()'));
  });

  it.each([
    ["substring('abc', 4, 0)", 'argument 2 (startIndex) is beyond the end: the text has 3 characters'],
    ["substring('abc', 1, 3)", 'argument 3 (length) is too large: 2 characters are left from there'],
    ["substring('abc', -1, 1)", 'argument 2 (startIndex) must not be negative'],
    ["substring('abc', 'x', 1)", 'argument 2 (startIndex) must be an integer, not a text'],
    ["substring('abc', 1.5, 1)", 'argument 2 (startIndex) must be an integer, not a float'],
    ["replace('abc', '', 'x')", 'argument 2 (oldText) must not be empty'],
    ['toLower(null)', 'argument 1 (text) must be a text, not null'],
    ['toUpper(1)', 'argument 1 (text) must be a text, not an integer'],
    ["guid('Q')", 'argument 1 (guidFormat) must be one of N, D, B, P and X'],
  ])('refuses %s', (expression, message) => {
    const error = failureOf(`@${expression}`);

    expect(error.code).toBe('EXPRESSION_FAILED');
    expect(error.message).toContain(message);
  });

  it('refuses texts beyond its limit before it makes them', () => {
    const item = 'x'.repeat(10_000_000);

    expect(failureOf('@concat(item(), item())', { item }).message).toContain('more than 16777216 characters');
    expect(failureOf("@replace(item(), 'x', 'xx')", { item }).message).toContain('more than 16777216 characters');
    expect(failureOf("@join(createArray(item(), item()), '')", { item }).message).toContain('more than');
    expect(failureOf('@string(createArray(item(), item()))', { item }).message).toContain('more than can be held');
    expect(failureOf('@{item()}@{item()}', { item }).message).toContain('more than 16777216 characters');
  });
});

describe('collection functions (EX-03)', () => {
  it.each<readonly [string, ExpressionValue]>([
    ["contains('Hello', 'h')", false],
    ["contains(item(), 'name')", true],
    ["contains(item(), 'Name')", false],
    ["contains(item(), 'toString')", false],
    ["contains(item().list, 'a')", true],
    ["contains(item().list, 'A')", false],
    ['contains(item().list, null)', true],
    ['contains(item().list, json(\'{"a":[true],"b":2}\'))', true],
    ['contains(item().list, true)', false],
    ['empty(createArray(1))', false],
    ["empty(json('[]'))", true],
    ["empty(json('{}'))", true],
    ['empty(item())', false],
    ['empty(null)', true],
    ["first('')", ''],
    ["last('')", ''],
    ["first(json('[]'))", null],
    ["last(json('[]'))", null],
    ["join(item().list, '-')", '1-a--{"b":2,"a":[true]}'],
    ["skip(json('[1]'), 5)", []],
    ["take('ab', 0)", ''],
    ["take('ab', 9)", 'ab'],
    ['union(json(\'{"a":1,"b":1}\'), json(\'{"b":2}\'))', { a: 1, b: 2 }],
    ['union(json(\'[1,1,{"a":1,"b":2}]\'), json(\'[{"b":2,"a":1}]\'))', [1, { a: 1, b: 2 }]],
    ["intersection(json('[3,1,1,2]'), json('[1,3]'))", [3, 1]],
    ['intersection(json(\'{"a":1,"b":1}\'), json(\'{"b":2,"c":3}\'))', { b: 2 }],
    ["union(json('{\"__proto__\":1}'), json('{}')).__proto__", 1],
  ])('evaluates %s', (expression, expected) => {
    expect(evaluate(`@${expression}`, scope)).toEqual(expected);
  });

  it.each([
    ['empty(1)', 'argument 1 (collection) must be an object, not an integer'],
    ['length(null)', 'argument 1 (collection) must be a text or an array, not null'],
    ['length(item())', 'argument 1 (collection) must be a text or an array, not an object'],
    ["skip('abc', 1)", 'argument 1 (collection) must be an array, not a text'],
    ['skip(item().list, -1)', 'argument 2 (count) must not be negative'],
    ["contains('abc', 1)", 'argument 2 (value) must be a text, not an integer'],
    ["contains(null, 'a')", 'argument 1 (collection) must be a text, an array or an object, not null'],
    ['union(item().list, item())', 'argument 2 (collection) must be an array, not an object'],
    ['intersection(item(), item().list)', 'argument 2 (collection) must be an object, not an array'],
  ])('refuses %s', (expression, message) => {
    expect(failureOf(`@${expression}`, scope).message).toContain(message);
  });

  it('refuses a value that is nested too deep, or within itself', () => {
    const cycle: ExpressionValue[] = [];
    cycle.push(cycle);

    expect(failureOf('@length(item())', { item: cycle }).message).toContain('too large or nested too deep');
    expect(failureOf('@{item()}', { item: cycle }).message).toContain('too large or nested too deep for a text');
  });
});

describe('logic functions (EX-03)', () => {
  it.each<readonly [string, ExpressionValue]>([
    ['equals(1, true)', true],
    ['equals(false, 0)', true],
    ['equals(true, 2)', false],
    ["equals('1', 1)", false],
    ["equals('a', 'A')", false],
    ['equals(null, null)', true],
    ["equals(null, '')", false],
    ['equals(1, 1.0)', true],
    ['equals(item(), item())', true],
    ['equals(json(\'{"a":1,"b":[2]}\'), json(\'{"b":[2],"a":1}\'))', true],
    ["equals(json('[1]'), json('[true]'))", false],
    ['equals(9223372036854775807, 9223372036854775806)', false],
    ['greater(2.5, 2)', true],
    ['greater(9223372036854775807, 9223372036854775806)', true],
    ["less('B', 'a')", true],
    ["less('2018-01-01', '2018-01-02')", true],
    ['lessOrEquals(3, 2)', false],
    // What is not asked for cannot fail.
    ['if(true, 1, div(1, 0))', 1],
    ['if(false, div(1, 0), null)', null],
    ['and(false, div(1, 0))', false],
    ['or(true, div(1, 0))', true],
    ['coalesce(1, div(1, 0))', 1],
    ["coalesce(null, '', 'x')", ''],
    ['and(true, true, false)', false],
  ])('evaluates %s', (expression, expected) => {
    expect(evaluate(`@${expression}`, scope)).toEqual(expected);
  });

  it.each([
    ["if('true', 1, 2)", 'argument 1 (expression) must be a boolean, not a text'],
    ['and(true, 1)', 'argument 2 (expression2) must be a boolean, not an integer'],
    ["greater(1, 'a')", 'argument 2 (compareTo) must be a number, not a text'],
    ["less('a', 1)", 'argument 2 (compareTo) must be a text, not an integer'],
    ['less(true, false)', 'argument 1 (value) must be a number or a text, not a boolean'],
  ])('refuses %s', (expression, message) => {
    expect(failureOf(`@${expression}`).message).toContain(message);
  });
});
