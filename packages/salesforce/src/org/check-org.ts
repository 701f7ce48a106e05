import type { Context } from '@sluice/core';
import * as z from 'zod';

import type { OrgClient } from './org-client.ts';

const resourcesResponse = z.record(z.string(), z.unknown());

/**
 * Whether the credentials give a session, the org offers the API version, and the user may use the API.
 *
 * @throws `AUTH_REJECTED`, `CONFIG_INVALID`, `PERMISSION_DENIED`, `RESPONSE_INVALID`
 */
export async function checkOrg(client: OrgClient, ctx: Context): Promise<void> {
  const { http, apiVersion } = client;
  await http.session(ctx);
  await client.assertVersionOffered(ctx);
  const path = `/services/data/v${apiVersion}/`;
  await http.json({ what: 'ask for the API resources', method: 'GET', path, safe: true }, resourcesResponse, ctx);
  await client.identity(ctx);
}
