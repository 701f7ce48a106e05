import { SluiceError, type Context } from '@sluice/core';
import * as z from 'zod';

import type { SalesforceHttp } from '../http/salesforce-http.ts';

/** Whose eyes the data is read with. */
export interface OrgIdentity {
  /** 15 or 18 characters. */
  readonly orgId: string;
  readonly userId: string | undefined;
  /** Where the user may see it. */
  readonly userName: string | undefined;
}

const organizationQuery = z.looseObject({ records: z.array(z.looseObject({ Id: z.string() })).min(1) });
const userQuery = z.looseObject({ records: z.array(z.looseObject({ Username: z.string() })).min(1) });

/** @throws `RESPONSE_INVALID` when the org does not tell its id. */
export async function fetchIdentity(http: SalesforceHttp, apiVersion: string, ctx: Context): Promise<OrgIdentity> {
  const { orgId, userId } = await http.session(ctx);
  return {
    orgId: orgId ?? (await fetchOrgId(http, apiVersion, ctx)),
    userId,
    userName: userId === undefined ? undefined : await fetchUserName(http, apiVersion, userId, ctx),
  };
}

/** @throws `RUN_MISMATCH` when a run that began in one org is about to go on in another. */
export function assertSameOrg(plannedOrgId: string, { orgId }: OrgIdentity): void {
  if (orgId.slice(0, 15) === plannedOrgId.slice(0, 15)) return;
  throw new SluiceError(
    'RUN_MISMATCH',
    `the run began in org ${plannedOrgId}, these credentials lead to org ${orgId}`,
    {
      hint: 'Use the credentials of the org the run began in.',
    },
  );
}

async function fetchOrgId(http: SalesforceHttp, apiVersion: string, ctx: Context): Promise<string> {
  const path = queryPath(apiVersion, 'SELECT Id FROM Organization LIMIT 1');
  const { value } = await http.json(
    { what: 'ask for the org id', method: 'GET', path, safe: true },
    organizationQuery,
    ctx,
  );
  return value.records[0]?.Id ?? '';
}

/** Only for people to read, so that a user who may not see users can still read data. */
async function fetchUserName(
  http: SalesforceHttp,
  apiVersion: string,
  userId: string,
  ctx: Context,
): Promise<string | undefined> {
  const path = queryPath(apiVersion, `SELECT Username FROM User WHERE Id = '${userId}'`);
  try {
    const { value } = await http.json(
      { what: 'ask for the user name', method: 'GET', path, safe: true },
      userQuery,
      ctx,
    );
    return value.records[0]?.Username;
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (SluiceError.is(error) && error.code !== 'AUTH_REJECTED' && error.code !== 'QUOTA_EXCEEDED') return undefined;
    throw error;
  }
}

function queryPath(apiVersion: string, soql: string): string {
  return `/services/data/v${apiVersion}/query?q=${encodeURIComponent(soql)}`;
}
