import { describe, expect, it } from 'vitest';

import type { ExpressionValue } from '../src/index.ts';
import { evaluate, failureOf } from './expression-run.ts';

const scope = {
  pipeline: {
    parameters: { path: 'in/', 'my-name': 1, field: 'b' },
    globalParameters: { region: 'eu' },
    RunId: 'r1',
    TriggerTime: '2018-04-15T13:00:00Z',
  },
  variables: { bound: '2018', list: [1] },
  activities: {
    'Read mark': {
      output: { firstRow: { Mark: '2017', Id: null }, value: [{ a: { b: { c: 7 } } }], count: 1 },
      Status: 'Succeeded',
    },
  },
  item: { id: 5 },
  dataset: { table: 'T' },
  linkedService: { org: 'acme' },
  trigger: { scheduledTime: 's', outputs: { windowStartTime: 'w' } },
};

describe('what an expression reads (EX-02)', () => {
  it.each<readonly [string, ExpressionValue]>([
    ['@pipeline().parameters.path', 'in/'],
    ["@pipeline().parameters['my-name']", 1],
    ['@pipeline().globalParameters.region', 'eu'],
    ['@pipeline().RunId', 'r1'],
    ['@pipeline().triggertime', '2018-04-15T13:00:00Z'],
    ["@variables('bound')", '2018'],
    ["@variables('BOUND')", '2018'],
    ["@activity('Read mark').output.firstRow.Mark", '2017'],
    ["@activity('read mark').output.firstrow.mark", '2017'],
    ["@activity('Read mark').Status", 'Succeeded'],
    ["@activity('Read mark').output.value[0].a[pipeline().parameters.field].c", 7],
    ['@item().id', 5],
    ['@dataset().table', 'T'],
    ['https://@{linkedService().org}.my.salesforce.com', 'https://acme.my.salesforce.com'],
    ['@trigger().outputs.windowStartTime', 'w'],
    ['@trigger().scheduledTime', 's'],
  ])('gives %s', (text, expected) => {
    expect(evaluate(text, scope)).toEqual(expected);
  });

  it('gives an item that is null or false', () => {
    expect(evaluate('@item()', { item: null })).toBeNull();
    expect(evaluate('@item()', { item: false })).toBe(false);
  });

  it.each([
    ['@pipeline().RunId', 'pipeline cannot be read here'],
    ["@variables('a')", 'variables cannot be read here'],
    ["@activity('a')", 'activity cannot be read here'],
    ['@item()', 'item can be read only within a ForEach or Filter activity'],
    ['@dataset().a', 'dataset can be read only within a dataset'],
    ['@linkedService().a', 'linkedService can be read only within a linked service'],
    ['@trigger().a', 'trigger cannot be read here'],
  ])('refuses %s where it is not there', (text, message) => {
    expect(failureOf(text).message).toContain(message);
  });

  it('names the variables and activities there are', () => {
    const variable = failureOf("@variables('bond')", scope);
    const activity = failureOf("@activity('Read marks').output", scope);

    expect(variable.message).toBe(
      'line 1, column 2: variables finds nothing: there is no variable "bond"; there is: bound, list',
    );
    expect(variable.hint).toBe('Did you mean "bound"?');
    expect(variable.details).toEqual({ line: 1, column: 2, function: 'variables' });
    expect(activity.message).toContain('there is no activity "Read marks"; there is: Read mark');
  });
});

describe('selecting (EX-06)', () => {
  it('lists the properties there are when one is missing', () => {
    const error = failureOf("@activity('Read mark').output.frstRow", scope);

    expect(error.code).toBe('EXPRESSION_FAILED');
    expect(error.message).toBe('line 1, column 30: there is no property "frstRow"; there is: firstRow, value, count');
    expect(error.hint).toBe('Did you mean "firstRow"?');
  });

  it('lists no more than twenty', () => {
    const item = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`p${i}`, i]));

    expect(failureOf('@item().x', { item }).message).toMatch(/p0, .*, p19 and 5 more$/);
  });

  it.each<readonly [string, ExpressionValue]>([
    ['@item()?.none', null],
    ['@item().none?.deeper', null],
    ["@item()?['none']?['deeper']", null],
    ['@item()?.none?[0]', null],
    ['@item().list?[9]', null],
    ['@item()?.list[0]', 1],
    ['@item().list[-0]', 1],
    ["@item()['list'][sub(2, 1)]", 2],
    ["@item()['__proto__']", 'own'],
    ['@item()?.constructor', null],
    ["@coalesce(item()?.none, 'x')", 'x'],
  ])('gives %s', (text, expected) => {
    const item = JSON.parse('{ "none": null, "list": [1, 2], "__proto__": "own" }') as ExpressionValue;

    expect(evaluate(text, { item })).toEqual(expected);
  });

  it.each([
    ['@item().none.x', 'null has no property "x" to select'],
    ['@item().none[0]', 'null has nothing to select'],
    ['@item().text.x', 'a text has no property "x" to select'],
    ['@item().text?.x', 'a text has no property "x" to select'],
    ['@item().list[2]', 'the index is outside of the array, which has 2 items'],
    ['@item().list[-1]', 'the index is outside of the array, which has 2 items'],
    ["@item().list['0']", 'an item of an array is selected by an integer, not by a text'],
    ['@item().list.x', 'an item of an array is selected by an integer, not by a text'],
    ['@item()[0]', 'a property of an object is selected by a text, not by an integer'],
    ['@item().toString', 'there is no property "toString"'],
    ['@item().gone', 'there is no property "gone"'],
    ['@item().TWIN', 'there is no property "TWIN"'],
  ])('refuses %s', (text, message) => {
    const item = { none: null, text: 'abc', list: [1, 2], gone: undefined, twin: 1, Twin: 2 };

    expect(failureOf(text, { item }).message).toContain(message);
  });

  it('says when a property is null where one is selected from it', () => {
    expect(failureOf('@item().a.b', { item: { a: null } }).hint).toContain('?.');
  });
});
