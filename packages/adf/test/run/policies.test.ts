import { describe, expect, it } from 'vitest';

import {
  activityOf,
  after,
  lookup,
  outputOf,
  refuse,
  runControl,
  setVariable,
  statusesOf,
  wait,
} from './control-run.ts';
import { VirtualClock } from './virtual-clock.ts';

describe('the policy of an activity', () => {
  it('PL-02 tries again as often as it says, after the interval, and takes each attempt down', async () => {
    const { run } = await runControl({
      activities: [lookup('Look', { policy: { retry: 2, retryIntervalInSeconds: 45 } })],
      scripts: { Look: (_parts, attempt) => (attempt < 2 ? refuse(`attempt ${attempt}`) : { count: 3 }) },
    });

    expect(run.status).toBe('Succeeded');
    expect(run.durationInMs).toBe(90_000);
    expect(run.activityRuns.map(({ status, retryAttempt, error }) => [status, retryAttempt, error?.message])).toEqual([
      ['Failed', 0, 'attempt 0'],
      ['Failed', 1, 'attempt 1'],
      ['Succeeded', 2, undefined],
    ]);
  });

  it('PL-02 fails with the last attempt, and does not try again by default', async () => {
    const scripts = { Look: (_parts: unknown, attempt: number) => refuse(`attempt ${attempt}`) };
    const once = await runControl({ activities: [lookup('Look')], scripts });
    const twice = await runControl({ activities: [lookup('Look', { policy: { retry: 1 } })], scripts });

    expect(once.run).toMatchObject({ status: 'Failed', message: 'Operation on target Look failed: attempt 0' });
    expect(twice.run).toMatchObject({ status: 'Failed', durationInMs: 30_000 });
    expect(twice.run.message).toContain('attempt 1');
  });

  it('PL-02 ends an attempt when its time is up, and that is a failure', async () => {
    const signals: AbortSignal[] = [];
    const { run } = await runControl({
      activities: [lookup('Look', { policy: { timeout: '0.00:10:00' } }), wait('Anyway', 1, after(['Look', 'Failed']))],
      scripts: {
        async Look({ signal, engine }) {
          signals.push(signal);
          await engine.clock.sleep(3_600_000, signal);
          return {};
        },
      },
    });

    expect(statusesOf(run)).toEqual(['Look Failed', 'Anyway Succeeded']);
    expect(activityOf(run, 'Look')).toMatchObject({ durationInMs: 600_000, error: { errorCode: 'DEADLINE_EXCEEDED' } });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('PL-02 gives an attempt 12 hours by default', async () => {
    const { run } = await runControl({
      activities: [lookup('Look')],
      scripts: {
        async Look({ signal, engine }) {
          await engine.clock.sleep(13 * 3_600_000, signal);
          return {};
        },
      },
    });

    expect(activityOf(run, 'Look').durationInMs).toBe(12 * 3_600_000);
  });

  it('PL-02 may be given by expressions', async () => {
    const { run } = await runControl({
      parameters: { tries: { type: 'Int' } },
      given: { tries: 1 },
      activities: [
        lookup('Look', {
          policy: {
            retry: { type: 'Expression', value: '@pipeline().parameters.tries' },
            timeout: "@concat('0.00:00', ':30')",
          },
        }),
      ],
      scripts: { Look: async ({ signal, engine }) => (await engine.clock.sleep(60_000, signal), {}) },
    });

    expect(run.activityRuns.map(({ durationInMs }) => durationInMs)).toEqual([30_000, 30_000]);
  });

  it('PL-03 hides input and output in the record and wherever the output goes, and lets it be used', async () => {
    const events: string[] = [];
    const { run } = await runControl({
      variables: { token: { type: 'String' }, size: { type: 'String' } },
      activities: [
        lookup('Look', { policy: { secureInput: true, secureOutput: true } }),
        setVariable('Keep', 'token', "@activity('Look').output.firstRow.Token", after('Look')),
        setVariable('Size', 'size', "@string(length(activity('Look').output.firstRow.Token))", after('Look')),
        setVariable('Derive', 'token', "@concat('Bearer ', activity('Look').output.firstRow.Token)", after('Keep')),
      ],
      scripts: {
        Look(parts) {
          parts.setInput({ query: 'SELECT Token FROM Vault' });
          return { firstRow: { Token: 'tok-4711-secret' } };
        },
      },
      onEvent: (event) => events.push(JSON.stringify(event)),
    });

    expect(run.status).toBe('Succeeded');
    expect(activityOf(run, 'Look')).toMatchObject({ input: '***', output: '***' });
    expect(run.variables).toEqual({ token: '***', size: '15' });
    expect(outputOf(run, 'Derive')).toEqual({ name: 'token', value: '***' });
    expect(JSON.stringify(run) + events.join()).not.toContain('tok-4711-secret');
  });

  it('KV-06 shows no SecureString parameter, wherever it goes, in errors and logs neither', async () => {
    const logged: unknown[] = [];
    const note = (...parts: readonly unknown[]): void => void logged.push(parts);
    const { run } = await runControl({
      parameters: { key: { type: 'SecureString' } },
      given: { key: 'hunter2-hunter2' },
      variables: { copy: { type: 'String' } },
      log: { debug: note, info: note, warn: note, error: note },
      activities: [setVariable('Set', 'copy', '@pipeline().parameters.key'), lookup('Look', after('Set'))],
      scripts: {
        Look({ engine, evaluate, setInput }) {
          const key = evaluate('@pipeline().parameters.key', 'x') as never;
          setInput({ key });
          const text = engine.redaction.reveal(key);
          engine.log.info(`trying ${text}`, { key: text });
          return refuse(`the key ${text} is wrong`);
        },
      },
    });

    expect(run).toMatchObject({ parameters: { key: '***' }, variables: { copy: '***' } });
    expect(run.message).toBe('Operation on target Look failed: the key *** is wrong');
    expect(logged).toEqual([['trying ***', { key: '***' }]]);
    expect(JSON.stringify(run)).not.toContain('hunter2');
  });

  it('KV-06 shows no part of a text that a SecureString went into, and no name that was made of one', async () => {
    const { run } = await runControl({
      parameters: { key: { type: 'SecureString' } },
      given: { key: 'hunter2-hunter2' },
      variables: { copy: { type: 'String' } },
      activities: [
        lookup('Look'),
        setVariable('Set', 'copy', "@json(concat('{\"', pipeline().parameters.key, '\": 1}')).other"),
      ],
      scripts: {
        Look({ engine, evaluate }) {
          const query = evaluate('SELECT Nope@{pipeline().parameters.key} FROM Item__c', 'x') as never;
          const [, field] = engine.redaction.reveal(query).split(' ');
          return refuse(`there is no field ${field}`);
        },
      },
    });

    expect(activityOf(run, 'Look').error?.message).toBe('there is no field Nope***');
    expect(activityOf(run, 'Set').error?.message).toMatch(/there is no property "other"; there is: \*\*\*$/);
    expect(JSON.stringify(run)).not.toContain('hunter2');
  });

  it('PL-09 is cancelled with the run: nothing begins any more, and what has begun says so', async () => {
    const controller = new AbortController();
    const clock = new VirtualClock();
    const { run } = await runControl({
      clock,
      signal: controller.signal,
      activities: [lookup('Look', { policy: { retry: 3 } }), wait('Wait', 3_600), wait('Never', 1, after('Look'))],
      scripts: {
        async Look({ signal, engine }) {
          await engine.clock.sleep(5_000, signal);
          controller.abort(new DOMException('stop', 'AbortError'));
          signal.throwIfAborted();
          return {};
        },
      },
    });

    expect(run.status).toBe('Cancelled');
    expect(statusesOf(run)).toEqual(['Look Cancelled', 'Wait Cancelled']);
  });
});
