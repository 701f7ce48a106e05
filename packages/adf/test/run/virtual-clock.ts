import { setImmediate as turn } from 'node:timers/promises';

import type { Clock } from '@sluice/core';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Time that passes only when everybody waits for it: the sleeper that is due first wakes. */
export class VirtualClock implements Clock {
  #nowMs: number;
  #isTurning = false;
  readonly #sleepers = new Set<Sleeper>();
  /** Every sleep asked for, in order. */
  readonly sleepsMs: number[] = [];

  constructor(startMs = Date.UTC(2026, 2, 2, 9)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  async sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.sleepsMs.push(delayMs);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { atMs: this.#nowMs + delayMs, wake: resolve };
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#sleepers.add(sleeper);
    void this.#pass();
    try {
      await promise;
    } finally {
      this.#sleepers.delete(sleeper);
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #pass(): Promise<void> {
    if (this.#isTurning) return;
    this.#isTurning = true;
    await turn();
    this.#isTurning = false;
    const [first] = [...this.#sleepers].sort((a, b) => a.atMs - b.atMs);
    if (first === undefined) return;
    this.#sleepers.delete(first);
    this.#nowMs = Math.max(this.#nowMs, first.atMs);
    first.wake();
    if (this.#sleepers.size > 0) void this.#pass();
  }
}
