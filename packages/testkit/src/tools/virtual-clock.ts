import type { Clock } from '@sluice/core';

/** Sleeps at least as long are bounds on real work, which no virtual time ends: they end by their signal alone. */
export const NEVER_MS = 2 ** 50;

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

const START_MS = Date.UTC(2026, 0, 5, 9);

/**
 * Time that passes by sleeping alone. The sleeper due first wakes at the next turn of the event loop, after whatever else
 * could run by then, and the clock jumps to that time: nothing ever waits for real.
 */
export class VirtualClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  readonly #sleepsMs: number[] = [];
  #nowMs = START_MS;
  #isTurning = false;

  /** How long each sleep was asked to be, bounds left out. */
  get sleepsMs(): readonly number[] {
    return this.#sleepsMs;
  }

  now(): number {
    return this.#nowMs;
  }

  async sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { dueMs: this.#nowMs + delayMs, wake: resolve };
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (delayMs < NEVER_MS) {
      this.#sleepsMs.push(delayMs);
      this.#sleepers.add(sleeper);
      this.#turn();
    }
    try {
      await promise;
    } finally {
      this.#sleepers.delete(sleeper);
      signal.removeEventListener('abort', onAbort);
    }
  }

  #turn(): void {
    if (this.#isTurning || this.#sleepers.size === 0) return;
    this.#isTurning = true;
    setImmediate(() => {
      this.#isTurning = false;
      const [first] = [...this.#sleepers].toSorted((a, b) => a.dueMs - b.dueMs);
      if (first === undefined) return;
      this.#sleepers.delete(first);
      this.#nowMs = Math.max(this.#nowMs, first.dueMs);
      first.wake();
      this.#turn();
    });
  }
}
