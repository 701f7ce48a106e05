import { describe, expect, it } from 'vitest';

import type { Context, RetryOptions } from '../../src/contract/context.ts';
import { SluiceError, type SluiceErrorOptions } from '../../src/error/sluice-error.ts';
import { failureOf } from '../thrown.ts';
import { publishedRows } from './memory-disk.ts';
import { splitsOf } from './row-batches.ts';
import { scene, type Scene } from './scene.ts';
import { idle } from './virtual-clock.ts';

function lost(options: SluiceErrorOptions = {}): SluiceError {
  return new SluiceError('CONNECTION_LOST', 'cut', options);
}

/** Runs something with the context a source plans with. */
async function planning(work: (ctx: Context) => Promise<unknown>, options: Parameters<Scene['copy']>[0] = {}) {
  const one = scene({ at: (step, ctx) => (step === 'plan' ? work(ctx!) : undefined) });
  const outcome = await failureOf(one.copy(options));
  // Clean-up has a timer of its own, which nobody waits for.
  return { outcome, sleeps: one.clock.sleeps.filter((ms) => ms !== 10_000) };
}

function failing(times: number, error: () => unknown) {
  const attempts: number[] = [];
  return {
    attempts,
    async request(attempt: number) {
      attempts.push(attempt);
      if (attempt <= times) throw error();
      return 'answer';
    },
  };
}

const safe: RetryOptions = { what: 'ask', safe: true };

describe('ctx.retry', () => {
  it('repeats a safe request with delays that double at most', async () => {
    const { attempts, request } = failing(4, lost);
    let answer: unknown;

    const { sleeps } = await planning(async (ctx) => (answer = await ctx.retry(request, safe)));

    expect(answer).toBe('answer');
    expect(attempts).toEqual([1, 2, 3, 4, 5]);
    // Full jitter: half of each bound, since every random number is a half.
    expect(sleeps).toEqual([250, 500, 1000, 2000]);
  });

  it.each([
    [0, [0, 0, 0]],
    [0.999, [499.5, 599.4, 599.4]],
  ])('waits between nothing and the bound (random %f)', async (random, expected) => {
    const retry = { baseMs: 500, maxMs: 600 };
    const { sleeps } = await planning((ctx) => ctx.retry(failing(3, lost).request, safe), {
      random: () => random,
      retry,
    });

    sleeps.forEach((ms, i) => expect(ms).toBeCloseTo(expected[i]!, 6));
    expect(sleeps).toHaveLength(3);
  });

  it('waits at least as long as the remote side asks for', async () => {
    const { sleeps } = await planning((ctx) => ctx.retry(failing(1, () => lost({ retryAfterMs: 7000 })).request, safe));

    expect(sleeps).toEqual([7250]);
  });

  it('does not wait when the remote side asks for longer than allowed', async () => {
    const { attempts, request } = failing(1, () => lost({ retryAfterMs: 7000 }));

    const { outcome, sleeps } = await planning((ctx) => ctx.retry(request, safe), { retry: { maxRetryAfterMs: 6999 } });

    expect(outcome).toMatchObject({ code: 'CONNECTION_LOST', retryAfterMs: 7000 });
    expect([attempts, sleeps]).toEqual([[1], []]);
  });

  it.each<[string, RetryOptions, () => unknown]>([
    ['it is not safe', { what: 'close', safe: false }, lost],
    ['it is not safe after this failure', { what: 'close', safe: (error) => !SluiceError.is(error) }, lost],
    ['the failure lasts', safe, () => new SluiceError('AUTH_REJECTED', 'no')],
    ['the failure has no code', safe, () => new TypeError('oops')],
    ['this occurrence lasts', safe, () => lost({ retryable: false })],
  ])('sends a request once when %s', async (_, options, error) => {
    const { attempts, request } = failing(1, error);

    const { outcome, sleeps } = await planning((ctx) => ctx.retry(request, options));

    expect(outcome).toBeInstanceOf(Error);
    expect([attempts, sleeps]).toEqual([[1], []]);
  });

  it.each([
    ['the run', safe, 3],
    ['the request', { ...safe, attempts: 2 }, 2],
  ] as const)('stops after the attempts of %s, with the last failure', async (_, options, count) => {
    let n = 0;
    const { attempts, request } = failing(99, () => lost({ cause: ++n }));

    const { outcome } = await planning((ctx) => ctx.retry(request, options), { retry: { attempts: 3 } });

    expect(attempts).toHaveLength(count);
    expect(outcome).toMatchObject({ code: 'CONNECTION_LOST', cause: count });
  });

  it('ends its wait with the reason of the signal', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const { attempts, request } = failing(99, lost);
    const { clock, start } = scene({ at: (step, ctx) => (step === 'plan' ? ctx!.retry(request, safe) : undefined) });
    const run = start({ signal: controller.signal });
    run.catch(() => {});
    await idle();
    const waiting = clock.pending;
    controller.abort(reason);

    const failure = await failureOf(run);

    expect(failure).toBe(reason);
    expect([waiting, clock.pending, attempts]).toEqual([1, 0, [1]]);
  });

  it('tells of every repetition', async () => {
    const { source, start, clock } = scene({
      at: (step, ctx) =>
        step === 'plan' ? ctx!.retry(failing(1, () => lost({ retryAfterMs: 5 })).request, safe) : undefined,
    });
    const told: unknown[] = [];
    const run = start();
    run.events$.subscribe((event) => event.kind === 'retry' && told.push(event));
    await clock.settle(run);

    expect(source.steps).toContain('plan');
    expect(told).toEqual([
      { kind: 'retry', what: 'ask', attempt: 1, delayMs: 255, code: 'CONNECTION_LOST', message: 'cut' },
    ]);
  });
});

/** Fails `times` times at the step. */
function failingAt(where: string, times = 1, error: () => unknown = lost): (step: string) => void {
  let left = times;
  return (step) => {
    if (step === where && left-- > 0) throw error();
  };
}

describe('a split whose reading is cut', () => {
  const splits = splitsOf(11);

  it.each([true, false])('is read again behind the last rows delivered (positions: %s)', async (positions) => {
    const { source, disk, copy } = scene({ splits, positions, at: failingAt('deliver 0 at 8') }, { part: { rows: 3 } });

    const receipt = await copy();

    expect(publishedRows(disk)).toEqual(splits.flat());
    expect(receipt.readRows).toBe(11);
    expect(source.steps.filter((step) => step.startsWith('read'))).toEqual([
      'read 0 from 0',
      `read 0 from ${positions ? 8 : 0}`,
    ]);
  });

  it.each([true, false])('has all its attempts again once rows have come (positions: %s)', async (positions) => {
    const at = (step: string): void => {
      for (const fail of fails) fail(step);
    };
    const fails = [4, 8].map((row) => failingAt(`deliver 0 at ${row}`, 4));
    const { disk, copy } = scene({ splits, positions, at });

    await copy({ retry: { attempts: 5 } });

    expect(publishedRows(disk)).toEqual(splits.flat());
  });

  it.each([true, false])('is given up after its attempts without a row (positions: %s)', async (positions) => {
    const { source, copy } = scene({ splits, positions, at: failingAt('deliver 0 at 4', 99) });

    const failure = await failureOf(copy({ retry: { attempts: 3 } }));

    expect(failure).toMatchObject({ code: 'CONNECTION_LOST' });
    expect(source.steps.filter((step) => step.startsWith('read'))).toHaveLength(3);
  });

  it('is not read again for a request that was given up within it', async () => {
    const { attempts, request } = failing(99, lost);
    const again = (step: string, ctx?: Context) =>
      step === 'deliver 0 at 4' ? ctx!.retry(request, safe).catch(wrapped) : undefined;
    const wrapped = (cause: unknown): never => {
      throw lost({ cause });
    };
    const { source, copy } = scene({ splits, at: again });

    const failure = await failureOf(copy({ retry: { attempts: 3 } }));

    expect(failure).toMatchObject({ code: 'CONNECTION_LOST', retryable: true });
    expect(attempts).toEqual([1, 2, 3]);
    expect(source.steps.filter((step) => step.startsWith('read'))).toHaveLength(1);
  });

  it('that has no positions is refused when it gives other rows than before', async () => {
    let reads = 0;
    const changed = splits.map((rows) => rows.map((row) => ({ ...row, text: 'other' })));
    const { source, copy } = scene({ splits, positions: false, at: failingAt('deliver 0 at 8') });
    const other = scene({ splits: changed, positions: false });
    const from = {
      ...source,
      read: (...args: Parameters<typeof source.read>) => (reads++ === 0 ? source : other.source).read(...args),
    };

    const failure = await failureOf(copy({ from }));

    expect(failure).toMatchObject({ code: 'SOURCE_CHANGED', message: expect.stringContaining('split 0') });
  });

  it('that has no positions is refused when it gives fewer rows than before', async () => {
    let reads = 0;
    const { source, copy } = scene({ splits, positions: false, at: failingAt('deliver 0 at 8') });
    const shorter = scene({ splits: splitsOf(5), positions: false });
    const from = {
      ...source,
      read: (...args: Parameters<typeof source.read>) => (reads++ === 0 ? source : shorter.source).read(...args),
    };

    const failure = await failureOf(copy({ from }));

    expect(failure).toMatchObject({ code: 'SOURCE_CHANGED', message: expect.stringContaining('3 rows fewer') });
  });
});

describe('a part whose writing is cut', () => {
  const splits = splitsOf(11, 4);

  it.each([
    ['writer 0/1', true],
    ['writer 0/1', false],
    ['write 0/1 1', true],
    ['write 0/1 1', false],
    ['prepare 0/1', true],
    ['prepare 0/1', false],
  ])('at %s is written anew from its first row (positions: %s)', async (where, positions) => {
    for (const writers of [1, 2]) {
      const { disk, sink, copy } = scene({ splits, positions }, { writers, part: { rows: 3 }, at: failingAt(where) });

      const receipt = await copy();

      expect(publishedRows(disk)).toEqual(splits.flat());
      expect(receipt).toMatchObject({ readRows: 15, writtenRows: 15, parts: 6 });
      expect(sink.steps.filter((step) => step === 'writer 0/1')).toHaveLength(2);
      expect(sink.openWriters).toBe(0);
    }
  });

  it('is given up after its attempts, which begin anew with every part', async () => {
    const each = [0, 1, 2].map((part) => failingAt(`prepare 0/${part}`, 2));
    const survives = scene({ splits }, { part: { rows: 3 }, at: (step) => each.forEach((fail) => fail(step)) });
    const fails = scene({ splits }, { part: { rows: 3 }, at: failingAt('prepare 0/1', 3) });

    await survives.copy({ retry: { attempts: 3 } });
    const failure = await failureOf(fails.copy({ retry: { attempts: 3 } }));

    expect(failure).toMatchObject({ code: 'CONNECTION_LOST' });
    expect(publishedRows(survives.disk)).toEqual(splits.flat());
    expect(publishedRows(fails.disk)).toEqual([]);
  });

  it('is not written anew after a failure that lasts', async () => {
    const { sink, copy } = scene(
      { splits },
      { at: failingAt('prepare 0/0', 1, () => new SluiceError('STORAGE_FULL', 'full')) },
    );

    const failure = await failureOf(copy());

    expect(failure).toMatchObject({ code: 'STORAGE_FULL' });
    expect(sink.steps.filter((step) => step === 'writer 0/0')).toHaveLength(1);
  });
});

describe('a commit that is cut', () => {
  it.each([
    ['commit 3', 'end'],
    ['result 1/0', 'end'],
    ['commit 1', 'part'],
    ['result 0/0', 'part'],
  ] as const)('at %s is repeated and has one effect (commit: %s)', async (where, commit) => {
    const splits = splitsOf(4, 4, 4);
    const { disk, copy } = scene({ splits }, { commit, at: failingAt(where) });

    const receipt = await copy();

    expect(publishedRows(disk)).toEqual(splits.flat());
    expect(receipt.writtenRows).toBe(12);
  });

  it('is given up after its attempts', async () => {
    const { sink, copy } = scene({ splits: splitsOf(4) }, { at: failingAt('commit 1', 99) });

    const failure = await failureOf(copy({ retry: { attempts: 2 } }));

    expect(failure).toMatchObject({ code: 'CONNECTION_LOST' });
    expect(sink.steps.filter((step) => step === 'commit 1')).toHaveLength(2);
  });
});
