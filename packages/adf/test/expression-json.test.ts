import { SluiceError } from '@sluice/core';
import { describe, expect, it } from 'vitest';

import { evaluateJson, type ExpressionValue, findExpressionProblems } from '../src/index.ts';

const context = { scope: { pipeline: { parameters: { table: 'Account', limit: 5, none: null } } } };

function failureOf(json: ExpressionValue, path?: string): SluiceError {
  try {
    evaluateJson(json, context, path);
  } catch (error) {
    if (SluiceError.is(error)) return error;
    throw error;
  }
  return expect.fail('the JSON has a value');
}

describe('expressions within JSON (EX-07)', () => {
  it('evaluates every string, and keeps everything else as it is', () => {
    const json = {
      source: {
        type: 'SalesforceV2Source',
        query: 'SELECT Id FROM @{pipeline().parameters.table}',
        pageSize: '@pipeline().parameters.limit',
        includeDeletedObjects: false,
        nested: [1.5, null, ['@@literal', '@pipeline().parameters.none']],
      },
      '@key': 'plain',
    };

    expect(evaluateJson(json, context)).toEqual({
      source: {
        type: 'SalesforceV2Source',
        query: 'SELECT Id FROM Account',
        pageSize: 5,
        includeDeletedObjects: false,
        nested: [1.5, null, ['@literal', null]],
      },
      '@key': 'plain',
    });
    expect(json.source.pageSize).toBe('@pipeline().parameters.limit');
  });

  it.each<readonly [ExpressionValue, ExpressionValue]>([
    [{ type: 'Expression', value: '@pipeline().parameters.limit' }, 5],
    [{ value: 'a @{pipeline().parameters.limit}', type: 'expression' }, 'a 5'],
    [{ value: 'plain', type: 'Expression' }, 'plain'],
    [
      { type: 'SecureString', value: '@pipeline().parameters.table' },
      { type: 'SecureString', value: 'Account' },
    ],
    [
      { type: 'Expression', value: 'plain', more: 1 },
      { type: 'Expression', value: 'plain', more: 1 },
    ],
    [{ type: 'Expression' }, { type: 'Expression' }],
  ])('reads %j', (json, expected) => {
    expect(evaluateJson({ at: json }, context)).toEqual({ at: expected });
  });

  it('keeps a member called __proto__, and leaves out one that is undefined', () => {
    const json = JSON.parse('{ "__proto__": "@pipeline().parameters.limit" }') as ExpressionValue;

    expect(JSON.stringify(evaluateJson([json, { a: undefined }], context))).toBe('[{"__proto__":5},{}]');
  });

  it('names the path, the line and the column of what fails', () => {
    const error = failureOf(
      { scripts: [{}, { 'my text': { type: 'Expression', value: 'SELECT\n  @{pipeline().parameters.tabel}' } }] },
      'activities[2].typeProperties',
    );

    expect(error.code).toBe('EXPRESSION_FAILED');
    expect(error.message).toBe(
      'activities[2].typeProperties.scripts[1]["my text"], line 2, column 26: ' +
        'there is no property "tabel"; there is: table, limit, none',
    );
    expect(error.hint).toBe('Did you mean "table"?');
    expect(error.details).toEqual({
      path: 'activities[2].typeProperties.scripts[1]["my text"]',
      line: 2,
      column: 26,
    });
  });

  it('refuses an expression object without a text, and JSON that is nested too deep', () => {
    const cycle: ExpressionValue[] = [];
    cycle.push(cycle);

    expect(failureOf({ a: { type: 'Expression', value: 5 } }).message).toBe(
      'a, line 1, column 1: an object of type Expression has a text as its value',
    );
    expect(failureOf({ a: cycle }, 'top').message).toContain('the JSON is nested too deep');
  });
});

describe('problems that can be seen before anything runs', () => {
  const declarations = {
    pipeline: { parameters: ['table', 'since'], globalParameters: ['region'] },
    variables: ['bound'],
    activities: ['Read mark'],
  };

  function problemsOf(text: string, more: object = {}): readonly string[] {
    return findExpressionProblems(text, { ...declarations, ...more }).map(({ code, message }) => {
      expect(code).toBe('EXPRESSION_INVALID');
      return message.replace(/^line 1, /, '');
    });
  }

  it('are all found, each with its path', () => {
    const problems = findExpressionProblems(
      {
        query: "@concat('a', pipeline().parameters.tabel, variables('bond'))",
        list: ['@concat(', '@{nope(1)} and @{item()}', { type: 'Expression', value: 1 }, 'plain', '@@x'],
      },
      declarations,
      'typeProperties',
    );

    expect(problems.map(({ message }) => message)).toEqual([
      'typeProperties.query, line 1, column 35: there is no parameter "tabel"; there is: table, since',
      'typeProperties.query, line 1, column 53: there is no variable "bond"; there is: bound',
      'typeProperties.list[0], line 1, column 9: expected a function, a text in quotes or a number, found the end',
      'typeProperties.list[1], line 1, column 3: no function is called "nope"',
      'typeProperties.list[1], line 1, column 18: item can be read only within a ForEach or Filter activity',
      'typeProperties.list[2], line 1, column 1: an object of type Expression has a text as its value',
    ]);
    expect(problems.map(({ hint }) => hint).slice(0, 2)).toEqual(['Did you mean "table"?', 'Did you mean "bound"?']);
    expect(problems.every(({ code }) => code === 'EXPRESSION_INVALID')).toBe(true);
  });

  it.each([
    '@pipeline().parameters.TABLE',
    "@pipeline()['parameters']['table']",
    '@pipeline().parameters[item()]',
    '@pipeline().parameters',
    '@pipeline()',
    '@pipeline().RunId',
    '@pipeline()?.parameters?.maybe',
    '@pipeline().globalParameters.region',
    "@variables('bound')",
    '@variables(item())',
    "@activity('Read mark').output.anything[0].else",
    '@item().x',
    '@dataset().file',
    '@linkedService().org',
    '@trigger().scheduledTime',
    "@formatDateTime('2018-01-01', 'yyyy')",
    '@utcNow(item())',
    'text without expressions',
  ])('are none in %s', (text) => {
    expect(problemsOf(text, { item: true, trigger: true, dataset: ['file'], linkedService: ['org'] })).toEqual([]);
  });

  it.each([
    ['@pipeline().parameters.x', ['column 23: there is no parameter "x"; there is: table, since']],
    ["@pipeline().parameters['x']", ['column 23: there is no parameter "x"; there is: table, since']],
    ['@pipeline().globalParameters.x', ['column 29: there is no global parameter "x"; there is: region']],
    ['@pipeline().RunIds', [expect.stringContaining('there is no system variable "RunIds"; there is: DataFactory')]],
    ["@activity('Later').output", ['column 11: there is no activity upstream "Later"; there is: Read mark']],
    ['@dataset().x', ['column 2: dataset can be read only within a dataset']],
    ['@linkedService().x', ['column 2: linkedService can be read only within a linked service']],
    ['@trigger().x', ['column 2: trigger cannot be read here: no trigger started this']],
    ['@not()', ['column 2: not(expression) takes 1 argument, not 0']],
    ["@substring('a')", ['column 2: substring(text, startIndex, length?) takes 2 to 3 arguments, not 1']],
    ['@and(true)', ['column 2: and(expression1, expression2, ...expression) takes at least 2 arguments, not 1']],
    ['@utcNow(1, 2)', ['column 2: utcNow(format?) takes 0 to 1 arguments, not 2']],
    ['@pipeline(1).x', ['column 2: pipeline() takes 0 arguments, not 1']],
    [
      "@utcNow('x')",
      ['column 9: utcNow: argument 1 (format) is not a date format: one letter is a standard format, and this is none'],
    ],
    [
      "@convertFromUtc('2018-99-01', 'Nowhere', '%')",
      [
        'column 17: convertFromUtc: argument 1 (timestamp) is not a date and time',
        'column 31: convertFromUtc: argument 2 (destinationTimeZone) is not the name of a time zone',
        expect.stringContaining('column 42: convertFromUtc: argument 3 (format) is not a date format'),
      ],
    ],
    ["@addToTime(utcNow(), 1, 'Days')", [expect.stringContaining('argument 3 (timeUnit) must be one of')]],
    ['@if(nope(), nor(), 1)', ['column 5: no function is called "nope"', 'column 13: no function is called "nor"']],
    ["@xpath(xml('<a/>'))", ['column 2: xpath(xml, xpath) takes 2 arguments, not 1']],
    ['@item()[nope()]', [expect.stringContaining('item can be read only'), 'column 9: no function is called "nope"']],
  ])('are found in %s', (text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it('are everything outside of its own parameters, in a linked service', () => {
    const json = { url: 'https://@{linkedService().org}.x/@{pipeline().RunId}', id: '@linkedService().orgs' };

    expect(findExpressionProblems(json, { linkedService: ['org'] }).map(({ message }) => message)).toEqual([
      'url, line 1, column 36: pipeline cannot be read here: linked services and datasets see only their own parameters',
      'id, line 1, column 17: there is no parameter "orgs"; there is: org',
    ]);
  });
});
