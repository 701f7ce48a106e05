import { SluiceError, type Context } from '@sluice/core';

import { isTerminal } from '../bulk-job/bulk-job.ts';
import { awaitJob, type Deadline } from '../bulk-job/watch-job.ts';
import type { OrgClient } from '../org/org-client.ts';
import { assertSameOrg, type OrgIdentity } from '../org/org-identity.ts';
import { createRunJob } from './job-creation.ts';
import { endedJobFault } from './job-fault.ts';
import type { JobMemo, JobRecord } from './job-memo.ts';
import { assertSameQuery, handleOf, queryDigest, type QueryHandle } from './query-handle.ts';
import { abortQueryJob, deleteQueryJob, fetchQueryJob, type QueryJob } from './query-job.ts';
import type { ParsedQueryOptions } from './query-options.ts';
import type { QueryState } from './query-state.ts';

export interface ReadyJob {
  readonly job: JobRecord;
  /** Of the whole result, where the org tells. */
  readonly rows: number | undefined;
}

/**
 * The run's job, complete: the one the memo names, else the one of the handle, else a new one.
 *
 * @throws `WAIT_TIMEOUT` with a handle in its details, and the job goes on; `DEADLINE_EXCEEDED` once the job is ended;
 * `JOB_FAILED`, `JOB_GONE`; `RUN_MISMATCH` in another org or for another query.
 */
export async function readyJob(
  client: OrgClient,
  state: QueryState,
  options: ParsedQueryOptions,
  memo: JobMemo,
  ctx: Context,
): Promise<ReadyJob> {
  const identity = await client.identity(ctx);
  assertSameOrg(state.orgId, identity);
  if (memo.isLeftRunning()) await memo.setLeftRunning(false);
  const known = memo.job() ?? (await attach(state, options.handle, identity, memo, ctx));
  const job = known ?? (await createRunJob(client.http, { ...state, userId: identity.userId }, memo, ctx));
  const first = known === undefined ? undefined : await fetchQueryJob(client.http, job, ctx);
  const ended =
    first !== undefined && isTerminal(first) ? first : await waitFor(client, job, state, options, memo, ctx);
  if (ended.state !== 'JobComplete') throw endedJobFault(ended);
  return { job, rows: ended.rows };
}

async function attach(
  { operation, soql }: QueryState,
  handle: QueryHandle | undefined,
  identity: OrgIdentity,
  memo: JobMemo,
  ctx: Context,
): Promise<JobRecord | undefined> {
  if (handle === undefined) return undefined;
  assertSameQuery(handle, queryDigest(operation, soql));
  assertSameOrg(handle.orgId, identity);
  const { job: id, apiVersion, orgId } = handle;
  const job: JobRecord = { v: 1, id, apiVersion, orgId, createdMs: ctx.clock.now(), attached: true };
  await memo.setJob(job);
  return job;
}

async function waitFor(
  client: OrgClient,
  job: JobRecord,
  state: QueryState,
  { waitTimeoutMs, queryTimeoutMs, keepJob, poll }: ParsedQueryOptions,
  memo: JobMemo,
  ctx: Context,
): Promise<QueryJob> {
  const deadlines: Deadline[] = [];
  if (waitTimeoutMs !== undefined) {
    deadlines.push({ afterMs: waitTimeoutMs, error: () => waitTimeout(job, state, waitTimeoutMs) });
  }
  if (queryTimeoutMs !== undefined) {
    const afterMs = Math.max(0, job.createdMs + queryTimeoutMs - ctx.clock.now());
    deadlines.push({ afterMs, error: () => queryTimeout(job, queryTimeoutMs) });
  }
  const fetchJob = (signal: AbortSignal): Promise<QueryJob> => fetchQueryJob(client.http, job, ctx, signal);
  try {
    return await awaitJob({ kind: 'query job', fetchJob, intervals: poll, deadlines }, ctx);
  } catch (error) {
    if (SluiceError.is(error) && error.code === 'WAIT_TIMEOUT') await memo.setLeftRunning(true);
    if (SluiceError.is(error) && error.code === 'DEADLINE_EXCEEDED') {
      await endJob(client, job, { isKept: keepJob === true }, memo, ctx);
    }
    throw error;
  }
}

/** What fails here is tried again when the run is finished, which names what is left. */
async function endJob(
  { http }: OrgClient,
  job: JobRecord,
  { isKept }: { readonly isKept: boolean },
  memo: JobMemo,
  ctx: Context,
): Promise<void> {
  try {
    await abortQueryJob(http, job, ctx);
    if (isKept) return;
    await deleteQueryJob(http, job, ctx);
    await memo.setJob(undefined);
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (!SluiceError.is(error)) throw error;
    ctx.log.warn('a query job whose time was up could not be ended', { job: job.id, code: error.code });
  }
}

function waitTimeout(job: JobRecord, { operation, soql }: QueryState, waitTimeoutMs: number): SluiceError {
  return new SluiceError('WAIT_TIMEOUT', `query job ${job.id} was not complete after ${waitTimeoutMs} ms; it goes on`, {
    hint: 'Pass the handle in `details` as the option `handle` to go on waiting, or resume the run.',
    details: { handle: handleOf(job, queryDigest(operation, soql)) },
  });
}

function queryTimeout(job: JobRecord, queryTimeoutMs: number): SluiceError {
  return new SluiceError(
    'DEADLINE_EXCEEDED',
    `query job ${job.id} was not complete ${queryTimeoutMs} ms after its creation`,
    { hint: 'Narrow the query with a selective WHERE, or raise queryTimeoutMs.', details: { job: job.id } },
  );
}
