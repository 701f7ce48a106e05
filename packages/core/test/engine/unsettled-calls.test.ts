import { describe, expect, it } from 'vitest';

import type { Logger } from '../../src/contract/context.ts';
import type { LeftBehind } from '../../src/contract/source.ts';
import { read } from '../../src/engine/read.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { failureOf } from '../thrown.ts';
import { crashJournal } from './crash.ts';
import { memorySource, type Step } from './memory-source.ts';
import { splitsOf } from './row-batches.ts';
import { scene } from './scene.ts';
import { sideDisk } from './side-double.ts';
import { virtualClock } from './virtual-clock.ts';

const splits = splitsOf(9, 9);
const reason = new Error('enough');

/** Says that a step has begun, and never lets it end. */
function hangingAt(where: string, begun: () => void = () => {}): Step {
  return (step) => {
    if (step !== where) return undefined;
    begun();
    return new Promise(() => {});
  };
}

function warnings(): Logger & { readonly said: readonly string[] } {
  const said: string[] = [];
  return { said, debug() {}, info() {}, warn: (message) => void said.push(message), error() {} };
}

const unsettled = (call: string, ms: number): LeftBehind => ({
  kind: 'unsettled call',
  id: call,
  reason: `It did not settle within ${ms} ms of being aborted.`,
  hint: 'A call has to end when its signal aborts: this is a defect of the plugin; report it to its author.',
});

const ofSource: readonly [string, string][] = [
  ['check', 'check, source numbers'],
  ['plan', 'plan, source numbers'],
  ['splits', 'splits, source numbers'],
  ['split 1', 'splits, source numbers'],
  ['deliver 0 at 4', 'read, source numbers'],
];
const ofSink: readonly [string, string][] = [
  ['check', 'check, sink disk'],
  ['open create', 'open, sink disk'],
  ['writer 0/0', 'writer of part 0 of split 0, sink disk'],
  ['write 0/0 4', 'write of part 0 of split 0, sink disk'],
  ['prepare 0/0', 'prepare of part 0 of split 0, sink disk'],
  ['close 0/0', 'dispose of the writer of part 0 of split 0, sink disk'],
  ['commit 2', 'commit of 2 parts, sink disk'],
  ['result 1/0', 'commit of 2 parts, sink disk'],
];

describe('a call that never settles', () => {
  it.each([
    ...ofSource.map(([step, call]) => ['source', step, call] as const),
    ...ofSink.map(([step, call]) => ['sink', step, call] as const),
  ])('of the %s at %s is named when the run is cancelled', async (side, step, call) => {
    const controller = new AbortController();
    const at = hangingAt(step, () => controller.abort(reason));
    const log = warnings();
    const { start, clock } = scene({ splits, ...(side === 'source' ? { at } : {}) }, side === 'sink' ? { at } : {});
    const run = start({ signal: controller.signal, log, cleanupMs: 7000 });

    const failure = await failureOf(clock.settle(run));

    expect(failure).toBe(reason);
    expect(run.leftBehind).toContainEqual(unsettled(call, 7000));
    expect(log.said).toContain(`left alone: ${call}`);
    expect(run.pendingCalls).toMatchObject([{ call: call.split(', ')[0] }]);
  });

  it.each([true, false])('is named by the error of a run that fails (kept: %s)', async (isKept) => {
    const at: Step = (step, ctx) => {
      if (step === 'prepare 1/0') throw new SluiceError('REMOTE_REFUSED', 'no');
      return hangingAt('write 0/0 4')(step, ctx);
    };
    const journal = crashJournal(new Map());
    const { start, clock } = scene({ splits }, { at }, isKept ? { id: 'a', journal } : {});
    const run = start();

    const failure = await failureOf(clock.settle(run));

    const call = 'write of part 0 of split 0, sink disk';
    expect(failure).toMatchObject({
      code: 'REMOTE_REFUSED',
      hint: expect.stringContaining(`Left behind: unsettled call ${call} (It did not settle within 10000 ms`),
      details: { leftBehind: [unsettled(call, 10_000)] },
    });
    expect(run.leftBehind).toEqual([unsettled(call, 10_000)]);
  });

  it('of a sink that commits by part has had the time to settle first', async () => {
    const controller = new AbortController();
    const at = hangingAt('commit 1', () => controller.abort(reason));
    const { start, clock } = scene({ splits: splitsOf(4) }, { at, commit: 'part' });
    const run = start({ signal: controller.signal });

    await failureOf(clock.settle(run));

    expect(run.leftBehind).toContainEqual(unsettled('commit of part 0 of split 0, sink disk', 20_000));
  });

  it('of a sink beside is named with what it is there for', async () => {
    const controller = new AbortController();
    const at = hangingAt('open', () => controller.abort(reason));
    const { start, clock } = scene({ splits });
    const run = start({ signal: controller.signal, rejected: sideDisk().sink({ at }) });

    await failureOf(clock.settle(run));

    expect(run.leftBehind).toContainEqual(unsettled('open, sink of rejected rows beside', 10_000));
  });

  it.each([
    ['finish abandoned', 'numbers', 'clean-up did not end within 10000 ms: finish'],
    ['abort 2', 'disk', 'clean-up did not end within 10000 ms: abort'],
  ])('at %s is named as clean-up', async (step, id, told) => {
    const at: Step = (name, ctx) => {
      if (name === 'commit 2') throw new SluiceError('REMOTE_REFUSED', 'no');
      return hangingAt(step)(name, ctx);
    };
    const { start, clock } = scene({ splits, at }, { at });
    const run = start();

    await failureOf(clock.settle(run));

    expect(run.leftBehind).toMatchObject([{ kind: 'unfinished clean-up', id, reason: told }]);
  });

  it('while it is let go of is told to the log', async () => {
    const log = warnings();
    const { copy } = scene({ splits }, { at: hangingAt('dispose') });

    await copy({ log });

    expect(log.said).toEqual(['disk could not be let go of']);
  });

  it('of a source that is read alone is told to the log', async () => {
    const controller = new AbortController();
    const log = warnings();
    const clock = virtualClock();
    const source = memorySource({ splits, at: hangingAt('deliver 0 at 4', () => controller.abort(reason)) });

    const failure = await failureOf(
      clock.settle(Array.fromAsync(read(source, { clock, log, signal: controller.signal }))),
    );

    expect(failure).toBe(reason);
    expect(log.said).toEqual(['left alone: read, source numbers']);
  });
});

describe('a call that settles when its run has settled without it', () => {
  const begins: readonly [string, string][] = [
    ['source', 'check'],
    ['source', 'plan'],
    ['sink', 'check'],
    ['sink', 'open create'],
    ['sink', 'writer 0/0'],
    ['sink', 'write 0/0 4'],
  ];
  it.each(begins)('of the %s at %s has nothing begun behind it', async (side, where) => {
    const controller = new AbortController();
    const { promise, resolve } = Promise.withResolvers<void>();
    const at: Step = (step) => {
      if (step !== where) return undefined;
      controller.abort(reason);
      return promise;
    };
    const beside = sideDisk();
    const begun: string[] = [];
    const { source, sink, start, clock } = scene(
      { splits: splitsOf(4), ...(side === 'source' ? { at } : {}) },
      { fullRows: 4, ...(side === 'sink' ? { at } : {}) },
    );
    const rejected = beside.sink({ at: (step) => void begun.push(step) });
    const ends: unknown[] = [];
    void failureOf(start({ signal: controller.signal, rejected })).then((failure) => ends.push(failure));
    // Rows are kept in files, for which no time of the clock passes.
    while (ends.length === 0) await clock.rest();
    const steps = (): readonly string[] =>
      [...source.steps, ...sink.steps, ...begun].filter((step) => !/^(end|close) /.test(step));
    const before = steps();
    expect(ends).toEqual([reason]);

    resolve();
    await clock.rest();

    expect(steps().toSorted()).toEqual(before.toSorted());
  });
});

describe('calls under way', () => {
  it('are shown with the time they began, however long they take, and end nothing', async () => {
    let go = (): void => {};
    const { start, clock } = scene(
      { splits: splitsOf(4) },
      { at: (step) => (step === 'prepare 0/0' ? new Promise<void>((resolve) => (go = resolve)) : undefined) },
    );
    const beganMs = clock.now();
    const run = start();
    await clock.rest();
    clock.advance(86_400_000);

    expect(run.pendingCalls).toEqual([{ plugin: 'sink disk', call: 'prepare of part 0 of split 0', sinceMs: beganMs }]);
    go();
    expect(await clock.settle(run)).toMatchObject({ writtenRows: 4, leftBehind: [] });
    expect(run.pendingCalls).toEqual([]);
  });
});
