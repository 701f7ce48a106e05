import { copy, type CopyOptions, type Journal, type Json, type Random, type Receipt } from '@sluice/core';

import { seededRandom } from '../tools/random.ts';
import { type ContextOptions, type TestContext, testContext } from '../tools/test-context.ts';
import { NEVER_MS, VirtualClock } from '../tools/virtual-clock.ts';

/** A run of the engine in virtual time. */
export type EngineRun = Omit<CopyOptions, 'clock' | 'random' | 'cleanupMs' | 'journal'> & {
  readonly journal?: Journal;
};

/** What a check works with. Everything it uses is given back when it has ended. */
export interface CheckTools extends AsyncDisposable {
  readonly seed: number;
  readonly random: Random;
  readonly clock: VirtualClock;
  /** Whether the check may take its time: every value, every place to die at. */
  readonly isLong: boolean;
  context(options?: ContextOptions): TestContext;
  /** Disposes of it at the end, the last first. */
  use<T extends AsyncDisposable>(resource: T): T;
  /** Does it at the end. */
  atEnd(work: () => Promise<void> | void): void;
  copy(run: EngineRun): Promise<Receipt>;
}

export function checkTools(seed: number, isLong = false): CheckTools {
  const random = seededRandom(seed);
  const clock = new VirtualClock();
  const stack = new AsyncDisposableStack();
  return {
    seed,
    random,
    clock,
    isLong,
    context: (options) => testContext({ clock, random }, options),
    use: (resource) => stack.use(resource),
    atEnd: (work) => stack.defer(work),
    copy: (run) => copy({ ...run, clock, random, cleanupMs: NEVER_MS }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Through JSON, as everything goes that a journal keeps. */
export function kept<T extends Json>(value: T): T {
  // What comes back is what went in, or a check says so.
  return JSON.parse(JSON.stringify(value)) as T;
}
