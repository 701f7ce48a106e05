import type { Context } from '@sluice/core';

import { parseInstanceUrl } from '../org/environment-url.ts';
import type { Auth } from './access-token.ts';
import type { Login } from './session.ts';
import { createAuthRequest, type TokenEndpointOptions } from './token-endpoint.ts';

/** One login through `auth`, tried again while it fails with a retryable error. */
export function createLogin(auth: Auth, endpoint: TokenEndpointOptions): Login {
  return async (number: number, ctx: Context) => {
    const { token, instanceUrl, orgId, userId } = await ctx.retry(
      async () => await auth(createAuthRequest(endpoint, ctx.clock, ctx.signal)),
      { what: 'log in', safe: true },
    );
    return {
      number,
      token,
      instanceUrl: parseInstanceUrl(instanceUrl ?? endpoint.environmentUrl).origin,
      orgId,
      userId,
    };
  };
}
