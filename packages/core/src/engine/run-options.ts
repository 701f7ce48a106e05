import type { Clock, Logger, Random } from '../contract/context.ts';
import { SluiceError } from '../error/sluice-error.ts';
import type { MaxRejects } from './reject-limit.ts';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.ts';
import { systemClock } from './system-clock.ts';

/** What reading and copying have in common. */
export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Splits read at once. Default 4. */
  readonly parallelism?: number;
  /** Batches read ahead of whoever takes them, for each split. Default 1. */
  readonly prefetch?: number;
  /** Bounds of a batch. Default 65,536 rows and 4 MiB. */
  readonly batchRows?: number;
  readonly batchBytes?: number;
  /**
   * Rejected rows the run takes before it fails; `Infinity` for any number. Or the share of rows, judged as verdicts come in
   * once there are 1,000, and at the end. Default 0.
   */
  readonly maxRejects?: MaxRejects;
  readonly retry?: Partial<RetryPolicy>;
  /** Bound on ending and removing what a run has started. Default 10,000. */
  readonly cleanupMs?: number;
  readonly log?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
}

export interface ParsedRunOptions {
  readonly signal: AbortSignal | undefined;
  readonly parallelism: number;
  readonly prefetch: number;
  readonly batch: { readonly rows: number; readonly bytes: number };
  readonly maxRejects: MaxRejects;
  readonly retry: RetryPolicy;
  readonly cleanupMs: number;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: Random;
}

const silent = (): void => {};
const silentLogger: Logger = { debug: silent, info: silent, warn: silent, error: silent };

/** @throws `CONFIG_INVALID` naming the option. */
export function parseRunOptions(where: string, options: RunOptions): ParsedRunOptions {
  const { signal, log = silentLogger, clock = systemClock, random = Math.random } = options;
  const { parallelism = 4, prefetch = 1, batchRows = 65_536, batchBytes = 4 * 1_048_576 } = options;
  const { maxRejects = 0, cleanupMs = 10_000 } = options;
  const retry = { ...DEFAULT_RETRY, ...options.retry };
  const check = (name: string, value: number, least: number): void => requireNumber(where, name, value, least);
  check('parallelism', parallelism, 1);
  check('prefetch', prefetch, 0);
  check('batchRows', batchRows, 1);
  check('batchBytes', batchBytes, 1);
  check('cleanupMs', cleanupMs, 0);
  check('retry.attempts', retry.attempts, 1);
  check('retry.baseMs', retry.baseMs, 0);
  check('retry.maxMs', retry.maxMs, 0);
  check('retry.maxRetryAfterMs', retry.maxRetryAfterMs, 0);
  checkMaxRejects(where, maxRejects);
  const batch = { rows: batchRows, bytes: batchBytes };
  return { signal, parallelism, prefetch, batch, maxRejects, retry, cleanupMs, logger: log, clock, random };
}

function checkMaxRejects(where: string, maxRejects: MaxRejects): void {
  if (typeof maxRejects === 'number') {
    if (maxRejects !== Infinity) requireNumber(where, 'maxRejects', maxRejects, 0);
    return;
  }
  if (maxRejects.share >= 0 && maxRejects.share <= 1) return;
  throw new SluiceError('CONFIG_INVALID', `${where}: maxRejects.share must be a number from 0 to 1`, {
    hint: 'Correct maxRejects.share.',
  });
}

export function requireNumber(where: string, name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new SluiceError('CONFIG_INVALID', `${where}: ${name} must be a whole number of at least ${least}`, {
    hint: `Correct ${name}.`,
  });
}
