import { getEventListeners } from 'node:events';

import { describe, expect, it } from 'vitest';

import type { Context } from '../../src/contract/context.ts';
import type { Sink } from '../../src/contract/sink.ts';
import type { Source } from '../../src/contract/source.ts';
import { memoryJournal } from '../../src/journal/memory-journal.ts';
import { failureOf } from '../thrown.ts';
import { crashJournal } from './crash.ts';
import { splitsOf } from './row-batches.ts';
import { scene } from './scene.ts';

const splits = splitsOf(9, 9, 9);
const reason = new Error('enough');

/** Aborts when a step begins, which then goes on as a plugin does that honours its signal, or ignores it. */
function aborting(where: string, then: (ctx: Context) => unknown) {
  const controller = new AbortController();
  let isDone = false;
  return {
    signal: controller.signal,
    at(step: string, ctx: Context | undefined): unknown {
      if (step !== where || isDone) return undefined;
      isDone = true;
      controller.abort(reason);
      return ctx === undefined ? undefined : then(ctx);
    },
  };
}

const honouring = (ctx: Context): void => ctx.signal.throwIfAborted();
const wrapping = (): never => {
  throw new TypeError('This operation was aborted');
};
const ignoring = (): Promise<never> => new Promise(() => {});

const sourceSteps = ['check', 'plan', 'splits', 'split 1', 'read 0 from 0', 'deliver 1 at 4'];
const sinkSteps = ['check', 'open create', 'writer 1/0', 'write 0/0 4', 'prepare 0/0', 'commit 3', 'result 1/0'];
const steps = [
  ...sourceSteps.map((step) => ['source', step] as const),
  ...sinkSteps.map((step) => ['sink', step] as const),
];
const isPlanned = (step: string): boolean => !['check', 'plan', 'open create'].includes(step);

describe('a run that is cancelled', () => {
  it('before it starts calls no plugin and settles with the reason', async () => {
    const { source, sink, copy } = scene({ splits });

    const failure = await failureOf(copy({ signal: AbortSignal.abort(reason) }));

    expect(failure).toBe(reason);
    expect([source.steps, sink.steps]).toEqual([['dispose'], ['dispose']]);
  });

  describe.each([
    ['throws the reason', honouring],
    ['throws an error of its own', wrapping],
    ['ignores its signal', ignoring],
  ])('while a plugin is at work that %s', (_, then) => {
    it.each(steps)(
      '(%s, %s) settles with the reason, ends what it started once, and lets go of all',
      async (side, step) => {
        for (const writers of [1, 3]) {
          const { signal, at } = aborting(step, then);
          const { source, sink, disk, clock, copy } = scene(
            { splits, ...(side === 'source' ? { at } : {}) },
            { writers, ...(side === 'sink' ? { at } : {}) },
          );
          const wereAborted: boolean[] = [];
          const from: Source = {
            ...source,
            finish(plan, end, ctx) {
              wereAborted.push(ctx.signal.aborted);
              return source.finish(plan, end, ctx);
            },
          };
          const to: Sink = {
            ...sink,
            abort(target, schema, parts, ctx) {
              wereAborted.push(ctx.signal.aborted);
              return sink.abort(target, schema, parts, ctx);
            },
          };

          const failure = await failureOf(copy({ signal, from, to }));

          expect(failure).toBe(reason);
          expect(wereAborted).toEqual(isPlanned(step) ? [false, false] : []);
          expect(getEventListeners(signal, 'abort')).toEqual([]);
          expect(clock.pending).toBe(0);
          expect([source.steps.at(-1), sink.steps.at(-1)]).toEqual(['dispose', 'dispose']);
          expect(disk.staged).toEqual([]);
        }
      },
    );
  });

  it.each([1, 3])('leaves no reader and no writer open (%i writers)', async (writers) => {
    const { signal, at } = aborting('write 0/0 4', honouring);
    const { source, sink, copy } = scene({ splits }, { writers, at });

    await failureOf(copy({ signal, parallelism: 3 }));

    expect([source.openReads, sink.openWriters]).toEqual([0, 0]);
  });

  it('after its commit succeeds all the same', async () => {
    const { signal, at } = aborting('finish committed', honouring);
    const { copy } = scene({ splits, at });

    expect(await copy({ signal })).toMatchObject({ readRows: 27, writtenRows: 27 });
  });

  it('with a journal that lasts keeps what a resume needs, and then goes on', async () => {
    const texts = new Map<string, string[]>();
    const { signal, at } = aborting('prepare 1/0', honouring);
    const { source, sink, start, clock, copy } = scene({ splits }, { at }, { id: 'a', journal: crashJournal(texts) });
    const ends: unknown[] = [];
    const run = start({ signal });
    run.events$.subscribe((event) => event.kind === 'ended' && ends.push(event));
    const failure = await failureOf(clock.settle(run));

    const receipt = await copy();

    expect(failure).toBe(reason);
    expect(ends).toEqual([{ kind: 'ended', end: 'kept', leftBehind: [] }]);
    expect(sink.steps.some((step) => step.startsWith('abort'))).toBe(false);
    expect(source.steps).not.toContain('finish abandoned');
    expect(receipt.writtenRows).toBe(27);
  });
});

describe('a run that fails', () => {
  it.each([
    [1, 'deliver 0 at 4'],
    [1, 'deliver 1 at 4'],
    [3, 'deliver 0 at 4'],
    [3, 'deliver 1 at 4'],
  ])('is not kept from settling by a read that never ends (%i writers, %s)', async (writers, where) => {
    const failing = (step: string): unknown => (step === 'write 0/0 4' ? Promise.reject(new Error('oops')) : undefined);
    const { clock, copy } = scene(
      { splits, at: (step) => (step === where ? ignoring() : undefined) },
      { writers, at: failing },
    );

    const failure = await failureOf(copy());

    expect(failure).toMatchObject({ message: expect.stringContaining('oops') });
    expect(clock.pending).toBe(0);
  });

  it.each(['deliver 0 at 4', 'prepare 0/0'])(
    'in %s is not kept from settling by a writer that never closes',
    async (where) => {
      const at = (step: string): unknown => {
        if (step === where) throw new Error('oops');
        return step === 'close 0/0' ? ignoring() : undefined;
      };
      const { copy } = scene({ splits, at }, { writers: 1, at });

      expect(await failureOf(copy())).toMatchObject({ message: expect.stringContaining('oops') });
    },
  );
});

describe('what a run cannot end', () => {
  const job = { kind: 'query job', id: '750', reason: 'still running', hint: 'Delete it.' };
  const file = { kind: 'staged file', id: 'a/b', reason: 'locked' };

  it('is told on the run, in its event, and by its error', async () => {
    const at = (step: string): void => {
      if (step === 'prepare 0/0') throw new Error('oops');
    };
    const { start, clock } = scene({ splits, leftBehind: [job] }, { at, leftBehind: [file] });
    const ends: unknown[] = [];
    const run = start();
    run.events$.subscribe((event) => event.kind === 'ended' && ends.push(event));

    const failure = await failureOf(clock.settle(run));

    expect(run.leftBehind).toEqual([file, job]);
    expect(ends).toEqual([{ kind: 'ended', end: 'abandoned', leftBehind: [file, job] }]);
    expect(failure).toMatchObject({
      code: 'INTERNAL',
      hint: expect.stringContaining('Left behind: query job 750 (still running) Delete it.'),
      details: { leftBehind: [file, job] },
    });
  });

  it('is told on the run and in its event when it was cancelled, since the reason stays what it is', async () => {
    const { signal, at } = aborting('prepare 0/0', honouring);
    const { start, clock } = scene({ splits, leftBehind: [job] }, { at });
    const run = start({ signal });

    const failure = await failureOf(clock.settle(run));

    expect(failure).toBe(reason);
    expect(run.leftBehind).toEqual([job]);
  });

  it('is told in the receipt when the run succeeded', async () => {
    const { start, clock } = scene({ splits, leftBehind: [job] });
    const run = start();

    const receipt = await clock.settle(run);

    expect(receipt.leftBehind).toEqual([job]);
    expect(run.leftBehind).toEqual([job]);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('no network')), 'no network'],
    ['does not settle', ignoring, 'clean-up did not end within 10000 ms'],
    ['returns no JSON', () => [{ ...job, handle: new Map() }], 'what numbers left behind holds an object of class Map'],
  ])('is named by its plugin when finish() %s', async (_, finish, text) => {
    for (const isCommitted of [true, false]) {
      const { source, start, clock } = scene(
        { splits },
        { at: (step) => (step === 'commit 3' && !isCommitted ? Promise.reject(new Error('oops')) : undefined) },
      );
      const run = start({ from: { ...source, finish: finish as typeof source.finish } });

      const outcome = await failureOf(clock.settle(run));

      expect('resolvedWith' in (outcome as object)).toBe(isCommitted);
      expect(run.leftBehind).toEqual([
        {
          kind: 'unfinished clean-up',
          id: 'numbers',
          reason: expect.stringContaining(text),
          hint: 'Look for what the run has started there.',
        },
      ]);
    }
  });

  it('is what a plugin wrote down when the target was never opened', async () => {
    const { start, clock } = scene(
      { splits },
      {
        at: async (step, ctx) => {
          if (step !== 'open create') return;
          await ctx!.memo.set('table', 'staging_1');
          throw new Error('oops');
        },
      },
    );
    const run = start({ journal: memoryJournal() });

    await failureOf(clock.settle(run));

    expect(run.leftBehind).toMatchObject([{ kind: 'sink memo', id: 'table', handle: 'staging_1' }]);
  });

  it('does not hold up the run when a plugin is never let go of', async () => {
    const at = (step: string): unknown => (step === 'dispose' ? ignoring() : undefined);
    const { copy } = scene({ splits, at }, { at });

    expect(await copy()).toMatchObject({ readRows: 27 });
  });
});
