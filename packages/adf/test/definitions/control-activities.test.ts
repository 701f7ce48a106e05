import { describe, expect, it } from 'vitest';

import { factoryOf, messagesOf, reference } from './factory-files.ts';
import { errorsOf, setVariable, wait, type Json } from './pipeline-factory.ts';

describe('control activities', () => {
  const each = (typeProperties: Json): Json => ({
    name: 'Each',
    type: 'ForEach',
    typeProperties: { items: '@createArray(1)', activities: [], ...typeProperties },
  });

  it.each([
    ['CF-01 more than 50 at once', { batchCount: 51 }, '[0].typeProperties.batchCount: must be at most 50'],
    ['CF-01 no items', { items: undefined }, '[0].typeProperties.items: is missing'],
    ['CF-01 items that are written out', { items: [1] }, '[0].typeProperties.items: must be an object, not a list'],
    [
      'CF-01 order that is no flag',
      { isSequential: 1 },
      '[0].typeProperties.isSequential: must be true or false, not a number',
    ],
  ])('%s', (_name, changes, expected) => {
    expect(errorsOf([each(changes)])).toEqual([expected]);
  });

  it('CF-01 loops are refused within each other, branches within branches', () => {
    const branch = (name: string, inner: Json): Json => ({
      name,
      type: 'IfCondition',
      typeProperties: { expression: '@equals(1, 1)', ifTrueActivities: [inner] },
    });
    const inner = { ...each({}), name: 'Inner' };

    expect(errorsOf([each({ activities: [inner] })])).toEqual([
      '[0].typeProperties.activities[0].type: ForEach cannot be within ForEach',
    ]);
    expect(errorsOf([branch('If', inner)])).toEqual([
      '[0].typeProperties.ifTrueActivities[0].type: ForEach cannot be within IfCondition',
    ]);
    expect(errorsOf([branch('If', branch('If2', wait('W')))])).toHaveLength(1);
  });

  it('CF-01 branches within loops are refused only for parity with the page', () => {
    const activities = [
      each({ activities: [{ name: 'If', type: 'IfCondition', typeProperties: { expression: '@equals(1, 1)' } }] }),
    ];

    expect(errorsOf(activities)).toEqual([]);
    expect(errorsOf(activities, {}, { strict: true })).toHaveLength(1);
  });

  it('CF-02 a branch needs a condition, a switch cases that differ', () => {
    const cases = [{ value: 'a', activities: [] }, { value: 'a' }, { activities: [] }];

    expect(errorsOf([{ name: 'If', type: 'IfCondition', typeProperties: {} }])).toEqual([
      '[0].typeProperties.expression: is missing',
    ]);
    expect(errorsOf([{ name: 'S', type: 'Switch', typeProperties: { on: '@string(1)', cases } }])).toEqual([
      '[0].typeProperties.cases[2].value: is missing',
    ]);
    expect(
      errorsOf([{ name: 'S', type: 'Switch', typeProperties: { on: '@string(1)', cases: cases.slice(0, 2) } }]),
    ).toEqual(['[0].typeProperties.cases[1].value: another case has the same value']);
  });

  it('CF-03 an Until takes at most 90 days', () => {
    const until = (timeout: string): Json => ({
      name: 'U',
      type: 'Until',
      typeProperties: { expression: '@equals(1, 1)', timeout, activities: [] },
    });

    expect(errorsOf([until('90.00:00:00')])).toEqual([]);
    expect(errorsOf([until('90.00:00:01')])).toEqual(['[0].typeProperties.timeout: must be at most 90 days']);
  });

  it.each([
    ['CF-04 an unknown variable', setVariable('w', 1), 'variableName: the pipeline has no variable "w"'],
    ['CF-04 a value of another type', setVariable('flag', 'maybe'), 'value: is no value of type Bool'],
    ['CF-04 a text for a list', setVariable('list', 'x'), 'value: is no value of type Array'],
    ['CF-04 no value', setVariable('text', undefined), 'value: is missing'],
    [
      'CF-04 itself',
      setVariable('text', "@concat(variables('TEXT'), 'x')"),
      'value: reads the variable "text", which it sets',
    ],
  ])('%s cannot be set', (_name, activity, expected) => {
    const variables = { flag: { type: 'Bool' }, list: { type: 'Array' }, text: { type: 'String' } };

    expect(errorsOf([activity], { variables })).toEqual([`[0].typeProperties.${expected}`]);
  });

  it('CF-04 only a list can be appended to', () => {
    const append = (variableName: string): Json => ({
      name: 'A',
      type: 'AppendVariable',
      typeProperties: { variableName, value: 1 },
    });
    const variables = { list: { type: 'Array' }, text: { type: 'String' } };

    expect(errorsOf([append('list')], { variables })).toEqual([]);
    expect(errorsOf([append('text')], { variables })).toEqual([
      '[0].typeProperties.variableName: the variable is of type String; only an Array can be appended to',
    ]);
  });

  it('CF-04 CF-05 return values are set under their one name', () => {
    const returns = (variableName: string): Json => ({
      name: 'R',
      type: 'SetVariable',
      typeProperties: {
        variableName,
        setSystemVariable: true,
        value: [{ key: 'rows', value: { type: 'Int', content: 5 } }],
      },
    });

    expect(errorsOf([returns('pipelineReturnValue')])).toEqual([]);
    expect(errorsOf([returns('rows')])).toEqual([
      '[0].typeProperties.variableName: must be "pipelineReturnValue" where setSystemVariable is true',
    ]);
  });

  it('CF-05 a pipeline that is run has to be there, gets what it needs, and does not run its caller', () => {
    const run = (name: string, parameters?: Json): Json => ({
      activities: [
        {
          name: 'Run',
          type: 'ExecutePipeline',
          typeProperties: {
            pipeline: reference(name, 'PipelineReference'),
            ...(parameters === undefined ? {} : { parameters }),
          },
        },
      ],
    });
    const child = { activities: [], parameters: { day: { type: 'String' } } };

    expect(messagesOf(factoryOf({ pipelines: { a: run('child', { day: '@utcNow()' }), child } }))).toEqual([]);
    expect(messagesOf(factoryOf({ pipelines: { a: run('child'), child } }))).toEqual([
      'properties.activities[0].typeProperties.pipeline: the pipeline "child" needs a value for its parameter "day"',
    ]);
    expect(messagesOf(factoryOf({ pipelines: { a: run('chld'), child } }))).toEqual([
      'properties.activities[0].typeProperties.pipeline.referenceName: there is no pipeline "chld"',
    ]);
    expect(messagesOf(factoryOf({ pipelines: { a: run('b'), b: run('a') } }))).toEqual([
      'properties: pipelines run each other in a circle: a, b, a',
      'properties: pipelines run each other in a circle: b, a, b',
    ]);
    expect(messagesOf(factoryOf({ pipelines: { a: run('child', { day: 1, night: 2 }), child } }), 'warning')).toEqual([
      'properties.activities[0].typeProperties.parameters.night: the pipeline "child" has no such parameter; the value has no effect',
    ]);
  });

  it.each([
    ['CF-06 a wait without a time', { type: 'Wait', typeProperties: {} }, 'waitTimeInSeconds: is missing'],
    [
      'CF-06 a wait of less than nothing',
      { type: 'Wait', typeProperties: { waitTimeInSeconds: -1 } },
      'waitTimeInSeconds: must be at least 0',
    ],
    [
      'CF-06 a failure without a message',
      { type: 'Fail', typeProperties: { message: ' ', errorCode: '1' } },
      'message: must not be blank',
    ],
    [
      'CF-06 a filter without a condition',
      { type: 'Filter', typeProperties: { items: '@createArray()' } },
      'condition: is missing',
    ],
  ])('%s is refused', (_name, activity, expected) => {
    expect(errorsOf([{ name: 'X', ...activity }])).toContain(`[0].typeProperties.${expected}`);
  });

  it('CF-06 the condition of a filter sees the item', () => {
    const filter = {
      name: 'F',
      type: 'Filter',
      typeProperties: { items: "@json('[1]')", condition: '@greater(item(), 0)' },
    };

    expect(errorsOf([filter])).toEqual([]);
  });
});
