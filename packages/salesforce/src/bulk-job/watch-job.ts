import type { Clock, Context, Random } from '@sluice/core';
import {
  concatMap,
  defer,
  finalize,
  from,
  lastValueFrom,
  merge,
  repeat,
  takeWhile,
  tap,
  throwError,
  type Observable,
} from 'rxjs';

import { isTerminal, type BulkJob } from './bulk-job.ts';

export interface PollIntervals {
  /** Before the first question. */
  readonly firstMs: number;
  /** Before the second; it grows by half each time. */
  readonly startMs: number;
  readonly maxMs: number;
}

export interface Deadline {
  readonly afterMs: number;
  readonly error: () => Error;
}

export interface JobWatch<J extends BulkJob> {
  /** Names the kind of job to people watching, such as `query job`. */
  readonly kind: string;
  /** Takes the signal that ends the watch. */
  readonly fetchJob: (signal: AbortSignal) => Promise<J>;
  readonly intervals: PollIntervals;
  /** The first one to pass ends the watch. */
  readonly deadlines: readonly Deadline[];
}

/**
 * Polls until the job is over and resolves with its last state.
 *
 * Every poll is one API call of the whole org, so the intervals grow. Rejects with `ctx.signal.reason` on abort, with a
 * deadline's error when it passes, and with whatever `fetchJob` throws; the job itself is left alone.
 */
export async function awaitJob<J extends BulkJob>(
  { kind, fetchJob, intervals, deadlines }: JobWatch<J>,
  ctx: Context,
): Promise<J> {
  const { clock, random } = ctx;
  const stop = new AbortController();
  const signal = AbortSignal.any([ctx.signal, stop.signal]);
  const states$ = watchJob(
    () => fetchJob(signal),
    (poll) => clock.sleep(pollDelayMs(poll, intervals, random), signal),
  ).pipe(
    tap(({ id, state }) => {
      ctx.status(`${kind} ${id}: ${state}`);
    }),
  );
  const deadlines$ = deadlines.map((deadline) => failingAfter(deadline, clock, signal));
  return await lastValueFrom(
    merge(states$, ...deadlines$).pipe(
      takeWhile((job) => !isTerminal(job), true),
      finalize(() => {
        stop.abort();
      }),
    ),
  );
}

/** Milliseconds before poll number `poll`, from 0, half of it spread at random so that many runs do not ask together. */
function pollDelayMs(poll: number, { firstMs, startMs, maxMs }: PollIntervals, random: Random): number {
  const baseMs = poll === 0 ? firstMs : Math.min(maxMs, startMs * 1.5 ** (poll - 1));
  return baseMs * (0.75 + random() / 2);
}

/** Every observed state, a wait before each; never completes by itself. */
function watchJob<J>(fetchJob: () => Promise<J>, wait: (poll: number) => Promise<void>): Observable<J> {
  let poll = 0;
  return defer(() => {
    const waited = wait(poll);
    poll += 1;
    return from(waited);
  }).pipe(
    concatMap(() => from(fetchJob())),
    repeat(),
  );
}

function failingAfter({ afterMs, error }: Deadline, clock: Clock, signal: AbortSignal): Observable<never> {
  return defer(() => from(clock.sleep(afterMs, signal))).pipe(concatMap(() => throwError(error)));
}
