import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../contract/context.ts';

/** The longest time a timer of Node takes. */
const MAX_TIMER_MS = 0x7fff_ffff;

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(delayMs, signal) {
    for (let leftMs = delayMs; ; leftMs -= MAX_TIMER_MS) {
      signal.throwIfAborted();
      try {
        await delay(Math.min(Math.max(leftMs, 0), MAX_TIMER_MS), undefined, { signal });
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      }
      if (leftMs <= MAX_TIMER_MS) return;
    }
  },
};
