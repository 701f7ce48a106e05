import { createHash } from 'node:crypto';

import { resolveSecret, secret, type Secret, type SecretReference } from '@sluice/core';
import * as z from 'zod';

import type { AccessToken, Auth, AuthRequest } from './access-token.ts';
import { oauthFault } from './oauth-fault.ts';
import { refuseAnswer } from './token-endpoint.ts';

export interface ClientCredentials {
  /** The consumer key of the connected app. */
  readonly clientId: string;
  /** Its consumer secret. */
  readonly clientSecret: Secret | SecretReference;
}

const TOKEN_PATH = '/services/oauth2/token';

const tokenResponse = z.looseObject({
  access_token: z.string().min(1),
  instance_url: z.string().optional(),
  id: z.string().optional(),
});

const oauthError = z.looseObject({ error: z.string(), error_description: z.string().optional() });

/** Equal texts name equal credentials; holds no secret. */
const identities = new WeakMap<Auth, () => Promise<string>>();

/**
 * OAuth 2.0 client credentials: the token acts as the Run As user of the connected app.
 *
 * Salesforce Help, "OAuth 2.0 Client Credentials Flow for Server-to-Server Integration", read 2026-11.
 *
 * @throws `AUTH_REJECTED` when the app or its user is refused; `CONFIG_INVALID` when the host does not serve the flow;
 * `RATE_LIMITED` for too many logins; `SECRET_UNRESOLVED`.
 */
export function clientCredentials({ clientId, clientSecret }: ClientCredentials): Auth {
  const auth: Auth = async (request) => {
    const resolved = await resolveSecret(clientSecret);
    return await requestToken(request, clientId, resolved);
  };
  identities.set(auth, async () => {
    const resolved = await resolveSecret(clientSecret);
    return createHash('sha256')
      .update(JSON.stringify([clientId, resolved.reveal()]))
      .digest('base64');
  });
  return auth;
}

/** What tells credentials apart, so that equal ones share a session; undefined for a function we know nothing of. */
export async function identityOf(auth: Auth): Promise<string | undefined> {
  return await identities.get(auth)?.();
}

async function requestToken(request: AuthRequest, clientId: string, clientSecret: Secret): Promise<AccessToken> {
  const { status, body } = await request.postForm(TOKEN_PATH, {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret.reveal(),
  });
  const refusal = oauthError.safeParse(body);
  if (status >= 400 && refusal.success) {
    throw oauthFault(status, refusal.data.error, refusal.data.error_description ?? '');
  }
  const answer = tokenResponse.safeParse(body);
  if (!answer.success) refuseAnswer('access_token');
  const { access_token: token, instance_url: instanceUrl, id } = answer.data;
  return {
    token: secret.value(token),
    ...(instanceUrl === undefined ? {} : { instanceUrl }),
    ...identityFromUrl(id),
  };
}

/** The identity URL ends in `/id/<org id>/<user id>`. */
function identityFromUrl(url: string | undefined): { readonly orgId?: string; readonly userId?: string } {
  const match = /\/id\/(00D[0-9A-Za-z]{12,15})\/(005[0-9A-Za-z]{12,15})\/?$/.exec(url ?? '');
  const [, orgId, userId] = match ?? [];
  return orgId === undefined || userId === undefined ? {} : { orgId, userId };
}
