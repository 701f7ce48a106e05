import { Secret } from '@sluice/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  type ExpressionValue,
  findExpressionProblems,
  functionNames,
  parseTemplate,
  printTemplate,
} from '../src/index.ts';
import { outcomeOf } from './expression-run.ts';

const item: ExpressionValue = {
  text: 'It is',
  date: '2018-03-11T02:30:00',
  list: [3, 'a', null, 2.5, [true], { k: 'v' }],
  big: 9223372036854775807n,
  none: null,
  base: 'aGVsbG8=',
  secret: new Secret('s'),
};
const scope = { item, variables: { v: 1 }, activities: { a: { output: {} } }, pipeline: { parameters: { p: [1] } } };

const LITERALS = ['0', '1', '-1', '2.5', '1e+300', '9223372036854775807', 'true', 'null', "''", "'v'", "'a'"];
const MEANINGFUL = [
  "'Day'",
  "'D'",
  "'UTC'",
  "'Pacific Standard Time'",
  "'2018-11-04'",
  '\'[1, {"a": 2}]\'',
  "'%C3%BC'",
];
const MEMBERS = ['.text', '.date', '.list', '.big', '?.none', '.base', '.secret', '.gone', ''];
const ROOTS = ['pipeline().parameters.p', "variables('v')", "activity('a').output"];
const leaf = fc.constantFrom(...LITERALS, ...MEANINGFUL, ...MEMBERS.map((member) => `item()${member}`), ...ROOTS);
const { expression } = fc.letrec<{ expression: string; call: string; step: string }>((tie) => ({
  call: fc
    .tuple(fc.constantFrom(...functionNames()), fc.array(tie('expression'), { maxLength: 4 }))
    .map(([name, args]) => `${name}(${args.join(', ')})`),
  step: fc
    .tuple(tie('call'), fc.constantFrom('.a', '?.a', '[0]', '?[0]', "['$content']", '[item()]'))
    .map(([target, step]) => target + step),
  expression: fc.oneof({ maxDepth: 4 }, leaf, tie('call'), tie('step')),
}));

/** Pieces that mean something to the reader, in any order. */
const noise = fc
  .array(
    fc.constantFrom(
      '@',
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      '.',
      '?',
      ',',
      "'",
      'a',
      'item',
      'concat',
      '1',
      '-',
      ' ',
      '\n',
      '🙂',
    ),
    { maxLength: 20 },
  )
  .map((pieces) => pieces.join(''));

/** Whether it has a value; the only other end is a coded error with a place in the text. */
function hasValue(text: string): boolean {
  const { value, error } = outcomeOf(text, scope);
  const end = error === undefined ? `value ${typeof value}` : `${error.code} ${error.message}`;

  expect(end).toMatch(/^(value (?!undefined)|EXPRESSION_(INVALID|FAILED) line \d+, column \d+: .)/);
  expect(value).not.toBeNaN();
  return error === undefined;
}

describe('any expression', () => {
  it('has a value or ends in a coded error, and prints as it was read', () => {
    let values = 0;
    fc.assert(
      fc.property(expression, (text) => {
        if (hasValue(`@${text}`)) values += 1;
        expect(printTemplate(parseTemplate(`@${text}`))).toBe(`@${text}`);
      }),
      { seed: 16, numRuns: 3000 },
    );
    expect(values).toBeGreaterThan(300);
  });

  it('does so whatever the arguments of its functions are', () => {
    const withValue = new Set<string>();
    fc.assert(
      fc.property(fc.array(leaf, { minLength: 4, maxLength: 4 }), (args) => {
        for (const name of functionNames()) {
          for (let count = 0; count <= args.length; count++) {
            if (hasValue(`@${name}(${args.slice(0, count).join(', ')})`)) withValue.add(name);
          }
        }
      }),
      { seed: 17, numRuns: 60 },
    );
    expect(withValue.size).toBeGreaterThan(60);
  });

  it('ends in a coded error when it cannot be read at all', () => {
    let values = 0;
    fc.assert(
      fc.property(noise, (text) => {
        if (hasValue(text)) values += 1;
        for (const problem of findExpressionProblems(text, {})) expect(problem.code).toBe('EXPRESSION_INVALID');
      }),
      { seed: 18, numRuns: 3000 },
    );
    expect(values).toBeGreaterThan(100);
  });

  it('that is found without problem evaluates to no EXPRESSION_INVALID', () => {
    const declarations = {
      item: true,
      variables: ['v'],
      activities: ['a'],
      pipeline: { parameters: ['p'] },
      dataset: [],
      linkedService: [],
      trigger: true,
    };
    let sound = 0;
    fc.assert(
      fc.property(expression, (text) => {
        if (findExpressionProblems(`@${text}`, declarations).length > 0) return;
        sound += 1;
        expect(outcomeOf(`@${text}`, scope).error?.code).not.toBe('EXPRESSION_INVALID');
      }),
      { seed: 19, numRuns: 3000 },
    );
    expect(sound).toBeGreaterThan(300);
  });
});
