import { SluiceError, type Context } from '@sluice/core';
import * as z from 'zod';

import { DELETED, JOB_ID, STATUS_ATTEMPTS, type BulkJob, type JobReference } from '../bulk-job/bulk-job.ts';
import { hasRemoteCode, statusOf } from '../http/salesforce-fault.ts';
import type { SalesforceHttp } from '../http/salesforce-http.ts';
import { RESULT_RETENTION_DAYS } from '../limits.ts';
import { apiVersionText } from '../org/api-version.ts';

/** As Salesforce spells them. */
export type QueryOperation = 'query' | 'queryAll';

export interface QueryJob extends BulkJob {
  readonly object: string | undefined;
  readonly apiVersion: string | undefined;
  /** Rows of the whole result, once complete. */
  readonly rows: number | undefined;
  readonly errorMessage: string | undefined;
}

const jobResponse = z
  .looseObject({
    id: z.string().regex(JOB_ID),
    state: z.string(),
    object: z.string().optional(),
    apiVersion: z.union([z.number(), z.string()]).optional(),
    numberRecordsProcessed: z.union([z.int().min(0), z.string().regex(/^\d+$/)]).nullish(),
    errorMessage: z.string().nullish(),
  })
  .transform((job): QueryJob => ({
    id: job.id,
    state: job.state,
    object: job.object,
    apiVersion: job.apiVersion === undefined ? undefined : apiVersionText(job.apiVersion),
    rows: job.numberRecordsProcessed == null ? undefined : Number(job.numberRecordsProcessed),
    errorMessage: job.errorMessage ?? undefined,
  }));

export function jobPath({ id, apiVersion }: JobReference): string {
  return `/services/data/v${apiVersion}/jobs/query/${id}`;
}

/**
 * Creates a job, once: the answer to a repeated request could be a second job.
 *
 * Bulk API 2.0 Developer Guide, "Create a Query Job", read 2026-11.
 */
export async function createQueryJob(
  http: SalesforceHttp,
  {
    apiVersion,
    operation,
    soql,
  }: { readonly apiVersion: string; readonly operation: QueryOperation; readonly soql: string },
  ctx: Context,
): Promise<QueryJob> {
  const { value } = await http.json(
    {
      what: 'create query job',
      method: 'POST',
      path: `/services/data/v${apiVersion}/jobs/query`,
      body: { operation, query: soql, contentType: 'CSV', columnDelimiter: 'COMMA', lineEnding: 'LF' },
      safe: false,
    },
    jobResponse,
    ctx,
  );
  return value;
}

/** @throws `JOB_GONE` when the org does not know the job. */
export async function fetchQueryJob(
  http: SalesforceHttp,
  job: JobReference,
  ctx: Context,
  signal: AbortSignal = ctx.signal,
): Promise<QueryJob> {
  const { value } = await http
    .json(
      {
        what: `ask for query job ${job.id}`,
        method: 'GET',
        path: jobPath(job),
        safe: true,
        attempts: STATUS_ATTEMPTS,
        signal,
      },
      jobResponse,
      ctx,
    )
    .catch((error: unknown) => {
      throw statusOf(error) === 404 ? jobGone(job.id, error) : error;
    });
  return value;
}

/** Ends a job that still runs. One that is over or gone already is as good. */
export async function abortQueryJob(http: SalesforceHttp, job: JobReference, ctx: Context): Promise<void> {
  const request = {
    what: `abort query job ${job.id}`,
    method: 'PATCH',
    path: jobPath(job),
    body: { state: 'Aborted' },
    safe: true,
    ignoresReserve: true,
  } as const;
  await http.send(request, ctx).catch((error: unknown) => {
    if (statusOf(error) !== 404 && !hasRemoteCode(error, 'INVALIDJOBSTATE')) throw error;
  });
}

/** Removes a job that is over, and its results. One that is gone already is as good. */
export async function deleteQueryJob(http: SalesforceHttp, job: JobReference, ctx: Context): Promise<void> {
  const request = {
    what: `delete query job ${job.id}`,
    method: 'DELETE',
    path: jobPath(job),
    safe: true,
    ignoresReserve: true,
  } as const;
  try {
    const { status } = await http.send(request, ctx);
    if (status !== DELETED) throw notDeleted(job, status);
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (statusOf(error) !== 404) throw error;
  }
}

/** A proxy or a login page may have answered in place of the org, and the job is still there. */
function notDeleted({ id }: JobReference, status: number): SluiceError {
  return new SluiceError(
    'RESPONSE_INVALID',
    `delete query job ${id}: HTTP ${status}, where the org answers ${DELETED}`,
    {
      details: { job: id, status },
    },
  );
}

export function jobGone(id: string, cause?: unknown): SluiceError {
  return new SluiceError('JOB_GONE', `query job ${id} or its results no longer exist`, {
    ...(cause === undefined ? {} : { cause }),
    hint: `Start a new run: the org keeps results for ${RESULT_RETENTION_DAYS} days, and somebody may delete a job earlier.`,
    details: { job: id },
  });
}
