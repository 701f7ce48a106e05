import { describe, expect, it } from 'vitest';

import {
  activityOf,
  after,
  appendVariable,
  fail,
  lookup,
  outputOf,
  refuse,
  runControl,
  setVariable,
  statusesOf,
  wait,
} from './control-run.ts';

const expression = (value: string) => ({ type: 'Expression', value });

describe('ForEach', () => {
  const forEach = (more: object, activities: readonly object[]) => ({
    name: 'Loop',
    type: 'ForEach',
    typeProperties: { items: expression('@pipeline().parameters.list'), activities, ...more },
  });
  const list = (items: readonly unknown[]) => ({
    parameters: { list: { type: 'Array' } },
    given: { list: items as never },
    variables: { seen: { type: 'Array' } },
  });

  it('CF-01 goes through the items one after the other, each visible as item()', async () => {
    const { run, clock } = await runControl({
      ...list(['a', 'b', 'c']),
      activities: [
        forEach({ isSequential: true }, [wait('Pause', 60), appendVariable('Add', 'seen', '@item()', after('Pause'))]),
      ],
    });

    expect(run).toMatchObject({ status: 'Succeeded', variables: { seen: ['a', 'b', 'c'] }, durationInMs: 180_000 });
    expect(clock.sleepsMs).toEqual([60_000, 60_000, 60_000]);
    expect(statusesOf(run)).toEqual([
      'Loop Succeeded',
      ...['a', 'b', 'c'].flatMap(() => ['Pause Succeeded', 'Add Succeeded']),
    ]);
  });

  it.each([
    [{}, 20],
    [{ batchCount: 3 }, 3],
    [{ batchCount: expression('@add(1, 1)') }, 2],
  ])('CF-01 runs as many items at the same time as %j says', async (more, atOnce) => {
    let [now, peak] = [0, 0];
    const { run } = await runControl({
      ...list(Array.from({ length: 30 }, (_, n) => n)),
      activities: [forEach(more, [lookup('Look')])],
      scripts: {
        async Look({ engine, signal }) {
          peak = Math.max(peak, ++now);
          await engine.clock.sleep(1_000, signal);
          now--;
          return {};
        },
      },
    });

    expect(run.status).toBe('Succeeded');
    expect(peak).toBe(atOnce);
    expect(run.durationInMs).toBe(Math.ceil(30 / atOnce) * 1_000);
  });

  it('CF-01 goes on after an item that fails, and fails at the end naming the inner activity', async () => {
    const { run } = await runControl({
      ...list([1, 2, 3]),
      activities: [forEach({ isSequential: true }, [lookup('Look')])],
      scripts: { Look: (parts) => (parts.evaluate('@item()', 'x') === 2 ? refuse('two is bad') : {}) },
    });

    expect(statusesOf(run)).toEqual(['Loop Failed', 'Look Succeeded', 'Look Failed', 'Look Succeeded']);
    expect(run.message).toBe(
      'Operation on target Loop failed: Activity failed because an inner activity failed; Inner activity name: Look, Error: two is bad',
    );
  });

  it('CF-01 keeps the activities of one item from those of another', async () => {
    const { run } = await runControl({
      ...list([3, 2, 1]),
      activities: [
        forEach({}, [lookup('Look'), appendVariable('Add', 'seen', "@activity('Look').output.n", after('Look'))]),
      ],
      scripts: {
        async Look({ engine, signal, evaluate }) {
          const n = evaluate('@item()', 'x');
          await engine.clock.sleep(Number(n) * 1000, signal);
          return { n };
        },
      },
    });

    expect(run.variables).toEqual({ seen: [1, 2, 3] });
  });

  it('CF-01 takes no items for nothing to do, and anything but an array for a failure', async () => {
    const none = await runControl({ ...list([]), activities: [forEach({}, [fail('Never')])] });
    const text = await runControl({
      activities: [forEach({ items: expression("@concat('a', 'b')") }, [fail('Never')])],
    });

    expect(none.run.status).toBe('Succeeded');
    expect(outputOf(none.run, 'Loop')).toEqual({ itemsCount: 0 });
    expect(text.run.message).toContain('typeProperties.items must be an array');
  });

  it('CF-01 sees what was done before the loop from within it', async () => {
    const { run } = await runControl({
      ...list(['x']),
      activities: [
        lookup('Before'),
        {
          ...forEach({}, [appendVariable('Add', 'seen', "@concat(activity('Before').output.mark, item())")]),
          ...after('Before'),
        },
      ],
      scripts: { Before: () => ({ mark: 'm-' }) },
    });

    expect(run.variables).toEqual({ seen: ['m-x'] });
  });
});

describe('branches', () => {
  const ifCondition = (condition: string, more: object = {}) => ({
    name: 'If',
    type: 'IfCondition',
    typeProperties: {
      expression: expression(condition),
      ifTrueActivities: [wait('Then', 1)],
      ifFalseActivities: [wait('Else', 1)],
      ...more,
    },
  });

  it('CF-02 takes the branch the condition chooses', async () => {
    const yes = await runControl({ activities: [ifCondition('@equals(1, 1)')] });
    const no = await runControl({ activities: [ifCondition('@equals(1, 2)')] });

    expect(statusesOf(yes.run)).toEqual(['If Succeeded', 'Then Succeeded']);
    expect(statusesOf(no.run)).toEqual(['If Succeeded', 'Else Succeeded']);
  });

  it('CF-02 does nothing where there is no branch, and fails where the condition is no boolean', async () => {
    const none = await runControl({ activities: [ifCondition('@false', { ifFalseActivities: undefined })] });
    const text = await runControl({ activities: [ifCondition("@string('true')")] });

    expect(statusesOf(none.run)).toEqual(['If Succeeded']);
    expect(text.run.message).toContain('typeProperties.expression must be true or false');
  });

  it('CF-02 fails with what fails in the branch', async () => {
    const { run } = await runControl({
      activities: [ifCondition('@true', { ifTrueActivities: [fail('Inner', 'oh')] })],
    });

    expect(run.message).toBe(
      'Operation on target If failed: Activity failed because an inner activity failed; Inner activity name: Inner, Error: oh',
    );
  });

  it.each([
    ['red', 'Red'],
    ['Red', 'Other'],
    ['blue', 'Other'],
  ])('CF-02 switches on the text %s, letter by letter', async (color, chosen) => {
    const { run } = await runControl({
      parameters: { color: { type: 'String' } },
      given: { color },
      activities: [
        {
          name: 'Choose',
          type: 'Switch',
          typeProperties: {
            on: expression('@pipeline().parameters.color'),
            cases: [{ value: 'red', activities: [wait('Red', 1)] }],
            defaultActivities: [wait('Other', 1)],
          },
        },
      ],
    });

    expect(statusesOf(run)).toEqual(['Choose Succeeded', `${chosen} Succeeded`]);
  });
});

describe('Until', () => {
  const until = (activities: readonly object[], more: object = {}) => ({
    name: 'Repeat',
    type: 'Until',
    typeProperties: { expression: expression("@greaterOrEquals(activity('Look').output.n, 3)"), activities, ...more },
  });

  it('CF-03 runs the body first and tests then, until the condition holds', async () => {
    const { run } = await runControl({
      activities: [until([lookup('Look'), wait('Pause', 10, after('Look'))])],
      scripts: { Look: (_parts, attempt) => ({ n: attempt + 1 }) },
    });

    expect(run).toMatchObject({ status: 'Succeeded', durationInMs: 30_000 });
    expect(statusesOf(run).filter((status) => status === 'Look Succeeded')).toHaveLength(3);
  });

  it('CF-03 goes on after a round that fails, and ends as its last round does', async () => {
    const scripts = { Look: (_parts: unknown, attempt: number) => (attempt === 0 ? refuse() : { n: 3 }) };
    const done = { expression: expression("@equals(activity('Look').Status, 'Succeeded')") };
    const { run } = await runControl({ activities: [until([lookup('Look')], done)], scripts });

    expect(run.status).toBe('Succeeded');
    expect(statusesOf(run)).toEqual(['Repeat Succeeded', 'Look Failed', 'Look Succeeded']);
  });

  it('CF-03 fails when its time is up, 7 days by default', async () => {
    const rounds = [lookup('Look'), wait('Pause', 3_600, after('Look'))];
    const given = await runControl({
      activities: [until(rounds, { timeout: '0.02:30:00' })],
      scripts: { Look: () => ({ n: 0 }) },
    });
    const always = await runControl({ activities: [until(rounds)], scripts: { Look: () => ({ n: 0 }) } });

    expect(given.run).toMatchObject({ status: 'Failed', durationInMs: 9_000_000 });
    expect(activityOf(given.run, 'Repeat').error).toMatchObject({ errorCode: 'DEADLINE_EXCEEDED' });
    expect(always.run.durationInMs).toBe(7 * 86_400_000);
  });
});

describe('nesting', () => {
  it('runs what is in a loop in a pipeline of its own', async () => {
    const { run, childRuns } = await runControl({
      parameters: { list: { type: 'Array' } },
      given: { list: ['a', 'b'] },
      activities: [
        {
          name: 'Loop',
          type: 'ForEach',
          typeProperties: {
            items: expression('@pipeline().parameters.list'),
            isSequential: true,
            activities: [
              {
                name: 'Call',
                type: 'ExecutePipeline',
                typeProperties: {
                  pipeline: { referenceName: 'Child', type: 'PipelineReference' },
                  parameters: { what: '@item()' },
                  waitOnCompletion: true,
                },
              },
            ],
          },
        },
      ],
      pipelines: {
        Child: {
          parameters: { what: { type: 'String' } },
          variables: { got: { type: 'String' } },
          activities: [setVariable('Set', 'got', '@pipeline().parameters.what')],
        },
      },
    });

    expect(run.status).toBe('Succeeded');
    expect(childRuns.map(({ variables }) => variables)).toEqual([{ got: 'a' }, { got: 'b' }]);
  });
});
