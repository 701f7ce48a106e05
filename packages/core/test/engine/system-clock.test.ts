import { describe, expect, it } from 'vitest';

import { systemClock } from '../../src/engine/system-clock.ts';
import { failureOf } from '../thrown.ts';

describe('the clock of the system', () => {
  it('sleeps, and wakes at once when there is no time to sleep', async () => {
    const { signal } = new AbortController();
    const before = systemClock.now();

    await systemClock.sleep(2, signal);
    await systemClock.sleep(-1, signal);

    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  });

  it('does not sleep for an aborted signal', async () => {
    expect(await failureOf(systemClock.sleep(0, AbortSignal.abort('enough')))).toBe('enough');
  });

  it.each([1e6, 2 ** 31, 1e15])('is woken by the signal from a sleep of %d ms', async (delayMs) => {
    const controller = new AbortController();
    const sleeping = failureOf(systemClock.sleep(delayMs, controller.signal));
    controller.abort('enough');

    expect(await sleeping).toBe('enough');
  });
});
