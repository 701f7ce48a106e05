import { SluiceError, type Context, type Json } from '@sluice/core';
import * as z from 'zod';

import { DELETED, JOB_ID, STATUS_ATTEMPTS, type BulkJob, type JobReference } from '../bulk-job/bulk-job.ts';
import { hasRemoteCode, statusOf } from '../http/salesforce-fault.ts';
import type { SalesforceHttp, Upload } from '../http/salesforce-http.ts';
import type { IngestOperation } from '../ingest-rows/ingest-plan.ts';
import { RESULT_RETENTION_DAYS } from '../limits.ts';

export interface IngestJob extends BulkJob {
  /** Rows looked at so far, failed ones included; undefined where the org does not tell. */
  readonly processedRows: number | undefined;
  readonly failedRows: number | undefined;
  readonly errorMessage: string | undefined;
}

export interface IngestJobRequest {
  readonly apiVersion: string;
  readonly object: string;
  readonly operation: IngestOperation;
  readonly externalIdFieldName: string | undefined;
  readonly assignmentRuleId: string | undefined;
}

/** The status of an upload that was taken. */
const CREATED = 201;
const LENGTH_REQUIRED = 411;

const count = z.union([z.int().min(0), z.string().regex(/^\d+$/)]).nullish();

const jobResponse = z
  .looseObject({
    id: z.string().regex(JOB_ID),
    state: z.string(),
    numberRecordsProcessed: count,
    numberRecordsFailed: count,
    errorMessage: z.string().nullish(),
  })
  .transform((job): IngestJob => ({
    id: job.id,
    state: job.state,
    processedRows: rowsOf(job.numberRecordsProcessed),
    failedRows: rowsOf(job.numberRecordsFailed),
    errorMessage: job.errorMessage ?? undefined,
  }));

function rowsOf(value: z.output<typeof count>): number | undefined {
  return value == null ? undefined : Number(value);
}

export function ingestJobPath({ id, apiVersion }: JobReference): string {
  return `/services/data/v${apiVersion}/jobs/ingest/${id}`;
}

/**
 * Creates a job that writes nothing until it is closed.
 *
 * Bulk API 2.0 Developer Guide, "Create a Job", read 2026-11.
 *
 * @throws `TARGET_UNWRITABLE` when the Bulk API does not write this object.
 */
export async function createIngestJob(
  http: SalesforceHttp,
  { apiVersion, object, operation, externalIdFieldName, assignmentRuleId }: IngestJobRequest,
  ctx: Context,
): Promise<IngestJob> {
  const body: Json = {
    object,
    operation,
    ...(externalIdFieldName === undefined ? {} : { externalIdFieldName }),
    ...(assignmentRuleId === undefined ? {} : { assignmentRuleId }),
    contentType: 'CSV',
    columnDelimiter: 'COMMA',
    lineEnding: 'LF',
  };
  const what = 'create ingest job';
  const path = `/services/data/v${apiVersion}/jobs/ingest`;
  try {
    const { value } = await http.json({ what, method: 'POST', path, body, safe: false }, jobResponse, ctx);
    return value;
  } catch (error) {
    if (!hasRemoteCode(error, 'INVALIDENTITY')) throw error;
    throw new SluiceError('TARGET_UNWRITABLE', `the Bulk API does not write ${object}`, {
      cause: error,
      hint: 'Choose another object, or write these rows by another interface.',
    });
  }
}

/**
 * Sends the rows of a job, once. Resolves when the org has taken all of them; whatever else happens, nobody knows what it
 * has, and the job must not be closed.
 *
 * @throws `JOB_GONE`; `JOB_FAILED` when the job is open no more.
 */
export async function uploadRows(
  http: SalesforceHttp,
  job: JobReference,
  { bytes, byteLength }: Omit<Upload, 'contentType'>,
  ctx: Context,
  signal: AbortSignal,
): Promise<void> {
  const what = `upload to ingest job ${job.id}`;
  const upload: Upload = {
    contentType: 'text/csv; charset=UTF-8',
    bytes,
    ...(byteLength === undefined ? {} : { byteLength }),
  };
  const path = `${ingestJobPath(job)}/batches`;
  const { status } = await http
    .send({ what, method: 'PUT', path, upload, safe: false, signal }, ctx)
    .catch((error: unknown) => {
      if (statusOf(error) === 404) throw ingestJobGone(job.id, error);
      throw hasRemoteCode(error, 'INVALIDJOBSTATE') ? notOpen(job, error) : error;
    });
  if (status === CREATED) return;
  throw new SluiceError('RESPONSE_INVALID', `${what}: HTTP ${status}, where the org answers ${CREATED}`, {
    hint: 'A proxy or a login page may have answered in place of the org.',
    details: { job: job.id, status },
  });
}

/** Asks for one change of state, once. @throws for whatever is not the job in an answer. */
export async function setIngestJobState(
  http: SalesforceHttp,
  job: JobReference,
  state: 'UploadComplete' | 'Aborted',
  ctx: Context,
): Promise<IngestJob> {
  const { value } = await http.json(
    {
      what: `${state === 'Aborted' ? 'abort' : 'close'} ingest job ${job.id}`,
      method: 'PATCH',
      path: ingestJobPath(job),
      body: { state },
      safe: false,
      ...(state === 'Aborted' ? { ignoresReserve: true } : {}),
    },
    jobResponse,
    ctx,
  );
  return value;
}

/**
 * An org that does not know the job is asked again: rows in doubt are too much for one answer of whoever gave it.
 *
 * @throws `JOB_GONE`
 */
export async function fetchIngestJob(
  http: SalesforceHttp,
  job: JobReference,
  ctx: Context,
  signal: AbortSignal = ctx.signal,
): Promise<IngestJob> {
  const ask = async (): Promise<IngestJob> => await askForJob(http, job, ctx, signal);
  return await ask()
    .catch(async (error: unknown) => {
      if (statusOf(error) !== 404) throw error;
      return await ask();
    })
    .catch((error: unknown) => {
      throw statusOf(error) === 404 ? ingestJobGone(job.id, error) : error;
    });
}

async function askForJob(
  http: SalesforceHttp,
  job: JobReference,
  ctx: Context,
  signal: AbortSignal,
): Promise<IngestJob> {
  const { value } = await http.json(
    {
      what: `ask for ingest job ${job.id}`,
      method: 'GET',
      path: ingestJobPath(job),
      safe: true,
      attempts: STATUS_ATTEMPTS,
      signal,
    },
    jobResponse,
    ctx,
  );
  return value;
}

/** Removes a job that is over, and its results. One that is gone already is as good. */
export async function deleteIngestJob(http: SalesforceHttp, job: JobReference, ctx: Context): Promise<void> {
  const what = `delete ingest job ${job.id}`;
  try {
    const { status } = await http.send(
      { what, method: 'DELETE', path: ingestJobPath(job), safe: true, ignoresReserve: true },
      ctx,
    );
    if (status === DELETED) return;
    throw new SluiceError('RESPONSE_INVALID', `${what}: HTTP ${status}, where the org answers ${DELETED}`, {
      details: { job: job.id, status },
    });
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (statusOf(error) !== 404) throw error;
  }
}

function ingestJobGone(id: string, cause?: unknown): SluiceError {
  return new SluiceError('JOB_GONE', `ingest job ${id} or its results no longer exist`, {
    ...(cause === undefined ? {} : { cause }),
    hint: `The org keeps results for ${RESULT_RETENTION_DAYS} days, and somebody may delete a job earlier.`,
    details: { job: id },
  });
}

/** RW-27: by some proxy on the way, of an upload whose length is not known ahead. */
export function isLengthWanted(error: unknown): boolean {
  return statusOf(error) === LENGTH_REQUIRED;
}

function notOpen({ id }: JobReference, cause: unknown): SluiceError {
  return new SluiceError('JOB_FAILED', `ingest job ${id} takes no rows any more: somebody closed or aborted it`, {
    cause,
    hint: 'Find out who ends the jobs of this user, then run again: no row of the job was written.',
    details: { job: id },
  });
}
