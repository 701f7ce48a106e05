import { inspect } from 'node:util';

import { Secret, secret } from '@sluice/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { conceal, evaluateJson, functionNames } from '../src/index.ts';
import { evaluate, evaluateSecret, failureOf, outcomeOf } from './expression-run.ts';

const TEXT = 'hunter2';
const scope = {
  linkedService: { password: secret.value(TEXT), user: 'me' },
  pipeline: { parameters: { options: { key: secret.value(TEXT), list: [secret.value('a,b')] } } },
};

describe('secrets in expressions (KV-06)', () => {
  it('stay what they are when they are handed on', () => {
    expect(evaluate('@linkedService().password', scope)).toBe(scope.linkedService.password);
    expect(evaluate('@if(true, linkedService().password, null)', scope)).toBe(scope.linkedService.password);
    expect(evaluate('@coalesce(null, linkedService().password)', scope)).toBe(scope.linkedService.password);
    expect(evaluate("@createArray('x', linkedService().password)", scope)).toEqual(['x', scope.linkedService.password]);
  });

  it.each([
    ["@concat('key=', linkedService().password)", `key=${TEXT}`],
    ['key=@{linkedService().password}', `key=${TEXT}`],
    ['@toUpper(linkedService().password)', 'HUNTER2'],
    ['@string(pipeline().parameters.options)', `{"key":"${TEXT}","list":["a,b"]}`],
    ['@{pipeline().parameters.options}', `{"key":"${TEXT}","list":["a,b"]}`],
    ["@split(pipeline().parameters.options.list[0], ',')[1]", 'b'],
    ['@base64(linkedService().password)', 'aHVudGVyMg=='],
    ['@binary(linkedService().password).$content', 'aHVudGVyMg=='],
    ["@concat(linkedService().user, concat('', linkedService().password))", `me${TEXT}`],
  ])('make a secret of %s', (text, expected) => {
    expect(evaluateSecret(text, scope)).toBe(expected);
  });

  it('can be asked about', () => {
    expect(evaluate('@empty(linkedService().password)', scope)).toBe(false);
    expect(evaluate("@equals(linkedService().password, 'hunter2')", scope)).toBe(true);
    expect(evaluate('@length(linkedService().password)', scope)).toBe(7);
  });

  it('do not make secrets of what has nothing to do with them', () => {
    expect(evaluate('@linkedService().user', scope)).toBe('me');
    expect(evaluate("@concat(linkedService().user, 'x')", scope)).toBe('mex');
  });

  it('do not show when a document is evaluated and printed', () => {
    const json = { a: '@linkedService().password', b: [{ c: 'x@{linkedService().password}' }] };

    const value = evaluateJson(json, { scope });

    expect(inspect(value, { depth: 9 })).not.toContain(TEXT);
    expect(JSON.stringify(value)).not.toContain(TEXT);
  });

  it('are made of every text by conceal, and of nothing else', () => {
    const value = conceal({ rows: 3, firstRow: { Name: TEXT, Ok: true, none: null }, list: [TEXT, 1.5] });

    expect(JSON.stringify(value)).toBe(
      '{"rows":3,"firstRow":{"Name":"[secret]","Ok":true,"none":null},"list":["[secret]",1.5]}',
    );
  });

  it.each([
    '@json(linkedService().password)',
    '@int(linkedService().password)',
    '@float(linkedService().password)',
    '@bool(linkedService().password)',
    '@addDays(linkedService().password, 1)',
    '@utcNow(substring(linkedService().password, 6, 1))',
    '@convertFromUtc(utcNow(), linkedService().password)',
    '@addToTime(utcNow(), 1, linkedService().password)',
    '@base64ToString(linkedService().password)',
    '@dataUriToString(linkedService().password)',
    '@linkedService().password.x',
    '@linkedService()[linkedService().password]',
    '@variables(linkedService().password)',
    '@guid(linkedService().password)',
    '@add(linkedService().password, 1)',
  ])('are not in the error of %s', (text) => {
    const error = failureOf(text, { ...scope, variables: {} });

    expect(inspect(error, { depth: 9, showHidden: true }).replaceAll(text, '')).not.toContain(TEXT);
    expect(error.cause).toBeUndefined();
  });

  it('are in no error of any function, and no text made of one is left open', () => {
    const argument = fc.constantFrom('item()', 'item().list', '1', 'null', "'D'", 'true', "'x'");
    const call = fc.tuple(fc.constantFrom(...functionNames()), fc.array(argument, { minLength: 1, maxLength: 3 }));
    let values = 0;
    fc.assert(
      fc.property(call, fc.constantFrom('zqSecret', '2018-01-01'), ([name, args], text) => {
        const item = args.includes('item().list') ? { list: [new Secret(text)] } : new Secret(text);
        const outcome = outcomeOf(`@${name}(${args.join(', ')})`, { item, variables: {}, activities: {} });
        if (outcome.error === undefined) values += 1;

        expect(inspect(outcome, { depth: 9 })).not.toContain(text);
      }),
      { seed: 14, numRuns: 1500 },
    );
    expect(values).toBeGreaterThan(100);
  });
});
