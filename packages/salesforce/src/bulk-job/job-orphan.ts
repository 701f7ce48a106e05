import { SluiceError, type Context } from '@sluice/core';
import * as z from 'zod';

import { wasNeverSent } from '../http/connection-fault.ts';
import { statusOf } from '../http/salesforce-fault.ts';

/** A request to create a job that was not answered: there may be a job nobody knows the id of. */
export const orphanRecord = z.object({ object: z.string(), atMs: z.number() });

export type OrphanRecord = z.output<typeof orphanRecord>;

/** Failures ahead of the request itself: no session, no secret, no call left above the reserve. */
const BEFORE_REQUEST: ReadonlySet<string> = new Set(['SECRET_UNRESOLVED', 'QUOTA_EXCEEDED', 'AUTH_REJECTED']);

/**
 * Conservative: a gateway's 5xx says nothing of what happened behind it; a refusal by Salesforce does. A request that was
 * aborted fails with what ended the run, which is about something else, whatever it looks like.
 */
export function createdNothing(error: unknown, { signal }: Pick<Context, 'signal'>): boolean {
  if (signal.aborted && error === signal.reason) return false;
  const status = statusOf(error);
  if (SluiceError.is(error) && BEFORE_REQUEST.has(error.code)) return true;
  return wasNeverSent(error) || status === 503 || (status !== undefined && status < 500);
}
