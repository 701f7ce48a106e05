import { describe, expect, it } from 'vitest';

import type { Clock } from '../../src/contract/context.ts';
import { abandon } from '../../src/engine/abandon.ts';
import type { Run } from '../../src/engine/copy.ts';
import type { RunAccount } from '../../src/engine/run-account.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { tempFolder } from '../temp-folder.ts';
import { failureOf } from '../thrown.ts';
import { crashJournal, type JournalTexts } from './crash.ts';
import type { Fate } from './ingest-org.ts';
import { fates, ingestScene } from './ingest-scene.ts';
import { splitsOf } from './row-batches.ts';

const special: Readonly<Record<number, Fate>> = { 1: { locked: 1 }, 3: 'refused', 4: 'doubt', 8: { locked: 2 } };
const reason = new Error('enough');

/** Cancelled at the n-th of its steps. */
function cancelledAt(n: number, writers: number) {
  const controller = new AbortController();
  let steps = 0;
  const one = ingestScene(
    fates(special),
    { splits: splitsOf(10), reject: ({ id }) => (id === 2 ? 'unreadable' : undefined) },
    {
      writers,
      part: { rows: 3 },
      at: () => {
        if (steps++ === n) controller.abort(reason);
      },
    },
    { signal: controller.signal },
  );
  return { ...one, controller };
}

function rowsIn(ranges: RunAccount['unsent']): readonly number[] {
  return ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));
}

function requireBalance(account: RunAccount | undefined): asserts account is RunAccount {
  expect(account).toBeDefined();
  const { readRows, writtenRows, rejectedRows, inDoubtRows, unsentRows } = account!;
  expect(writtenRows + rejectedRows + inDoubtRows + unsentRows).toBe(readRows);
}

describe.each([1, 3])('a run into an org with %i at once', (writers) => {
  it('says what became of every row, whatever step behind its plan it is cancelled at', async () => {
    const undisturbed = cancelledAt(-1, writers);
    await undisturbed.copy();

    for (let n = undisturbed.sink.steps.indexOf('open') + 1; n < undisturbed.sink.steps.length - 1; n++) {
      const { copy, org, rejected, written, sink } = cancelledAt(n, writers);
      const run = copy({ rejected: rejected.sink(), written: written.sink({ commit: 'part' }) });

      const failure = await failureOf(run);

      requireBalance(run.account);
      const { account } = run;
      // Of the rows in doubt the org knows more than it tells.
      const told = org.taken.filter((id) => !rowsIn(account.inDoubt).includes(id));
      const unsent = rowsIn(account.unsent);
      expect({
        step: sink.steps[n],
        failure,
        openJobs: org.jobs.filter(({ state }) => state === 'open'),
        told: told.length,
        unsentThere: org.taken.filter((id) => unsent.includes(id)),
        written: written.rows.length,
        rejected: rejected.rows.length,
      }).toEqual({
        step: sink.steps[n],
        failure: reason,
        openJobs: [],
        told: account.writtenRows,
        unsentThere: [],
        written: account.writtenRows,
        // The row that could not be read goes beside with the results of its part.
        rejected: account.rejectedRows - (unsent.includes(0) ? 1 : 0),
      });
    }
  });
});

/** Until `go` is called, commits of the part hang at the step, whatever their signal says, or until it says so. */
function hangingAt(where: string, heedsSignal: boolean) {
  const { promise, resolve: go } = Promise.withResolvers<void>();
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  return {
    go,
    reached,
    at: async (step: string, ctx?: { readonly signal: AbortSignal }) => {
      if (step !== where) return;
      reach();
      const aborted = new Promise<never>((_, reject) => {
        if (heedsSignal) ctx?.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error));
      });
      await Promise.race([promise, aborted]);
    },
  };
}

/** A clock on which each of these delays is over once, at once, and no other ever is. */
function clockAt(...delaysMs: readonly number[]): Clock {
  const left = [...delaysMs];
  return {
    now: () => 0,
    sleep: async (delayMs, signal) => {
      const at = left.indexOf(delayMs);
      if (delayMs > 0 && at < 0) {
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      }
      left.splice(at, at < 0 ? 0 : 1);
    },
  };
}

async function cancelWhenReached(run: Run, hanging: { readonly reached: Promise<void> }, controller: AbortController) {
  await hanging.reached;
  controller.abort(reason);
  return failureOf(run);
}

describe('a commit under way when a run is cancelled', () => {
  it('has time to settle, and its results count', async () => {
    const controller = new AbortController();
    const hanging = hangingAt('closed 0/0', true);
    const { copy, sink } = ingestScene(
      fates({ 1: 'refused' }),
      { splits: splitsOf(8) },
      { writers: 1, part: { rows: 4 }, at: hanging.at },
    );
    const run = copy({ signal: controller.signal });
    const settled = cancelWhenReached(run, hanging, controller);
    await hanging.reached;
    setImmediate(hanging.go);

    expect(await settled).toBe(reason);
    expect(run.account).toMatchObject({ writtenRows: 3, rejectedRows: 1, inDoubtRows: 0, unsentRows: 0 });
    expect(sink.steps).toContain('abort 0');
  });

  it('is told to end when the time is up, and the abort says what became of its rows', async () => {
    const controller = new AbortController();
    const hanging = hangingAt('closed 0/0', true);
    const { copy, sink, org } = ingestScene(fates({ 1: { locked: 1 } }), { splits: splitsOf(4) }, { at: hanging.at });
    const run = copy({ signal: controller.signal, clock: clockAt(10_000) });

    expect(await cancelWhenReached(run, hanging, controller)).toBe(reason);
    expect(sink.steps).toContain('abort 1');
    // Nothing goes again.
    expect(org.taken).toEqual([0, 2, 3]);
    expect(run.account).toMatchObject({ writtenRows: 3, rejectedRows: 1, inDoubtRows: 0, unsentRows: 0 });
  });

  it('leaves its rows in doubt when the abort cannot tell', async () => {
    const controller = new AbortController();
    const hanging = hangingAt('closed 0/0', true);
    const { copy } = ingestScene(
      fates({}),
      { splits: splitsOf(4) },
      {
        at: async (step, ctx) => {
          await hanging.at(step, ctx);
          if (step.startsWith('abort')) throw new SluiceError('REMOTE_UNAVAILABLE', 'down');
        },
      },
    );
    const run = copy({ signal: controller.signal, clock: clockAt(10_000) });

    expect(await cancelWhenReached(run, hanging, controller)).toBe(reason);
    expect(run.account).toMatchObject({ readRows: 4, inDoubtRows: 4, inDoubt: [{ split: 0, from: 0, to: 4 }] });
    expect(run.leftBehind).toMatchObject([{ kind: 'unfinished clean-up', id: 'org' }]);
  });

  it('is left alone when it does not end, and so is the run', async () => {
    const controller = new AbortController();
    const hanging = hangingAt('closed 0/0', false);
    const { copy } = ingestScene(fates({}), { splits: splitsOf(4) }, { at: hanging.at });
    const run = copy({ signal: controller.signal, clock: clockAt(10_000, 20_000) });

    expect(await cancelWhenReached(run, hanging, controller)).toBe(reason);
    expect(run.account).toMatchObject({ readRows: 4, writtenRows: 4 });
  });
});

describe('a run that is kept', () => {
  it('says which rows are unsent, and sends them when it is resumed', async () => {
    await using folder = await tempFolder();
    const texts: JournalTexts = new Map();
    let isDown = true;
    const { copy, org } = ingestScene(
      fates({ 1: { locked: 2 } }),
      { splits: splitsOf(8) },
      {
        writers: 1,
        part: { rows: 4 },
        at: (step) => {
          if (isDown && step === 'prepare 0/0/2') throw new SluiceError('REMOTE_REFUSED', 'no');
        },
      },
      { id: 'a', journal: crashJournal(texts, undefined, undefined, folder.path) },
    );
    const first = copy();
    const failure = await failureOf(first);
    isDown = false;

    const receipt = await copy();

    expect(failure).toMatchObject({
      code: 'REMOTE_REFUSED',
      details: { rows: { readRows: 4, writtenRows: 3, rejectedRows: 0, inDoubtRows: 0, unsentRows: 1 } },
    });
    expect(first.account?.unsent).toEqual([{ split: 0, from: 1, to: 2 }]);
    expect(receipt).toMatchObject({ readRows: 8, writtenRows: 8, retriedRows: 2 });
    expect(org.taken).toEqual([0, 2, 3, 1, 4, 5, 6, 7]);
  });

  it('is abandoned with what had taken effect told, its rejected rows beside, and jobs by their memo', async () => {
    await using folder = await tempFolder();
    const texts: JournalTexts = new Map();
    const { copy, org, rejected, sink, source } = ingestScene(
      fates({ 1: 'refused' }),
      { splits: splitsOf(8), deliveryRows: 4 },
      {
        part: { rows: 4 },
        at: (step) => {
          // What was closed, and what is only begun.
          if (step === 'closed 0/0') throw new SluiceError('REMOTE_REFUSED', 'no');
          if (step === 'close 0/1') throw new SluiceError('CONNECTION_LOST', 'cut');
        },
      },
    );
    const options = {
      from: source,
      to: sink,
      rejected: rejected.sink(),
      id: 'a',
      maxRejects: Infinity,
      journal: crashJournal(texts, undefined, undefined, folder.path),
    };
    const run = copy(options);
    await failureOf(run);

    const left = await abandon(options);

    expect(run.account).toMatchObject({ inDoubt: [{ split: 0, from: 0, to: 4 }] });
    expect(left).toEqual([]);
    expect(org.jobs.map(({ state }) => state)).toEqual(['done', 'aborted']);
    expect(rejected.rows).toMatchObject([{ id: 1, _message: 'refused 1' }]);
    const committed = (texts.get('a') ?? []).filter((text) => text.includes('"partCommitted"'));
    expect(committed).toHaveLength(1);
  });
});
