import { SluiceError, type Context } from '@sluice/core';
import * as z from 'zod';

import type { OrgClient } from './org-client.ts';

/** `all`: sharing hides no row of the object from the user. `unknown`: it may, and no count would tell. */
type RowVisibility = 'all' | 'unknown';

const countResponse = z.looseObject({ totalSize: z.int().min(0) });

const ASSIGNED = (userId: string): string =>
  `SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '${userId}'`;

/** Tells people whether the rows they get are all there are. */
export async function noteRowVisibility(client: OrgClient, object: string, ctx: Context): Promise<void> {
  const visibility = await fetchRowVisibility(client, object, ctx);
  const { userName } = await client.identity(ctx);
  const user = userName ?? 'the user';
  await ctx.note(
    visibility === 'all'
      ? { code: 'ROWS_ALL_VISIBLE', message: `Sharing hides no rows of ${object} from ${user}.` }
      : {
          code: 'ROW_VISIBILITY_UNKNOWN',
          message: `Sharing may hide rows of ${object} from ${user}, and no count tells; View All Records on the object shows all.`,
        },
  );
}

/**
 * Reads View All Data and, for the object, View All Records from the user's profile and permission sets, as far as the
 * user may see those. Whatever cannot be read is `unknown`.
 */
async function fetchRowVisibility(client: OrgClient, object: string, ctx: Context): Promise<RowVisibility> {
  const { userId } = await client.identity(ctx);
  if (userId === undefined || !/^\w+$/.test(object)) return 'unknown';
  const grants = [
    `SELECT COUNT() FROM PermissionSet WHERE PermissionsViewAllData = true AND Id IN (${ASSIGNED(userId)})`,
    `SELECT COUNT() FROM ObjectPermissions WHERE SobjectType = '${object}' AND PermissionsViewAllRecords = true AND ParentId IN (${ASSIGNED(userId)})`,
  ];
  for (const soql of grants) {
    if (await hasRows(client, soql, ctx)) return 'all';
  }
  return 'unknown';
}

async function hasRows({ http, apiVersion }: OrgClient, soql: string, ctx: Context): Promise<boolean> {
  const path = `/services/data/v${apiVersion}/query?q=${encodeURIComponent(soql)}`;
  try {
    const { value } = await http.json(
      { what: 'ask which rows the user sees', method: 'GET', path, safe: true },
      countResponse,
      ctx,
    );
    return value.totalSize > 0;
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (!SluiceError.is(error) || error.code === 'AUTH_REJECTED' || error.code === 'QUOTA_EXCEEDED') throw error;
    return false;
  }
}
