import { SluiceError, type Context, type LeftBehind } from '@sluice/core';

import type { OrgClient } from '../org/org-client.ts';
import { assertSameOrg } from '../org/org-identity.ts';
import { orphanReason } from './job-creation.ts';
import type { JobMemo, JobRecord } from './job-memo.ts';
import { handleOf } from './query-handle.ts';
import { abortQueryJob, deleteQueryJob } from './query-job.ts';

export interface CleanupOptions {
  readonly end: 'committed' | 'abandoned';
  /** Undefined: a job the run created is deleted, one it was attached to stays. */
  readonly keepJob: boolean | undefined;
  readonly queryDigest: string;
}

/** Ends and removes the run's job, as far as the run is its owner, and names the rest. Repeatable. */
export async function cleanUpJob(
  client: OrgClient,
  memo: JobMemo,
  options: CleanupOptions,
  ctx: Context,
): Promise<readonly LeftBehind[]> {
  const job = memo.job();
  // With a job at hand, the request that created it was answered, whatever the process had time to note.
  const creating = job === undefined ? memo.creating() : undefined;
  const orphans = creating === undefined ? memo.orphans() : [...memo.orphans(), creating];
  const named = orphans.map((orphan) => ({
    kind: 'query job, id unknown',
    id: `${orphan.object} at ${new Date(orphan.atMs).toISOString()}`,
    reason: orphanReason(orphan),
    hint: 'Look under Setup, Bulk Data Load Jobs, for a job on this object at this time.',
  }));
  return job === undefined ? named : [...(await cleanUp(client, memo, job, options, ctx)), ...named];
}

async function cleanUp(
  client: OrgClient,
  memo: JobMemo,
  job: JobRecord,
  { end, keepJob, queryDigest }: CleanupOptions,
  ctx: Context,
): Promise<readonly LeftBehind[]> {
  const left = (reason: string, hint: string): LeftBehind[] => [
    { kind: 'query job', id: job.id, reason, hint, handle: handleOf(job, queryDigest) },
  ];
  if (memo.isLeftRunning()) return left('Waiting for it was given up; it goes on.', 'Attach to it with its handle.');
  if (keepJob ?? job.attached) {
    return job.attached ? [] : left('It was asked to be kept.', 'Delete it when its result is no longer needed.');
  }
  try {
    assertSameOrg(job.orgId, await client.identity(ctx));
    if (end === 'abandoned') await abortQueryJob(client.http, job, ctx);
    await deleteQueryJob(client.http, job, ctx);
    return [];
  } catch (error) {
    const reason = SluiceError.is(error) ? error.message : 'The time for cleaning up ran out.';
    return left(reason, 'Abort and delete it under Setup, Bulk Data Load Jobs; its result is kept for 7 days at most.');
  }
}
