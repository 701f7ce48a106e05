import { createHash } from 'node:crypto';

import { SluiceError } from '@sluice/core';
import * as z from 'zod';

import { isJobId } from '../bulk-job/bulk-job.ts';
import type { JobRecord } from './job-memo.ts';

/** A query job to take up again, in another run or program. JSON, without secrets. */
export const queryHandle = z.strictObject({
  v: z.literal(1),
  kind: z.literal('salesforce-query-job'),
  job: z.string().refine(isJobId, 'must be the id of a query job'),
  apiVersion: z.string().regex(/^\d{1,3}\.0$/),
  orgId: z.string(),
  /** Digest of the query, because the org never tells it. */
  query: z.string(),
});

export type QueryHandle = z.output<typeof queryHandle>;

export function handleOf({ id, apiVersion, orgId }: JobRecord, query: string): QueryHandle {
  return { v: 1, kind: 'salesforce-query-job', job: id, apiVersion, orgId, query };
}

/** What two runs must have in common to share a job. */
export function queryDigest(operation: string, soql: string): string {
  return createHash('sha256')
    .update(JSON.stringify([operation, soql]))
    .digest('base64url')
    .slice(0, 22);
}

/** @throws `RUN_MISMATCH` when the handle is of another query. */
export function assertSameQuery(handle: QueryHandle, digest: string): void {
  if (handle.query === digest) return;
  throw new SluiceError('RUN_MISMATCH', `query job ${handle.job} was created for another query`, {
    hint: 'Attach with the query, the options and the field access the job was created with.',
  });
}
