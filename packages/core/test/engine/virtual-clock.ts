import type { Clock } from '../../src/contract/context.ts';

interface Timer {
  readonly dueMs: number;
  readonly fire: () => void;
}

/** Time that passes only where a test says so. */
export interface VirtualClock extends Clock {
  /** How long each sleep was asked to be, in order. */
  readonly sleeps: readonly number[];
  /** Timers nobody has stopped. */
  readonly pending: number;
  /** Lets time pass without waking anybody. */
  advance(ms: number): void;
  /**
   * Lets everything run that can, and moves on to the next timer when nothing can any more, until the work has settled.
   * Fails when nothing is left that could settle it.
   */
  settle<T>(work: Promise<T>): Promise<T>;
  /** Does so until nothing can run any more. */
  rest(): Promise<void>;
}

const START_MS = 1_764_000_000_000;

export function virtualClock(): VirtualClock {
  const timers = new Set<Timer>();
  const sleeps: number[] = [];
  let nowMs = START_MS;

  function fireNext(): boolean {
    const [next] = [...timers].toSorted((a, b) => a.dueMs - b.dueMs);
    if (next === undefined) return false;
    nowMs = Math.max(nowMs, next.dueMs);
    timers.delete(next);
    next.fire();
    return true;
  }

  return {
    sleeps,
    get pending() {
      return timers.size;
    },
    now: () => nowMs,
    advance(ms) {
      nowMs += ms;
    },
    sleep(delayMs, signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      sleeps.push(delayMs);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const onAbort = (): void => {
        timers.delete(timer);
        reject(signal.reason);
      };
      const timer: Timer = {
        dueMs: nowMs + delayMs,
        fire() {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      timers.add(timer);
      signal.addEventListener('abort', onAbort, { once: true });
      return promise;
    },
    async rest() {
      do await idle();
      while (fireNext());
    },
    async settle(work) {
      let isSettled = false;
      const settled = (): void => {
        isSettled = true;
      };
      work.then(settled, settled);
      for (;;) {
        await idle();
        if (isSettled) return await work;
        if (!fireNext()) throw new Error('nothing is left that could settle this');
      }
    },
  };
}

/** Resolves when everything has run that waits for nothing but other code: a timer of Node is behind all of it. */
export async function idle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
