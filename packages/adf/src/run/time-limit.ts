import { type Clock, SluiceError } from '@sluice/core';

export interface TimeLimit {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly limitMs: number;
  /** Such as `the activity Load`. */
  readonly what: string;
}

/**
 * Runs work under a bound. When the time is up its signal aborts, and the failure comes once the work has ended.
 *
 * @throws `DEADLINE_EXCEEDED`; what the work throws.
 */
export async function withTimeLimit<T>(
  { clock, signal, limitMs, what }: TimeLimit,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const bound = new AbortController();
  const timer = new AbortController();
  const tick = async (): Promise<void> => {
    try {
      await clock.sleep(limitMs, AbortSignal.any([signal, timer.signal]));
    } catch (error) {
      // The work has ended first, or the run was cancelled.
      if (timer.signal.aborted || signal.aborted) return;
      throw error;
    }
    bound.abort(
      new SluiceError('DEADLINE_EXCEEDED', `${what} took longer than its time-out of ${limitMs / 1000} seconds`),
    );
  };
  const ticking = tick();
  try {
    return await work(AbortSignal.any([signal, bound.signal]));
  } catch (error) {
    signal.throwIfAborted();
    bound.signal.throwIfAborted();
    throw error;
  } finally {
    timer.abort();
    await ticking;
  }
}
