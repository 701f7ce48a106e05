import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '@sluice/core';

/** Time that runs so many times as fast as the machine's, so that delays are real but short. */
export function fastClock(speed: number): Clock {
  const startMs = Date.now();
  return {
    now: () => startMs + Math.floor((performance.timeOrigin + performance.now() - startMs) * speed),
    async sleep(delayMs, signal) {
      signal.throwIfAborted();
      try {
        await delay(delayMs / speed, undefined, { signal });
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      }
    },
  };
}
