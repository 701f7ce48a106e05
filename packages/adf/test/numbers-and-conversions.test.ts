import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ExpressionValue } from '../src/index.ts';
import { evaluate, evaluateText, failureOf, outcomeOf } from './expression-run.ts';

const MAX = 2n ** 63n - 1n;

describe('numbers (EX-03)', () => {
  it.each<readonly [string, ExpressionValue]>([
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ['add(9007199254740991, 2)', 9007199254740993n],
    ['sub(9007199254740993, 2)', 9007199254740991],
    ['mul(3037000499, 3037000499)', 9223372030926249001n],
    ['div(9223372036854775807, 2)', 4611686018427387903n],
    ['div(-7, 2)', -3],
    ['div(7.9, 1)', 7],
    ['div(-7.5, 2)', -3],
    ['mod(-7, 2)', -1],
    ['mod(7.5, 2)', 1.5],
    ['mul(0, -1)', 0],
    ['div(-1, 2)', 0],
    ['add(0.1, 0.2)', 0.30000000000000004],
    ['max(1, 2.5, -3)', 2.5],
    ['min(9223372036854775807, 9223372036854775806)', 9223372036854775806n],
    ['max(5)', 5],
    ['range(-2, 3)', [-2, -1, 0]],
    ['range(5, 0)', []],
    ['-0', 0],
    ['1e3', 1000],
  ])('evaluates %s', (expression, expected) => {
    expect(evaluate(`@${expression}`)).toStrictEqual(expected);
  });

  it('computes integers of 64 bits exactly, and refuses what is beyond', () => {
    const int64 = fc.bigInt({ min: -MAX - 1n, max: MAX });
    fc.assert(
      fc.property(int64, int64, (a, b) => {
        for (const [name, exact] of [
          ['add', a + b],
          ['sub', a - b],
          ['mul', a * b],
        ] as const) {
          const { value, error } = outcomeOf(`@string(${name}(${a}, ${b}))`);
          const isBeyond = exact > MAX || exact < -MAX - 1n;

          expect(error?.message ?? value).toBe(
            isBeyond ? `line 1, column 9: ${name} gives an integer beyond 64 bits` : String(exact),
          );
        }
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('draws random integers from the first to before the last', () => {
    expect(evaluate('@rand(1, 5)', {}, { random: () => 0 })).toBe(1);
    expect(evaluate('@rand(1, 5)', {}, { random: () => 1 - Number.EPSILON })).toBe(4);
    expect(evaluate('@rand(-5, -4)')).toBe(-5);
  });

  it.each([
    ['div(1, 0)', 'argument 2 (divisor) must not be 0'],
    ['mod(1, 0.0)', 'argument 2 (divisor) must not be 0'],
    ["add('1', 2)", 'argument 1 (summand1) must be a number, not a text'],
    ['add(1, null)', 'argument 2 (summand2) must be a number, not null'],
    ['mul(1e308, 10)', 'mul gives a number beyond what a float holds'],
    ['mul(9223372036854775807, 2)', 'mul gives an integer beyond 64 bits'],
    ["max(json('[]'))", 'argument 1 (number1) must not be empty'],
    ['min(json(\'[1,"a"]\'))', 'argument 1 (number1) must be an array of numbers, not a text'],
    ['rand(5, 5)', 'argument 2 (maxValue) must be greater than the argument before it'],
    ['rand(0, 9223372036854775807)', 'argument 2 (maxValue) is too large'],
    ['range(0, 100001)', 'argument 2 (count) must be at most 100000'],
    ['range(0, -1)', 'argument 2 (count) must not be negative'],
    ['range(0.5, 1)', 'argument 1 (startIndex) must be an integer, not a float'],
  ])('refuses %s', (expression, message) => {
    const error = failureOf(`@${expression}`);

    expect(error.code).toBe('EXPRESSION_FAILED');
    expect(error.message).toContain(message);
  });
});

describe('conversions (EX-03, EX-04)', () => {
  it.each<readonly [string, ExpressionValue]>([
    ["int(' -42 ')", -42],
    ["int('+7')", 7],
    ["int('9223372036854775807')", MAX],
    ['int(5.0)', 5],
    ["float(' -1.5e2 ')", -150],
    ["float('.5')", 0.5],
    ['float(3)', 3],
    ["bool('TRUE')", true],
    ["bool('false')", false],
    ['bool(-3)', true],
    ['bool(true)', true],
    ['string(true)', 'True'],
    ['string(null)', ''],
    ["string('a''b')", "a'b"],
    ['string(1.50)', '1.5'],
    ['string(json(\'{"a":[true,null,"x"]}\'))', '{"a":[true,null,"x"]}'],
    ['json(null)', {}],
    ['json(\'"x"\')', 'x'],
    ["json('12345678901234567890')", 12345678901234567890n],
    ["json('[9007199254740993, 1.5, -0]')", [9007199254740993n, 1.5, 0]],
    ['json(string(json(\'{"id": 9007199254740993}\'))).id', 9007199254740993n],
    ["array(json('[1]'))", [[1]]],
    ["base64('ü😀')", 'w7zwn5iA'],
    ["base64ToString('w7zw\n n5iA')", 'ü😀'],
    ["uriComponent('a b&ü!''()*-._~')", 'a%20b%26%C3%BC%21%27%28%29%2A-._~'],
    ["uriComponentToString('%zz%C3%BC%FF%20')", '%zzü%FF '],
    ["uriComponentToString(replace(uriComponent(item()), '%0A', ''))", 'Contoso-Corporation'],
    ["dataUriToString('data:,a%20b')", 'a b'],
    ["dataUriToBinary('data:;base64,AA==')['$content-type']", 'text/plain;charset=US-ASCII'],
  ])('evaluates %s', (expression, expected) => {
    expect(evaluate(`@${expression}`, { item: 'Contoso-\nCorporation' })).toStrictEqual(expected);
  });

  it.each([
    ["int('10.5')", 'argument 1 (value) is not the text of an integer'],
    ['int(10.5)', 'argument 1 (value) must be a text or an integer'],
    ["int('9223372036854775808')", 'argument 1 (value) is an integer beyond 64 bits'],
    ["int('')", 'argument 1 (value) is not the text of an integer'],
    ["float('1,5')", 'argument 1 (value) is not the text of a number'],
    ["float('1e999')", 'argument 1 (value) is not the text of a number'],
    ["bool('yes')", 'argument 1 (value) must be true, false or a number'],
    ['bool(null)', 'argument 1 (value) must be a text, not null'],
    ["json('{a:1}')", 'argument 1 (value) is neither JSON text nor XML'],
    ["json('1e999')", 'argument 1 (value) is neither JSON text nor XML'],
    ["json('<a>')", 'argument 1 (value) is neither JSON text nor XML'],
    ['json(1)', 'argument 1 (value) must be a text, not an integer'],
    ["base64ToString('a')", 'argument 1 (value) is not base64'],
    ["base64ToBinary('****')", 'argument 1 (value) is not base64'],
    ["dataUriToString('http://x')", 'argument 1 (value) is not a data URI'],
    ["dataUriToString('data:;base64,a')", 'argument 1 (value) is not base64'],
  ])('refuses %s', (expression, message) => {
    expect(failureOf(`@${expression}`).message).toContain(message);
  });

  it('refuses numbers of a million digits without reading them', () => {
    const item = '9'.repeat(1_000_000);

    expect(failureOf('@int(item())', { item }).message).toContain('is an integer beyond 64 bits');
    expect(failureOf('@json(item())', { item }).message).toContain('is neither JSON text nor XML');
    expect(failureOf('@float(item())', { item }).message).toContain('is not the text of a number');
    expect(failureOf(`@${item}`).message).toBe('line 1, column 2: the number is too large');
  });

  it('refuses JSON text that is nested too deep, and takes what is not', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

    expect(evaluate('@length(json(item()))', { item: nested(400) })).toBe(1);
    expect(failureOf('@json(item())', { item: nested(1000) }).message).toContain('nested too deep');
    expect(failureOf('@json(item())', { item: nested(200_000) }).message).toContain('nested too deep');
  });

  it('writes JSON that says what the value is, and reads it back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const item = JSON.parse(JSON.stringify(value)) as ExpressionValue;

        const text = evaluateText('@string(createArray(item()))', { item });

        expect(JSON.parse(text)).toEqual([item]);
        expect(evaluate('@string(json(item()))', { item: text })).toBe(text);
      }),
      { seed: 12, numRuns: 300 },
    );
  });
});
