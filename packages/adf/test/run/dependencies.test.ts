import { describe, expect, it } from 'vitest';

import { activityOf, after, fail, lookup, refuse, runControl, setVariable, statusesOf, wait } from './control-run.ts';

describe('dependencies', () => {
  it('PL-04 starts an activity when all it depends on has ended, and the others at once', async () => {
    const { run } = await runControl({
      activities: [
        wait('Last', 1, after('Slow', 'Quick')),
        wait('Slow', 60),
        wait('Quick', 5),
        wait('Next', 5, after('Quick')),
      ],
    });

    const startOf = (name: string): string | null => activityOf(run, name).activityRunStart;
    expect(run.status).toBe('Succeeded');
    expect([startOf('Slow'), startOf('Quick')]).toEqual(['2026-03-02T09:00:00.000Z', '2026-03-02T09:00:00.000Z']);
    expect(startOf('Next')).toBe('2026-03-02T09:00:05.000Z');
    expect(startOf('Last')).toBe('2026-03-02T09:01:00.000Z');
    expect(run).toMatchObject({ durationInMs: 61_000, message: '' });
  });

  it.each([
    ['Succeeded', 'Good Bad Skip', 'Good'],
    ['Failed', 'Good Bad Skip', 'Bad'],
    ['Completed', 'Good Bad Skip', 'Good Bad'],
    ['Skipped', 'Good Bad Skip', 'Skip'],
  ])('PL-04 runs what is conditioned on %s only then', async (condition, before, ran) => {
    const { run } = await runControl({
      activities: [
        wait('Good', 1),
        fail('Bad'),
        wait('Skip', 1, after('Bad')),
        ...before.split(' ').map((name) => wait(`After${name}`, 1, after([name, condition]))),
      ],
    });

    const started = statusesOf(run).filter((status) => /^After\w+ Succeeded$/.test(status));
    expect(started.toSorted()).toEqual(
      ran
        .split(' ')
        .map((name) => `After${name} Succeeded`)
        .toSorted(),
    );
  });

  it('PL-04 takes several conditions of one dependency as or, and several dependencies as and', async () => {
    const { run } = await runControl({
      activities: [
        fail('Bad'),
        wait('Good', 1),
        wait('Either', 1, after(['Bad', 'Succeeded', 'Failed'])),
        wait('Both', 1, after(['Bad', 'Failed'], 'Good')),
        wait('Not', 1, after('Bad', 'Good')),
      ],
    });

    expect(statusesOf(run)).toEqual(
      expect.arrayContaining(['Either Succeeded', 'Both Succeeded', 'Not Skipped']) as unknown,
    );
  });

  it('PL-04 passes skipping on, and takes skipped activities down, which never ran', async () => {
    const { run } = await runControl({
      activities: [
        fail('Bad'),
        wait('B', 1, after('Bad')),
        wait('C', 1, after('B')),
        wait('D', 1, after(['B', 'Completed'])),
      ],
    });

    expect(statusesOf(run)).toEqual(['Bad Failed', 'B Skipped', 'C Skipped', 'D Skipped']);
    expect(activityOf(run, 'C')).toMatchObject({
      activityRunStart: null,
      durationInMs: null,
      output: null,
      error: null,
    });
  });
});

describe('the status of a pipeline', () => {
  const handler = (conditions: readonly [string, ...string[]]) => wait('Handler', 1, after(['A', ...conditions]));
  const next = wait('Next', 1, after('A'));
  const cases: readonly (readonly [string, readonly object[], string, string])[] = [
    ['only a branch for failure', [handler(['Failed'])], 'Succeeded', 'Succeeded'],
    ['a branch for success and one for failure', [next, handler(['Failed'])], 'Succeeded', 'Failed'],
    [
      'the same and a dummy on the skipped branch',
      [next, handler(['Failed']), wait('Dummy', 1, after(['Next', 'Skipped']))],
      'Succeeded',
      'Succeeded',
    ],
    [
      'a step behind the handler that runs either way',
      [handler(['Failed']), wait('After', 1, after(['Handler', 'Succeeded', 'Skipped']))],
      'Succeeded',
      'Succeeded',
    ],
    ['no branch at all', [], 'Succeeded', 'Failed'],
  ];

  it.each(cases)('PL-05 is that of its leaves, where a skipped one is stood in for: %s', async (_, more, good, bad) => {
    const pipeline = [lookup('A'), ...more] as readonly Record<string, unknown>[];

    const succeeded = await runControl({ activities: pipeline });
    const failed = await runControl({ activities: pipeline, scripts: { A: () => refuse() } });

    expect([succeeded.run.status, failed.run.status]).toEqual([good, bad]);
  });

  it('ERR-01 names the activity that failed and what it said', async () => {
    const { run } = await runControl({ activities: [fail('Stop', 'the lake is dry'), wait('On', 1, after('Stop'))] });

    expect(run).toMatchObject({ status: 'Failed', message: 'Operation on target Stop failed: the lake is dry' });
    expect(activityOf(run, 'Stop').error).toEqual({
      errorCode: 'E-42',
      message: 'the lake is dry',
      failureType: 'UserError',
      target: 'Stop',
      details: [],
    });
  });

  it('PL-07 takes an inactive activity for what it is marked as, without running it', async () => {
    const inactive = (as: string) => ({ state: 'Inactive', onInactiveMarkAs: as });
    const { run } = await runControl({
      variables: { seen: { type: 'String' } },
      activities: [
        fail('A', 'x', { state: 'Inactive' }),
        fail('B', 'x', inactive('Failed')),
        fail('C', 'x', inactive('Skipped')),
        setVariable('AfterA', 'seen', 'yes', after('A')),
        wait('AfterB', 1, after(['B', 'Failed'])),
        wait('AfterC', 1, after(['C', 'Skipped'])),
      ],
    });

    expect(run).toMatchObject({ status: 'Succeeded', variables: { seen: 'yes' } });
    expect(statusesOf(run)).toEqual(
      expect.arrayContaining([
        'A Succeeded',
        'B Failed',
        'C Skipped',
        'AfterB Succeeded',
        'AfterC Succeeded',
      ]) as unknown,
    );
    expect(activityOf(run, 'A').activityRunStart).toBeNull();
  });
});
