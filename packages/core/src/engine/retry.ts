import type { Clock, Random, RetryOptions } from '../contract/context.ts';
import { SluiceError } from '../error/sluice-error.ts';

export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** The bound of the first delay; it doubles with each attempt. */
  readonly baseMs: number;
  readonly maxMs: number;
  /** A remote side that asks for a longer wait than this is not waited for. */
  readonly maxRetryAfterMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 8, baseMs: 500, maxMs: 30_000, maxRetryAfterMs: 600_000 };

/**
 * Failures that a retry has given up on. A failure has one owner: who repeats something larger around it, such as the
 * reading of a split around its requests, does not begin again.
 */
const givenUp = new WeakSet<SluiceError>();

/** Beyond this the bound is `maxMs` whatever the base; without it, no base at all would become no number at all. */
const MAX_DOUBLINGS = 40;

export interface Retrying {
  readonly what: string;
  /** The one that failed, from 1. */
  readonly attempt: number;
  readonly delayMs: number;
  readonly error: SluiceError;
}

export interface RetryParts {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly random: Random;
  readonly onRetry: (retrying: Retrying) => void;
}

/**
 * Milliseconds to wait after failed attempt number `attempt`: at random up to `baseMs * 2^(attempt - 1)`, at most
 * `maxMs`, and behind what the remote side asked for. Undefined when it is not to be tried again.
 */
export function retryDelayMs(error: unknown, attempt: number, policy: RetryPolicy, random: Random): number | undefined {
  const { attempts, maxRetryAfterMs } = policy;
  if (!SluiceError.is(error) || !error.retryable || attempt >= attempts || isGivenUp(error)) return undefined;
  const askedMs = error.retryAfterMs ?? 0;
  return askedMs > maxRetryAfterMs ? undefined : askedMs + backoffMs(attempt, policy, random);
}

/** Milliseconds at random up to `baseMs * 2^(attempt - 1)`, at most `maxMs`. */
export function backoffMs(attempt: number, { baseMs, maxMs }: RetryPolicy, random: Random): number {
  return random() * Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, MAX_DOUBLINGS));
}

/** Whoever wraps a failure keeps it as the cause. */
function isGivenUp(error: unknown): boolean {
  for (let cause = error; SluiceError.is(cause); cause = cause.cause) if (givenUp.has(cause)) return true;
  return false;
}

/** Runs `request` until it succeeds, fails for good, or may not be sent again. */
export async function withRetries<T>(
  request: (attempt: number) => Promise<T>,
  { what, safe, attempts }: RetryOptions,
  { policy, clock, random, onRetry }: RetryParts,
  signal: AbortSignal,
): Promise<T> {
  const bounded = attempts === undefined ? policy : { ...policy, attempts };
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await request(attempt);
    } catch (error) {
      signal.throwIfAborted();
      const delayMs = retryDelayMs(error, attempt, bounded, random);
      const isSafe = typeof safe === 'function' ? safe(error) : safe;
      if (delayMs === undefined && SluiceError.is(error)) givenUp.add(error);
      if (delayMs === undefined || !isSafe || !SluiceError.is(error)) throw error;
      onRetry({ what, attempt, delayMs, error });
      await clock.sleep(delayMs, signal);
    }
  }
}
