import { SluiceError, type Context, type LeftBehind } from '@sluice/core';

import { isTerminal, type JobReference } from '../bulk-job/bulk-job.ts';
import type { SalesforceHttp } from '../http/salesforce-http.ts';
import { deleteIngestJob, fetchIngestJob, setIngestJobState, type IngestJob } from './ingest-job.ts';
import type { PartMemo } from './part-memo.ts';

export interface VoidOptions {
  readonly apiVersion: string;
  readonly deleteJobs: boolean;
}

/** Ends jobs that were never closed, so that they have no effect, and names those that could not be ended. */
export async function voidJobs(
  http: SalesforceHttp,
  ids: readonly string[],
  memo: PartMemo,
  { apiVersion, deleteJobs }: VoidOptions,
  ctx: Context,
): Promise<readonly LeftBehind[]> {
  const left: LeftBehind[] = [];
  for (const id of ids) {
    if (memo.state.voided.includes(id)) continue;
    try {
      const job: JobReference = { id, apiVersion };
      const ended = await abortIngestJob(http, job, ctx);
      if (ended !== undefined && deleteJobs) await deleteIngestJob(http, job, ctx);
      await memo.addVoided(id);
    } catch (error) {
      left.push({
        kind: 'ingest job',
        id,
        reason: SluiceError.is(error) ? error.message : 'The time for cleaning up ran out.',
        hint: 'Abort it under Setup, Bulk Data Load Jobs. It writes nothing while it is open, and ends by itself after a day.',
      });
    }
  }
  return left;
}

/** Ends a job, and says what it is then; undefined when it is gone. One that is over already is as good. */
export async function abortIngestJob(
  http: SalesforceHttp,
  job: JobReference,
  ctx: Context,
): Promise<IngestJob | undefined> {
  return await ctx.retry(
    async () => {
      try {
        return await setIngestJobState(http, job, 'Aborted', ctx);
      } catch (error) {
        const known = await knownJob(http, job, ctx);
        if (known === undefined || isTerminal(known)) return known;
        throw error;
      }
    },
    { what: `abort ingest job ${job.id}`, safe: true },
  );
}

/** The job as the org knows it; undefined when it does not. */
async function knownJob(http: SalesforceHttp, job: JobReference, ctx: Context): Promise<IngestJob | undefined> {
  try {
    return await fetchIngestJob(http, job, ctx);
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (SluiceError.is(error) && error.code === 'JOB_GONE') return undefined;
    throw error;
  }
}
