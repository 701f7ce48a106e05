import { describe, expect, it } from 'vitest';

import {
  activityOf,
  after,
  appendVariable,
  fail,
  lookup,
  outputOf,
  runControl,
  setVariable,
  statusesOf,
  wait,
} from './control-run.ts';

describe('variables', () => {
  const variables = {
    text: { type: 'String', defaultValue: 'first' },
    yes: { type: 'Boolean' },
    whole: { type: 'Integer' },
    list: { type: 'Array', defaultValue: [1] },
  };

  it('CF-04 keeps the type of each variable, and gives their final values by name', async () => {
    const { run } = await runControl({
      variables,
      activities: [
        setVariable('A', 'text', "@concat(variables('list')[0], '!')"),
        setVariable('B', 'yes', '@equals(1, 1)'),
        setVariable('C', 'whole', '@add(40, 2)'),
        appendVariable('D', 'list', '@createArray(2)', after('A')),
        appendVariable('E', 'list', 'three', after('D')),
      ],
    });

    expect(run.status).toBe('Succeeded');
    expect(run.variables).toEqual({ text: '1!', yes: true, whole: 42, list: [1, [2], 'three'] });
    expect(outputOf(run, 'E')).toEqual({ name: 'list', value: [1, [2], 'three'] });
  });

  it('CF-04 gives variables that were never set their default, or null', async () => {
    const { run } = await runControl({ variables, activities: [] });

    expect(run.variables).toEqual({ text: 'first', yes: null, whole: null, list: [1] });
  });

  it.each([
    ['whole', "@string('many')", 'the variable "whole" takes a whole number'],
    ['yes', '@createArray(1)', 'the variable "yes" takes true or false'],
    ['list', "@string('x')", 'the variable "list" takes an array'],
    ['text', '@createArray(1)', 'the variable "text" takes a text'],
  ])('CF-04 refuses a value of another type: %s', async (name, value, message) => {
    const { run } = await runControl({ variables, activities: [setVariable('Set', name, value)] });

    expect(run).toMatchObject({ status: 'Failed', message: `Operation on target Set failed: ${message}` });
  });

  it('CF-04 loses no value that parallel items append', async () => {
    const items = Array.from({ length: 200 }, (_, n) => n);
    const { run } = await runControl({
      variables: { seen: { type: 'Array' } },
      activities: [
        {
          name: 'Loop',
          type: 'ForEach',
          typeProperties: {
            items: { type: 'Expression', value: '@range(0, 200)' },
            batchCount: 50,
            activities: [appendVariable('Add', 'seen', '@item()')],
          },
        },
      ],
    });

    expect((run.variables['seen'] as number[]).toSorted((a, b) => a - b)).toEqual(items);
  });
});

describe('ExecutePipeline', () => {
  const call = (more: object = {}) => ({
    name: 'Call',
    type: 'ExecutePipeline',
    typeProperties: {
      pipeline: { referenceName: 'Child', type: 'PipelineReference' },
      waitOnCompletion: true,
      ...more,
    },
  });
  const child = (activities: readonly object[], more: object = {}) => ({
    pipelines: { Child: { activities, ...more } },
  });

  it('CF-05 passes parameters by their types, waits, and hands return values back', async () => {
    const { run, childRuns } = await runControl({
      variables: { got: { type: 'String' } },
      activities: [
        call({ parameters: { n: '@add(1, 1)', t: 'x', list: '@createArray(1, 2)' } }),
        setVariable('Got', 'got', "@activity('Call').output.pipelineReturnValue.sum", after('Call')),
      ],
      ...child(
        [
          wait('Pause', 90),
          {
            name: 'Return',
            type: 'SetVariable',
            ...after('Pause'),
            typeProperties: {
              variableName: 'pipelineReturnValue',
              setSystemVariable: true,
              value: [
                { key: 'sum', value: { type: 'Expression', content: '@string(add(pipeline().parameters.n, 40))' } },
                { key: 'none', value: { type: 'Null' } },
              ],
            },
          },
        ],
        { parameters: { n: { type: 'Int' }, t: { type: 'String' }, list: { type: 'Array' } } },
      ),
    });

    expect(run).toMatchObject({ status: 'Succeeded', variables: { got: '42' }, durationInMs: 90_000 });
    expect(childRuns).toMatchObject([
      {
        pipelineName: 'Child',
        parameters: { n: 2, t: 'x', list: [1, 2] },
        invokedBy: { name: 'Call', invokedByType: 'PipelineActivity', pipelineName: 'Main', pipelineRunId: run.runId },
      },
    ]);
    expect(outputOf(run, 'Call')).toMatchObject({
      pipelineRunId: childRuns[0]?.runId,
      pipelineReturnValue: { sum: '42', none: null },
    });
  });

  it('CF-05 fails with the message of the pipeline it waited for', async () => {
    const { run } = await runControl({ activities: [call()], ...child([fail('Inner', 'the child is unwell')]) });

    expect(activityOf(run, 'Call').error?.message).toBe('Operation on target Inner failed: the child is unwell');
    expect(run.message).toBe('Operation on target Call failed: Operation on target Inner failed: the child is unwell');
  });

  it('CF-05 goes on without waiting by default, and the run ends when the other has', async () => {
    const { run, childRuns, clock } = await runControl({
      activities: [call({ waitOnCompletion: undefined }), wait('Next', 1, after('Call'))],
      ...child([wait('Slow', 600), fail('Bad', 'too late', after('Slow'))]),
    });

    expect(run).toMatchObject({ status: 'Succeeded', durationInMs: 1_000 });
    expect(childRuns).toMatchObject([{ status: 'Failed', durationInMs: 600_000 }]);
    expect(clock.now()).toBe(Date.UTC(2026, 2, 2, 9, 10));
  });

  it('CF-05 fails for a parameter the other pipeline has not, or of another type', async () => {
    const { run } = await runControl({
      activities: [call({ parameters: { n: "@string('x')" } })],
      ...child([], { parameters: { n: { type: 'Int' } } }),
    });

    expect(run.message).toContain('pipeline Child: the parameter "n" must be a whole number');
  });

  it('PL-01 lets no more runs of a pipeline go on at the same time than its concurrency says', async () => {
    const { run } = await runControl({
      activities: ['A', 'B', 'C'].map((name) => ({ ...call(), name })),
      ...child([wait('Pause', 60)], { concurrency: 2 }),
    });

    expect(run).toMatchObject({ status: 'Succeeded', durationInMs: 120_000 });
  });
});

describe('steps', () => {
  it('CF-06 waits as long as an expression says', async () => {
    const { run } = await runControl({
      activities: [wait('Wait', { type: 'Expression', value: '@mul(2, 45)' })],
    });

    expect(activityOf(run, 'Wait').durationInMs).toBe(90_000);
  });

  it('CF-06 fails with the texts given, which may be expressions and must not be blank', async () => {
    const { run } = await runControl({ activities: [fail('Stop', "@concat('no ', 'way')")] });
    const blank = await runControl({ activities: [fail('Stop', "@concat(' ', ' ')")] });

    expect(activityOf(run, 'Stop').error).toMatchObject({ errorCode: 'E-42', message: 'no way' });
    expect(blank.run.message).toContain('typeProperties.message must be a text that is not blank');
  });

  it('CF-06 filters an array, in its order', async () => {
    const { run } = await runControl({
      activities: [
        {
          name: 'Filter',
          type: 'Filter',
          typeProperties: {
            items: { type: 'Expression', value: '@range(1, 6)' },
            condition: { type: 'Expression', value: '@equals(mod(item(), 2), 0)' },
          },
        },
      ],
    });

    expect(outputOf(run, 'Filter')).toEqual({ ItemsCount: 6, FilteredItemsCount: 3, Value: [2, 4, 6] });
  });
});

describe('a run', () => {
  it('PL-01 reads parameters by their types, and refuses what is missing, unknown or of another type', async () => {
    const parameters = {
      n: { type: 'Int' },
      on: { type: 'Bool' },
      list: { type: 'Array' },
      map: { type: 'Object' },
      rate: { type: 'Float' },
      name: { type: 'String', defaultValue: 'anon' },
    };
    const given = { n: '42', on: 'true', list: '[1,"a"]', map: '{"k":[]}', RATE: '2.5' };
    const { run } = await runControl({ parameters, given, activities: [] });
    const bad = await runControl({ parameters, given: { ...given, n: 'many', other: 'x' }, activities: [] });

    expect(run.parameters).toEqual({ n: 42, on: true, list: [1, 'a'], map: { k: [] }, rate: 2.5, name: 'anon' });
    expect(bad.run).toMatchObject({ status: 'Failed', activityRuns: [] });
    expect(bad.run.message).toContain('there is no parameter "other"; the parameter "n" must be a whole number');
  });

  it('EX-02 sees the system variables of its pipeline', async () => {
    const { run } = await runControl({
      variables: { seen: { type: 'String' } },
      activities: [
        setVariable(
          'Set',
          'seen',
          '@{pipeline().Pipeline} @{pipeline().RunId} @{pipeline().TriggerType} @{pipeline().TriggerTime}',
        ),
      ],
    });

    expect(run.variables['seen']).toBe(`Main ${run.runId} Manual 2026-03-02T09:00:00.0000000Z`);
  });

  it('EX-06 fails an activity for a property that is not there, and says which are', async () => {
    const { run } = await runControl({
      variables: { seen: { type: 'String' } },
      activities: [lookup('Look'), setVariable('Set', 'seen', "@activity('Look').output.firstRow.Mark", after('Look'))],
    });

    expect(statusesOf(run)).toEqual(['Look Succeeded', 'Set Failed']);
    expect(activityOf(run, 'Set').error).toMatchObject({ errorCode: 'InvalidTemplate', failureType: 'UserError' });
    expect(run.message).toContain('there is no property "firstRow"');
  });

  it('ERR-01 lets later activities read the status and the error of one that failed', async () => {
    const { run } = await runControl({
      variables: { seen: { type: 'String' } },
      activities: [
        fail('Bad', 'broken'),
        setVariable(
          'Set',
          'seen',
          "@{activity('Bad').Status}: @{activity('Bad').error.message}, @{activity('Bad').error.errorCode}",
          after(['Bad', 'Failed']),
        ),
      ],
    });

    expect(run.variables['seen']).toBe('Failed: broken, E-42');
  });

  it('MON-05 has the members of the service in the records of runs and activities', async () => {
    const { run } = await runControl({ activities: [wait('Wait', 1)] });

    expect(run).toEqual({
      runId: '00000000-0000-4000-8000-000000000001',
      pipelineName: 'Main',
      status: 'Succeeded',
      message: '',
      parameters: {},
      variables: {},
      invokedBy: { name: 'Manual', invokedByType: 'Manual' },
      runStart: '2026-03-02T09:00:00.000Z',
      runEnd: '2026-03-02T09:00:01.000Z',
      durationInMs: 1000,
      activityRuns: [
        {
          activityRunId: '00000000-0000-4000-8000-000000000002',
          activityName: 'Wait',
          activityType: 'Wait',
          status: 'Succeeded',
          activityRunStart: '2026-03-02T09:00:00.000Z',
          activityRunEnd: '2026-03-02T09:00:01.000Z',
          durationInMs: 1000,
          retryAttempt: 0,
          input: { waitTimeInSeconds: 1 },
          output: {},
          error: null,
        },
      ],
    });
  });
});
