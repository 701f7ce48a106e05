import { SluiceError, type Context } from '@sluice/core';

import { createdNothing, type OrphanRecord } from '../bulk-job/job-orphan.ts';
import type { SalesforceHttp } from '../http/salesforce-http.ts';
import type { JobMemo, JobRecord } from './job-memo.ts';
import { createQueryJob, type QueryOperation } from './query-job.ts';

export interface JobRequest {
  readonly apiVersion: string;
  readonly operation: QueryOperation;
  readonly soql: string;
  /** Queried; names an orphan. */
  readonly object: string;
  readonly orgId: string;
  readonly userId: string | undefined;
}

/**
 * Creates the run's job and remembers it before anything else happens.
 *
 * A request that was not answered may have created a job all the same. Nobody knows its id, and a search could find
 * another program's job, so it is named, left to end by itself, and another one is created: it does no harm but its
 * cost.
 */
export async function createRunJob(
  http: SalesforceHttp,
  request: JobRequest,
  memo: JobMemo,
  ctx: Context,
): Promise<JobRecord> {
  const { apiVersion, operation, soql, object, orgId, userId } = request;
  await nameOrphan(memo.creating(), memo, ctx);
  return await ctx.retry(
    async () => {
      const creation: OrphanRecord = { object, atMs: http.orgTimeMs(ctx) };
      await memo.setCreating(creation);
      try {
        const { id } = await createQueryJob(http, { apiVersion, operation, soql }, ctx);
        const createdMs = ctx.clock.now();
        const job: JobRecord = {
          v: 1,
          id,
          apiVersion,
          orgId,
          ...(userId === undefined ? {} : { userId }),
          createdMs,
          attached: false,
        };
        await memo.setJob(job);
        await memo.setCreating(undefined);
        return job;
      } catch (error) {
        if (createdNothing(error, ctx)) await memo.setCreating(undefined);
        else if (SluiceError.is(error)) await nameOrphan(creation, memo, ctx);
        throw error;
      }
    },
    { what: 'create query job', safe: true },
  );
}

async function nameOrphan(creation: OrphanRecord | undefined, memo: JobMemo, ctx: Context): Promise<void> {
  if (creation === undefined) return;
  await memo.setOrphans([...memo.orphans(), creation]);
  await memo.setCreating(undefined);
  await ctx.note({ code: 'QUERY_JOB_UNACKNOWLEDGED', message: orphanReason(creation) });
}

export function orphanReason({ object, atMs }: OrphanRecord): string {
  return `A request to create a query job on ${object} at ${new Date(atMs).toISOString()} was not answered; if the org created the job, it ends by itself.`;
}
