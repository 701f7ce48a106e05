import { SluiceError, type Context } from '@sluice/core';

import { isTerminal, type JobReference } from '../bulk-job/bulk-job.ts';
import { awaitJob, type Deadline, type PollIntervals } from '../bulk-job/watch-job.ts';
import { statusOf } from '../http/salesforce-fault.ts';
import type { SalesforceHttp } from '../http/salesforce-http.ts';
import { fetchIngestJob, setIngestJobState, type IngestJob } from './ingest-job.ts';
import type { PartMemo } from './part-memo.ts';
import { abortIngestJob } from './void-job.ts';

/** What became of a job that was to be processed. */
export type JobEnd =
  | {
      readonly kind: 'ended';
      readonly job: IngestJob;
      /** The org had been told to process it; else it ended while it was open. */
      readonly wasClosed: boolean;
    }
  /** It is gone, and the org was never told to process it. */
  | { readonly kind: 'void' }
  /** It is gone, and nobody knows what it did. */
  | { readonly kind: 'lost' };

export interface JobPatience {
  readonly poll: PollIntervals;
  readonly jobTimeoutMs: number | undefined;
}

/**
 * Has the org process an uploaded job, once, and waits until it is over.
 *
 * A request to close it that was not answered is followed by a question: only a job that is still open is told again.
 *
 * @throws `DEADLINE_EXCEEDED` when the job took too long, and is aborted.
 */
export async function runIngestJob(
  http: SalesforceHttp,
  reference: JobReference,
  memo: PartMemo,
  patience: JobPatience,
  ctx: Context,
): Promise<JobEnd> {
  const closed = await closeIngestJob(http, reference, memo, ctx);
  if (closed.kind !== 'ended' || isTerminal(closed.job)) return closed;
  try {
    const job = await awaitIngestJob(http, reference, patience, ctx);
    return { kind: 'ended', job, wasClosed: true };
  } catch (error) {
    // What an aborted request fails with is about something else, whatever it looks like.
    ctx.signal.throwIfAborted();
    if (isGone(error)) return { kind: 'lost' };
    throw error;
  }
}

async function closeIngestJob(
  http: SalesforceHttp,
  reference: JobReference,
  memo: PartMemo,
  ctx: Context,
): Promise<JobEnd> {
  // By a process before this one, or by a request that was not answered.
  let mayBeClosed = memo.state.closing.includes(reference.id);
  await memo.setClosing(reference.id);
  const ended = (job: IngestJob): JobEnd => ({ kind: 'ended', job, wasClosed: mayBeClosed });
  const close = async (): Promise<JobEnd> => {
    if (mayBeClosed) {
      const known = await fetchIngestJob(http, reference, ctx);
      if (known.state !== 'Open') return ended(known);
    }
    try {
      const job = await setIngestJobState(http, reference, 'UploadComplete', ctx);
      mayBeClosed = true;
      return ended(job);
    } catch (error) {
      ctx.signal.throwIfAborted();
      mayBeClosed ||= !isRefusal(error);
      const known = await fetchIngestJob(http, reference, ctx);
      if (known.state !== 'Open') return ended(known);
      throw error;
    }
  };
  try {
    return await ctx.retry(close, { what: `close ingest job ${reference.id}`, safe: true });
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (!isGone(error)) throw error;
    return { kind: mayBeClosed ? 'lost' : 'void' };
  }
}

async function awaitIngestJob(
  http: SalesforceHttp,
  reference: JobReference,
  { poll, jobTimeoutMs }: JobPatience,
  ctx: Context,
): Promise<IngestJob> {
  const fetchJob = (signal: AbortSignal): Promise<IngestJob> => fetchIngestJob(http, reference, ctx, signal);
  const deadlines: readonly Deadline[] =
    jobTimeoutMs === undefined ? [] : [{ afterMs: jobTimeoutMs, error: () => jobTimeout(reference, jobTimeoutMs) }];
  try {
    return await awaitJob({ kind: 'ingest job', fetchJob, intervals: poll, deadlines }, ctx);
  } catch (error) {
    if (SluiceError.is(error) && error.code === 'DEADLINE_EXCEEDED') await abortIngestJob(http, reference, ctx);
    throw error;
  }
}

/** Salesforce itself said no: the request had no effect. */
function isRefusal(error: unknown): boolean {
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500;
}

function isGone(error: unknown): boolean {
  return SluiceError.is(error) && error.code === 'JOB_GONE';
}

function jobTimeout({ id }: JobReference, jobTimeoutMs: number): SluiceError {
  return new SluiceError(
    'DEADLINE_EXCEEDED',
    `ingest job ${id} was not complete ${jobTimeoutMs} ms after it was closed; it was aborted`,
    { hint: 'Raise jobTimeoutMs, or write fewer rows a job.', details: { job: id } },
  );
}
