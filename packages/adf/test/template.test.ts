import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  type ExpressionNode,
  type ExpressionValue,
  parseTemplate,
  type PathStep,
  printTemplate,
  type TemplateContent,
} from '../src/index.ts';
import { evaluate, failureOf } from './expression-run.ts';

const scope = { pipeline: { parameters: { myNumber: 42, myString: 'foo', list: [1, 2], none: null, flag: true } } };

describe('a string of a document (EX-01)', () => {
  it.each<readonly [string, ExpressionValue]>([
    ['', ''],
    ['parameters', 'parameters'],
    ['parameters[1]', 'parameters[1]'],
    ['@@', '@'],
    [' @', ' @'],
    [" @concat('a', 'b')", " @concat('a', 'b')"],
    ['a@@b@c', 'a@@b@c'],
    ['@@{x} @{y', '@{x} @{y'],
    ['@pipeline().parameters.myString', 'foo'],
    ['@{pipeline().parameters.myString}', 'foo'],
    ['@pipeline().parameters.myNumber', 42],
    ['@{pipeline().parameters.myNumber}', '42'],
    ['@pipeline().parameters.list', [1, 2]],
    ['@{pipeline().parameters.list}', '[1,2]'],
    ['@pipeline().parameters.none', null],
    ['<@{pipeline().parameters.none}>', '<>'],
    ['@pipeline().parameters.flag', true],
    ['@{pipeline().parameters.flag}', 'True'],
    ['Answer is: @{pipeline().parameters.myNumber}', 'Answer is: 42'],
    ["@concat('Answer is: ', string(pipeline().parameters.myNumber))", 'Answer is: 42'],
    ['Answer is: @@{pipeline().parameters.myNumber}', 'Answer is: @{pipeline().parameters.myNumber}'],
    ['a@@@{x}', 'a@@{x}'],
    ['@{1}@{2}-@{3}', '12-3'],
    ["@{concat('}', '@{x}', 'it''s')}}", "}@{x}it's}"],
    [
      '{ "type": "@{if(equals(1, 2), \'Blob\', \'Table\' )}",\n  "name": "@{toUpper(\'myData\')}"\n}',
      '{ "type": "Table",\n  "name": "MYDATA"\n}',
    ],
    ["@\n concat (\t'a' ,\n'b' )\n", 'ab'],
    ['@TRUE', true],
    ['@Null', null],
    ["@'a'", 'a'],
    ['@-.5e1', -5],
  ])('reads %j', (text, expected) => {
    expect(evaluate(text, scope)).toStrictEqual(expected);
  });

  it.each([
    ['@', 1, 2, 'expected an expression, found the end'],
    ["@concat('a'", 1, 12, 'expected "," or ")" in the call of concat, found the end'],
    ["@concat('a',)", 1, 13, 'expected a function, a text in quotes or a number, found ")"'],
    ["@concat('a' 'b')", 1, 13, 'expected "," or ")" in the call of concat, found a text'],
    ["@concat('a", 1, 9, 'the text that begins here has no closing quote'],
    ['@concat("a")', 1, 9, 'unexpected "\\""'],
    ["@concat('a') and more", 1, 14, 'expected the end of the expression, found "and"'],
    ['@concat(@item())', 1, 9, 'unexpected "@"'],
    ['@parameters', 1, 2, '"parameters" is neither a call nor a literal'],
    ['@pipeline().parameters.my-name', 1, 26, 'unexpected "-"'],
    ['@pipeline().1', 1, 12, 'expected the end of the expression, found ".1"'],
    ["@pipeline()['a'", 1, 16, 'expected "]", found the end'],
    ['@pipeline().', 1, 13, 'expected the name of a property, found the end'],
    ['@1e999', 1, 2, 'the number is too large'],
    ['@1.x', 1, 2, 'unexpected "1"'],
    ['one\ntwo @{1', 2, 8, 'expected "}", found the end'],
    ['one\r\ntwo\n@{1}@{item(}', 3, 12, 'expected a function, a text in quotes or a number, found "}"'],
    ['a @{}', 1, 5, 'expected a function, a text in quotes or a number, found "}"'],
    ['@json({})', 1, 7, 'unexpected "{"'],
    ['@🙂', 1, 2, 'unexpected "🙂"'],
    [`@${'not('.repeat(200)}true${')'.repeat(200)}`, 1, 406, 'the expression is nested too deep'],
  ])('refuses %j', (text, line, column, message) => {
    const error = failureOf(text);

    expect(error.code).toBe('EXPRESSION_INVALID');
    expect(error.message).toBe(`line ${line}, column ${column}: ${message}`);
    expect(error.details).toEqual({ line, column });
  });

  it('says what was probably meant', () => {
    expect(failureOf("@conct('a')").hint).toBe('Did you mean "concat"?');
    expect(failureOf("@concat('a') @{1}").hint).toContain('@{…}');
    expect(failureOf('@concat("a")').hint).toContain('single quotes');
    expect(failureOf('@item().my-name').hint).toContain("['my-name']");
    expect(failureOf('@zzzzzz()').hint).toBeUndefined();
  });

  it('does not quote a text that stands in it', () => {
    expect(failureOf("@concat('a', 1 'hunter2')").message).not.toContain('hunter2');
    expect(failureOf("@concat('hunter2").message).not.toContain('hunter2');
  });

  it('follows long paths without running out of stack', () => {
    const error = failureOf(`@item()${'?.a'.repeat(100_000)}.b`, { item: {} });

    expect(error.message).toContain('null has no property "b" to select');
  });
});

describe('printing (EX-01)', () => {
  it.each([
    "@concat('it''s', 1, null, true)",
    "@activity('Read it').output.value[0]?.a?['b c']",
    'a @{item()} b @@{c} @{1.5}',
    '@@a @{b}',
    '@9007199254740993',
    '@9007199254740992.0',
    '',
  ])('gives back %j', (text) => {
    expect(printTemplate(parseTemplate(text))).toBe(text);
  });

  it('gives what is read as the same, whatever is printed', () => {
    fc.assert(
      fc.property(content, (printed) => {
        const text = printTemplate({ content: printed });

        expect(withoutOffsets(parseTemplate(text).content)).toEqual(withoutOffsets(printed));
      }),
      { seed: 13, numRuns: 1000 },
    );
  });
});

const offset = 0;
const name = fc.stringMatching(/^[A-Za-z_$][A-Za-z0-9_$]{0,8}$/);
const literal = fc
  .oneof(
    fc.constantFrom(null, true, false),
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
    fc.bigInt({ min: 2n ** 54n, max: 2n ** 70n }),
  )
  .map((value) => ({ kind: 'literal' as const, value, offset }));

const { expression } = fc.letrec<{ expression: ExpressionNode; call: ExpressionNode; path: ExpressionNode }>((tie) => {
  const call = fc.record({
    kind: fc.constant('call' as const),
    name,
    args: fc.array(tie('expression'), { maxLength: 3 }),
    offset: fc.constant(offset),
  });
  const step: fc.Arbitrary<PathStep> = fc.oneof(
    fc.record({
      kind: fc.constant('member' as const),
      name,
      isOptional: fc.boolean(),
      offset: fc.constant(offset),
    }),
    fc.record({
      kind: fc.constant('index' as const),
      index: tie('expression'),
      isOptional: fc.boolean(),
      offset: fc.constant(offset),
    }),
  );
  const path = fc.record({
    kind: fc.constant('path' as const),
    root: call,
    steps: fc.array(step, { minLength: 1, maxLength: 4 }),
    offset: fc.constant(offset),
  });
  return { call, path, expression: fc.oneof({ maxDepth: 4 }, literal, call, path) };
});

const plainText = fc.string({ unit: fc.constantFrom('a', '@', '{', '}', "'", '🙂', '\n', ' ') });

/** What reading a string can give: texts and expressions in turn, none of which would be read as something else. */
const content: fc.Arbitrary<TemplateContent> = fc.oneof(
  plainText.map((text) => ({ kind: 'text' as const, text })),
  expression.map((node) => ({ kind: 'expression' as const, expression: node })),
  fc
    .array(
      fc.tuple(
        plainText.filter((text) => text !== '' && !text.endsWith('@')),
        expression,
      ),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    .filter(([first]) => !first![0].startsWith('@'))
    .map((pairs) => ({ kind: 'interpolation' as const, parts: pairs.flat() })),
);

function withoutOffsets(value: TemplateContent): unknown {
  const replacer = (key: string, member: unknown): unknown =>
    key === 'offset' ? 0 : typeof member === 'bigint' ? `${member}n` : member;
  return JSON.parse(JSON.stringify(value, replacer));
}
