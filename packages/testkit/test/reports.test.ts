import type { Source } from '@sluice/core';
import { describe, expect, it } from 'vitest';

import { conforms, isPassed, type Report, reportJunit, reportMarkdown, reportText, runChecks } from '../src/index.ts';
import { recordOf } from '../src/report/record.ts';
import { sinkHarness, sourceHarness } from './memory-harness.ts';

const report: Report = {
  plugin: 'a <source>',
  kind: 'source',
  seed: 7,
  results: [
    { id: 'S2', title: 'One | two.', level: 'must', outcome: 'passed', durationMs: 12 },
    { id: 'S10', title: 'Three.', level: 'should', outcome: 'excepted', message: 'for "a reason"', durationMs: 3 },
    { id: 'S9', title: 'Four.', level: 'must', outcome: 'failed', message: 'has \0 & "b"', durationMs: 0 },
    { id: 'S5', title: 'Five.', level: 'must', outcome: 'inapplicable', message: 'needs requests', durationMs: 0 },
  ],
};

describe('a report', () => {
  it('reads line by line, and says how to repeat it', () => {
    expect(reportText(report).split('\n')).toEqual([
      'a <source> (source), seed 7',
      'ok   S2   One | two.',
      'exc  S10  Three.',
      '          for "a reason"',
      'FAIL S9   Four.',
      '          has \0 & "b"',
      '-    S5   Five.',
      '          needs requests',
      '1 passed, 1 failed, 1 excepted, 1 not applicable',
      'a <source> does not conform: S9 fails',
      '',
    ]);
  });

  it('is a table in Markdown', () => {
    expect(reportMarkdown(report)).toContain(
      '| S2 | must | One \\| two. | passed |  |\n| S10 | should | Three. | excepted |',
    );
    expect(reportMarkdown(report)).toContain('1 not applicable. It does not conform: S9 fails.\n');
  });

  it('is XML that a build server reads', () => {
    const xml = reportJunit(report);

    expect(xml).toContain('<testsuite name="a &lt;source&gt;" tests="4" failures="1" skipped="2" time="0.015">');
    expect(xml).toContain('<property name="verdict" value="does not conform: S9 fails"/>');
    expect(xml).toContain('<skipped message="excepted: for &quot;a reason&quot;"/></testcase>');
    expect(xml).toContain('name="S2: One | two." time="0.012"/>');
    expect(xml).toContain('<failure message="has \uFFFD &amp; &quot;b&quot;"/></testcase>');
    expect(xml).toContain('<skipped message="needs requests"/></testcase>');
  });

  it('is kept without what changes from run to run', () => {
    const record: unknown = JSON.parse(recordOf({ ...report, seed: 99 }));

    expect(recordOf({ ...report, seed: 99 })).toBe(recordOf(report));
    expect(record).toMatchObject({ plugin: 'a <source>', checks: { S10: 'excepted: for "a reason"', S2: 'passed' } });
  });

  it('conforms with an exception to what a plugin should do, and not with one to what it must', () => {
    const [passed, excepted] = [report.results[0]!, report.results[1]!];

    expect(conforms({ ...report, results: [passed, excepted] })).toBe(true);
    expect(conforms({ ...report, results: [passed, { ...excepted, level: 'must' }] })).toBe(false);
    expect(reportText({ ...report, results: [passed, { ...excepted, level: 'must' }] })).toContain(
      'a <source> does not conform: S10 is a must and excepted\n',
    );
    expect(reportText({ ...report, results: [passed, excepted] })).toContain('a <source> conforms\n');
    expect(isPassed({ ...report, results: [{ ...excepted, level: 'must' }] })).toBe(true);
    expect(isPassed(report)).toBe(false);
  });
});

/** All of it stands on what a copy of its own members lacks. */
class DelegatingSource implements Source {
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  get contractVersion() {
    return this.#source.contractVersion;
  }

  get name() {
    return this.#source.name;
  }

  get config() {
    return this.#source.config;
  }

  get traits() {
    return this.#source.traits;
  }

  check(...args: Parameters<Source['check']>) {
    return this.#source.check(...args);
  }

  plan(...args: Parameters<Source['plan']>) {
    return this.#source.plan(...args);
  }

  splits(...args: Parameters<Source['splits']>) {
    return this.#source.splits(...args);
  }

  read(...args: Parameters<Source['read']>) {
    return this.#source.read(...args);
  }

  finish(...args: Parameters<Source['finish']>) {
    return this.#source.finish(...args);
  }

  [Symbol.asyncDispose]() {
    return this.#source[Symbol.asyncDispose]();
  }
}

describe('runChecks', () => {
  it('tells which capability a check lacks', async () => {
    const harness = sourceHarness({ harness: ({ secrets: _secrets, ...rest }) => rest });

    const { results } = await runChecks(harness, { only: ['B4'] });

    expect(results).toMatchObject([{ id: 'B4', outcome: 'inapplicable', message: 'needs secrets' }]);
  });

  it('takes a declared failure for an exception, and an exception that is not needed for a failure', async () => {
    const harness = sinkHarness({
      options: { refuseField: ({ name }) => name === 'map' },
      harness: (correct) => ({ ...correct, exceptions: { K1: 'it has no maps', B5: 'it says so' } }),
    });

    const { results } = await runChecks(harness, { only: ['K1', 'B5'] });

    expect(results).toMatchObject([
      { id: 'B5', outcome: 'failed', message: expect.stringContaining('the exception is not needed') },
      { id: 'K1', outcome: 'excepted', message: 'it has no maps' },
    ]);
  });

  it('takes a plugin that is an instance of a class', async () => {
    const only = ['B1', 'B7', 'S1', 'S28', 'S14'];
    const harness = sourceHarness({ source: (source) => new DelegatingSource(source) });

    const { results } = await runChecks(harness, { only });

    expect(results.map(({ id, outcome, message = outcome }) => [id, message])).toEqual(
      only.map((id) => [id, 'passed']),
    );
  });

  it('gives up on a check that does not settle', async () => {
    const { log } = globalThis.console;
    let open = 0;
    const harness = sourceHarness({
      source: (source) => ({ ...source, plan: () => new Promise(() => {}) }),
      harness: ({ fixture, ...rest }) => ({
        ...rest,
        async fixture(table) {
          open++;
          return {
            ...(await fixture(table)),
            async [Symbol.asyncDispose]() {
              open--;
            },
          };
        },
      }),
    });

    const { results } = await runChecks(harness, { only: ['S1', 'B13'], limitMs: 20 });

    const message = 'does not settle within 0.02 s: something it waits for never ends';
    expect(results).toMatchObject([
      { id: 'B13', outcome: 'failed', message },
      { id: 'S1', outcome: 'failed', message },
    ]);
    expect(open).toBe(0);
    expect(globalThis.console.log).toBe(log);
  });

  it('goes on to its end with a plugin that cannot be disposed of, and says so by name', async () => {
    const harness = sourceHarness({
      source: (source) => ({
        ...source,
        async [Symbol.asyncDispose]() {
          throw new TypeError('no socket');
        },
      }),
    });

    const { results } = await runChecks(harness, { only: ['B7', 'S1'] });

    expect(results).toMatchObject([
      { id: 'B7', outcome: 'failed', message: 'disposed of unused, it fails with TypeError: no socket' },
      { id: 'S1', outcome: 'failed', message: 'what the check used cannot be disposed of: TypeError: no socket' },
    ]);
  });

  it('goes on to its end with a plugin that declares no traits, and says so by name', async () => {
    const source = sourceHarness({ source: (correct) => ({ ...correct, traits: undefined as never }) });
    const sink = sinkHarness({ sink: (correct) => ({ ...correct, traits: undefined as never }) });

    for (const harness of [source, sink]) {
      const { results } = await runChecks(harness, { only: ['B1'] });

      expect(results).toMatchObject([{ id: 'B1', outcome: 'failed', message: 'it declares no traits' }]);
    }
  });

  it('names the plugin whose harness makes nothing to look at', async () => {
    const harness = sourceHarness({
      harness: (correct) => ({ ...correct, fixture: () => Promise.reject(new TypeError('no server')) }),
    });

    await expect(runChecks(harness)).rejects.toMatchObject({
      message: 'memory source: its harness makes nothing to look at',
      cause: { message: 'no server' },
    });
  });

  it('names a rejection that nobody handles, in whichever check it comes', async () => {
    const others = process.rawListeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    const harness = sourceHarness({
      source: (source) => ({
        ...source,
        async *read(...args) {
          void Promise.reject(new Error('read ahead'));
          yield* source.read(...args);
        },
      }),
    });

    const { results } = await runChecks(harness, { only: ['S1'] });
    // As they were given to it.
    for (const listener of others) process.on('unhandledRejection', listener as () => void);

    expect(results).toMatchObject([
      { id: 'S1', outcome: 'failed', message: 'leaves a rejection unhandled: Error: read ahead' },
    ]);
  });

  it('does the same with the same seed, and something else with another', async () => {
    // Where it is killed first so that a row is lost depends on the order in which places are tried.
    const harness = sourceHarness({
      source: (source) => ({
        ...source,
        async *read(...args) {
          for await (const delivery of source.read(...args)) {
            const row = Number(Reflect.get(delivery.position as object, 'row'));
            yield { ...delivery, position: { version: 1, row: row + 1 } };
          }
        },
      }),
    });
    const failure = async (seed: number): Promise<string> => recordOf(await runChecks(harness, { seed, only: ['P3'] }));

    const first = await failure(1);

    expect(first).toMatch(/killed (before|after) entry \d+ of \d+ and resumed/);
    expect(await failure(1)).toBe(first);
    expect(await failure(3)).not.toBe(first);
  });
});
