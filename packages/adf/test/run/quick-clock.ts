import { setImmediate as turn } from 'node:timers/promises';

import type { Clock } from '@sluice/core';

const SHORT_MS = 120_000;
/** The bound of clean-up, as the engine has it. */
const CLEANUP_MS = 10_000;

/** The machine's time, but for sleeps: short ones are over at once, bounds of clean-up and long ones never are. */
export class QuickClock implements Clock {
  #aheadMs = 0;

  now(): number {
    return Date.now() + this.#aheadMs;
  }

  async sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (delayMs <= SHORT_MS && delayMs !== CLEANUP_MS) {
      this.#aheadMs += delayMs;
      await turn();
      signal.throwIfAborted();
      return;
    }
    await new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }
}
