import { SluiceError, type Context, type LeftBehind } from '@sluice/core';

import type { JobReference } from '../bulk-job/bulk-job.ts';
import { createdNothing, type OrphanRecord } from '../bulk-job/job-orphan.ts';
import type { SalesforceHttp } from '../http/salesforce-http.ts';
import { createIngestJob, type IngestJobRequest } from './ingest-job.ts';
import type { PartMemo } from './part-memo.ts';

/**
 * Creates a job for a part and remembers it before anything else happens.
 *
 * A request that was not answered may have created a job all the same. Nobody knows its id, and a search could find
 * another program's job, so it is named and another one is created: a job that is never closed writes nothing, and the
 * org ends it after a day.
 */
export async function createPartJob(
  http: SalesforceHttp,
  request: IngestJobRequest,
  memo: PartMemo,
  ctx: Context,
): Promise<JobReference> {
  const { object, apiVersion } = request;
  // A process died while it asked for one.
  if (memo.state.creating !== undefined) await nameOrphan(memo.state.creating, memo, ctx);
  return await ctx.retry(
    async () => {
      const creation: OrphanRecord = { object, atMs: http.orgTimeMs(ctx) };
      await memo.beginCreation(creation);
      try {
        const { id } = await createIngestJob(http, request, ctx);
        await memo.endCreation({ job: id });
        return { id, apiVersion };
      } catch (error) {
        if (createdNothing(error, ctx)) await memo.endCreation('none');
        else if (SluiceError.is(error)) await nameOrphan(creation, memo, ctx);
        throw error;
      }
    },
    { what: 'create ingest job', safe: true },
  );
}

async function nameOrphan(creation: OrphanRecord, memo: PartMemo, ctx: Context): Promise<void> {
  // First of all: the same note again, by a process that begins where this one dies, counts once.
  await ctx.note({ code: 'INGEST_JOB_UNACKNOWLEDGED', message: orphanReason(creation) });
  await memo.endCreation('orphan');
}

/** Jobs whose ids nobody knows, if there are any. */
export function orphansOf({ creating, orphans }: PartMemo['state']): readonly LeftBehind[] {
  return (creating === undefined ? orphans : [...orphans, creating]).map((orphan) => ({
    kind: 'ingest job, id unknown',
    id: `${orphan.object} at ${new Date(orphan.atMs).toISOString()}`,
    reason: orphanReason(orphan),
    hint: 'Look under Setup, Bulk Data Load Jobs, for an open job on this object at this time.',
  }));
}

function orphanReason({ object, atMs }: OrphanRecord): string {
  return `A request to create an ingest job on ${object} at ${new Date(atMs).toISOString()} was not answered; if the org created the job, it has no rows, and ends by itself after a day.`;
}
