import { getEventListeners } from 'node:events';

import type { StagedPart } from '../../../src/contract/sink.ts';
import { SluiceError } from '../../../src/error/sluice-error.ts';
import { memoryJournal } from '../../../src/journal/memory-journal.ts';
import { crashJournal } from '../../engine/crash.ts';
import type { Step } from '../../engine/memory-source.ts';
import { splitsOf } from '../../engine/row-batches.ts';
import { type EngineScene, engineScene } from '../engine-scene.ts';
import { ensure, failureUnless, type InvariantCheck, told } from '../invariant-check.ts';

const splits = splitsOf(9, 9, 9);
const CLEANUP_MS = 10_000;

function failingAt(where: string): Step {
  return (step) => {
    if (step === where) throw new SluiceError('REMOTE_REFUSED', 'no');
  };
}

function stepsLike({ source, sink }: Pick<EngineScene, 'source' | 'sink'>, pattern: RegExp): readonly string[] {
  return [...sink.steps, ...source.steps].filter((step) => pattern.test(step));
}

export const endsWithTheReason: InvariantCheck = {
  id: 'E10',
  title: 'A run that is cancelled settles with the reason itself, and takes its listeners off the signal.',
  async run(engine) {
    const reason = new Error('enough');
    for (const where of ['plan', 'deliver 1 at 4', 'write 0/0 4', 'commit 3']) {
      const controller = new AbortController();
      const at: Step = (step, ctx) => {
        if (step !== where) return;
        controller.abort(reason);
        ctx?.signal.throwIfAborted();
      };
      const { copy } = engineScene(engine, { splits, at }, { at });
      const failure = await failureUnless(copy({ signal: controller.signal }), 'a run that is cancelled succeeds');
      ensure(failure === reason, `cancelled at ${where}, a run ends with ${told(failure)} instead of the reason`);
      const listeners = getEventListeners(controller.signal, 'abort').length;
      ensure(listeners === 0, `cancelled at ${where}, a run leaves ${listeners} listeners on the signal`);
    }
  },
};

export const endsInTime: InvariantCheck = {
  id: 'E10-bound',
  title: 'Plugins that ignore their signal, and clean-up that never ends, hold a run up for `cleanupMs` each at most.',
  async run(engine) {
    const never = new Promise<never>(() => {});
    const controller = new AbortController();
    const at: Step = (step) => {
      if (step === 'write 0/0 4') controller.abort(new Error('enough'));
      return /^(write |abort|finish|dispose)/.test(step) ? never : undefined;
    };
    const { clock, start } = engineScene(engine, { splits, at }, { at }, { journal: memoryJournal() });
    const startMs = clock.now();
    const run = start({ signal: controller.signal, cleanupMs: CLEANUP_MS });
    await failureUnless(clock.settle(run), 'a run that is cancelled succeeds');
    const tookMs = clock.now() - startMs;
    // For what goes on, for what is to be ended, for what is to be let go of.
    ensure(tookMs <= 3 * CLEANUP_MS, `a run is held up for ${tookMs} ms with a bound of ${CLEANUP_MS} ms`);
    const named = run.leftBehind.map(({ id }) => id);
    ensure(
      named.includes('numbers') && named.includes('disk'),
      `clean-up that did not end is named of ${named.join(', ') || 'nobody'}`,
    );
  },
};

export const namesWhatHangs: InvariantCheck = {
  id: 'E10-call',
  title: 'A call that does not settle when its run is aborted is named, by its plugin and its method.',
  async run(engine) {
    for (const [where, call, plugin] of [
      ['deliver 1 at 4', 'read', 'numbers'],
      ['write 0/0 4', 'write', 'disk'],
      ['commit 3', 'commit', 'disk'],
    ] as const) {
      const controller = new AbortController();
      const at: Step = (step) => {
        if (step !== where) return undefined;
        controller.abort(new Error('enough'));
        return new Promise<never>(() => {});
      };
      const { clock, start } = engineScene(engine, { splits, at }, { at });
      const run = start({ signal: controller.signal });
      await failureUnless(clock.settle(run), 'a run that is cancelled succeeds');
      const named = run.leftBehind.map(({ id }) => id);
      ensure(
        named.some((id) => id.includes(call) && id.includes(plugin)),
        `of a ${call} of ${plugin} that never settles, a run names ${named.join(', ') || 'nothing'}`,
      );
    }
  },
};

export const abandonsWhatItStarted: InvariantCheck = {
  id: 'E10-abandon',
  title:
    'A run that nobody can resume ends what it started, once, when it fails: the sink’s parts and the source’s work.',
  async run(engine) {
    const one = engineScene(engine, { splits }, { part: { rows: 4 }, at: failingAt('write 2/0 4'), writers: 1 });
    let parts: readonly StagedPart[] = [];
    const to = {
      ...one.sink,
      abort(...args: Parameters<typeof one.sink.abort>) {
        ({ 2: parts } = args);
        return one.sink.abort(...args);
      },
    };
    await failureUnless(one.copy({ to, journal: memoryJournal() }), 'a run whose sink fails succeeds');
    const ends = stepsLike(one, /^(abort|finish)/).map((step) => step.replace(/ \d+$/, ''));
    ensure(ends.join() === 'abort,finish abandoned', `a run that fails ends with ${ends.join(', ') || 'nothing'}`);
    ensure(one.disk.staged.length === 0, `a run that fails leaves ${one.disk.staged.length} parts staged`);
    const prepared = parts.filter(({ message }) => message !== undefined).length;
    ensure(prepared === 6, `of 6 prepared parts, the sink is to remove ${prepared}`);
  },
};

export const keepsWhatCanBeResumed: InvariantCheck = {
  id: 'E10-kept',
  title: 'A run that fails with a journal that lasts keeps what a resume needs, and says how to go on.',
  async run(engine) {
    let isBroken = true;
    const one = engineScene(
      engine,
      { splits },
      { part: { rows: 4 }, at: (step) => (isBroken ? failingAt('write 2/0 4')(step, undefined) : undefined) },
    );
    const failure = await failureUnless(one.copy(), 'a run whose sink fails succeeds');
    const ends = stepsLike(one, /^(abort|finish)/);
    ensure(ends.length === 0, `a run that could be resumed ends with ${ends.join(', ')}`);
    ensure(
      SluiceError.is(failure) && /resume it, or abandon it/.test(failure.hint ?? ''),
      `the error does not say how to go on: ${told(failure)}`,
    );
    isBroken = false;
    const receipt = await one.copy();
    ensure(receipt.writtenRows === 27, `resumed, the run has ${receipt.writtenRows} rows of 27`);
  },
};

export const sparesTheCommitted: InvariantCheck = {
  id: 'E10-spared',
  title: 'A part that the journal has as committed is never given to `abort`.',
  async run(engine) {
    const { sink, copy } = engineScene(
      engine,
      { splits: splitsOf(12) },
      { part: { rows: 4 }, commit: 'part', writers: 1, at: failingAt('write 0/2 4') },
    );
    const removed: string[] = [];
    const to = {
      ...sink,
      abort(...args: Parameters<typeof sink.abort>) {
        removed.push(...args[2].map(({ part: { split, part } }) => `${split}/${part}`));
        return sink.abort(...args);
      },
    };
    await failureUnless(copy({ to, journal: memoryJournal() }), 'a run whose sink fails succeeds');
    const spared = ['0/0', '0/1'].filter((part) => removed.includes(part));
    ensure(spared.length === 0, `the sink is to remove ${spared.join(', ')}, which it has committed`);
  },
};

export const namesWhatIsLeft: InvariantCheck = {
  id: 'E10-left',
  title: 'What could not be ended is named by the run, and by its error.',
  async run(engine) {
    const job = { kind: 'query job', id: '750', reason: 'still running' };
    const { start, clock } = engineScene(engine, { splits, leftBehind: [job] }, { at: failingAt('prepare 0/0') });
    const run = start({ journal: memoryJournal() });
    const failure = await failureUnless(clock.settle(run), 'a run whose sink fails succeeds');
    ensure(
      run.leftBehind.some(({ id }) => id === job.id),
      'a job that is left behind is not named by the run',
    );
    ensure(
      SluiceError.is(failure) && failure.hint?.includes('query job 750') === true,
      'a job that is left behind is not named by the error',
    );
  },
};

export const letsGo: InvariantCheck = {
  id: 'E10-dispose',
  title: 'When a run has settled, however it ends, its plugins are disposed of, and no read or writer is open.',
  async run(engine) {
    for (const where of ['nowhere', 'plan', 'open create', 'deliver 1 at 4', 'write 0/0 4', 'result 0/0']) {
      const at = failingAt(where);
      const one = engineScene(engine, { splits, at }, { at });
      await one.copy().catch(() => {});
      const last = [one.source.steps.at(-1), one.sink.steps.at(-1)];
      ensure(
        last.every((step) => step === 'dispose'),
        `failed at ${where}, a run leaves its plugins at ${last.join(' and ')}`,
      );
      const [reads, writers] = [one.source.openReads, one.sink.openWriters];
      ensure(reads + writers === 0, `failed at ${where}, a run leaves ${reads} reads and ${writers} writers open`);
    }
  },
};

export const abandonEnds: InvariantCheck = {
  id: 'E10-give-up',
  title: 'A run that was kept is abandoned when asked for: what it staged and started is ended, and it cannot go on.',
  async run(engine) {
    const one = engineScene(engine, { splits }, { part: { rows: 4 }, at: failingAt('write 2/0 4') });
    await failureUnless(one.copy(), 'a run whose sink fails succeeds');
    const { source: from, sink: to, clock, texts } = one;
    await clock.settle(engine.abandon({ from, to, clock, id: 'run', journal: crashJournal(texts) }));
    const ends = stepsLike(one, /^(abort|finish)/).map((step) => step.replace(/ \d+$/, ''));
    ensure(
      ends.join() === 'abort,finish abandoned',
      `a run that is abandoned ends with ${ends.join(', ') || 'nothing'}`,
    );
    ensure(one.disk.staged.length === 0, `a run that is abandoned leaves ${one.disk.staged.length} parts staged`);
    const failure = await failureUnless(one.copy(), 'a run that is abandoned goes on');
    ensure(
      SluiceError.is(failure) && failure.code === 'RUN_ABANDONED',
      `a run that is abandoned fails with ${told(failure)}`,
    );
  },
};
