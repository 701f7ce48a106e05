import type { Context, Estimate, Note } from '@sluice/core';

import type { OrgClient } from '../org/org-client.ts';
import { fetchLimits, fetchRecordCount } from '../org/org-limits.ts';

export interface QuerySize {
  readonly object: string;
  readonly rowBytes: number;
  readonly pageRows: number;
  /** A filter may leave any number of rows. */
  readonly isFiltered: boolean;
  /** Of LIMIT. */
  readonly maxRows: number | undefined;
}

/** Creating, two questions, deleting. */
const CALLS_BESIDES_PAGES = 4;

/** What the org tells beforehand of what a query will cost, as far as the user may see it. */
export async function estimateQuery(
  client: OrgClient,
  { object, rowBytes, pageRows, isFiltered, maxRows }: QuerySize,
  ctx: Context,
): Promise<{ readonly estimate: Estimate; readonly notes: readonly Note[] }> {
  const { http, apiVersion, usage } = client;
  const [limits, count] = await Promise.all([
    fetchLimits(http, apiVersion, ctx),
    fetchRecordCount(http, apiVersion, object, ctx),
  ]);
  const calls = limits.value?.get('DailyApiRequests');
  if (calls !== undefined && !usage.isKnown()) usage.set(calls.max - calls.remaining, calls.max);
  const notes: Note[] = [];
  const hidden = limits.note ?? count.note;
  if (hidden !== undefined) notes.push(hidden);
  if (limits.value?.get('DailyBulkV2QueryJobs')?.remaining === 0) {
    notes.push({
      code: 'QUERY_JOBS_USED_UP',
      message: 'The org has no query job left for now; the allocation of 24 hours frees itself bit by bit.',
    });
  }
  if (count.value === undefined || isFiltered) return { estimate: {}, notes };
  const rows = Math.min(count.value, maxRows ?? count.value);
  const apiCalls = CALLS_BESIDES_PAGES + Math.max(1, Math.ceil(rows / pageRows));
  return { estimate: { rows, bytes: rows * rowBytes, apiCalls }, notes };
}
