import { describe, expect, it } from 'vitest';

import { reference } from './factory-files.ts';
import { after, errorsOf, wait, type Json } from './pipeline-factory.ts';

describe('expressions of a pipeline', () => {
  const text = (value: string): Json => ({
    name: 'T',
    type: 'Fail',
    typeProperties: { message: value, errorCode: '1' },
  });

  it.each([
    ['EX-01 syntax', '@concat(', /an expression|expected/],
    ['EX-03 an unknown function', '@concta(1)', /no function is called "concta"/],
    ['EX-03 a wrong number of arguments', '@utcNow(1, 2)', /utcNow\(.*takes/],
    ['EX-02 a parameter that is not declared', '@pipeline().parameters.b', /there is no parameter "b"; there is: a/],
    ['EX-02 a variable that is not declared', "@{variables('w')}", /there is no variable "w"; there is: v/],
    ['EX-02 item outside of a loop', '@item()', /only within a ForEach or Filter/],
    ['EX-02 a dataset', '@dataset().x', /only within a dataset/],
    ['EX-05 a date format that is none', "@utcNow('q')", /format/],
  ])('%s is found without running', (_name, value, expected) => {
    expect(
      errorsOf([text(value)], { parameters: { a: { type: 'Int' } }, variables: { v: { type: 'String' } } }),
    ).toEqual([expect.stringMatching(expected)]);
  });

  it('EX-07 may stand wherever a value may, as an object or a text', () => {
    const properties = {
      source: {
        type: 'SalesforceV2Source',
        query: { value: 'SELECT Id FROM @{pipeline().parameters.a}', type: 'expression' },
        pageSize: '@pipeline().parameters.a',
        includeDeletedObjects: { value: '@equals(1, 1)', type: 'Expression' },
        partitionOption: "@{concat('No', 'ne')}",
        queryTimeout: '@concat()',
      },
      sink: { type: 'ParquetSink' },
    };

    expect(
      errorsOf(
        [
          {
            name: 'C',
            type: 'Copy',
            inputs: [reference('account', 'DatasetReference')],
            outputs: [reference('parquet', 'DatasetReference')],
            typeProperties: properties,
          },
        ],
        { parameters: { a: { type: 'String' } } },
      ),
    ).toEqual([expect.stringMatching(/queryTimeout: concat\(/)]);
  });

  it('EX-02 reach activities upstream, however far, and no others', () => {
    const reads = (name: string): Json => text(`@activity('${name}').output`);
    const activities = [
      wait('A'),
      wait('B', after('A')),
      wait('C'),
      { ...reads('A'), name: 'Far', ...after('B') },
      { ...reads('C'), name: 'Other', ...after('B') },
    ];

    expect(errorsOf(activities)).toEqual([
      expect.stringMatching(/^\[4\].*there is no activity upstream "C"; there is: B, A/),
    ]);
  });

  it('EX-02 within an activity reach what is upstream of it, and beside each other', () => {
    const inner = [
      wait('Inner'),
      { ...text("@{activity('A').output}@{activity('Inner').output}@{item()}"), ...after('Inner') },
    ];
    const each = {
      name: 'Each',
      type: 'ForEach',
      typeProperties: { items: "@activity('A').output.value", activities: inner },
      ...after('A'),
    };

    expect(errorsOf([wait('A'), each])).toEqual([]);
    expect(
      errorsOf([wait('A'), each, { ...text("@activity('Inner').output"), name: 'Out', ...after('Each') }]),
    ).toHaveLength(1);
  });

  it('CF-03 of the condition of an Until reach what it repeats', () => {
    const until = {
      name: 'U',
      type: 'Until',
      typeProperties: { expression: "@equals(activity('Ask').Status, 'Succeeded')", activities: [wait('Ask')] },
    };

    expect(errorsOf([until])).toEqual([]);
  });

  it('EX-02 take any global parameter where nobody knows which there are', () => {
    const activities = [text('@pipeline().globalParameters.env')];

    expect(errorsOf(activities)).toEqual([]);
  });
});
