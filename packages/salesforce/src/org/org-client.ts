import type { Context } from '@sluice/core';
import * as z from 'zod';

import { clientCredentials } from '../auth/client-credentials.ts';
import { createLogin } from '../auth/login.ts';
import { sharedSessionKeeper } from '../auth/session-registry.ts';
import type { SessionKeeper } from '../auth/session.ts';
import { createOrgDispatcher, type OrgDispatcher } from '../http/org-dispatcher.ts';
import { createSalesforceHttp, type SalesforceHttp } from '../http/salesforce-http.ts';
import { createApiUsage, type ApiUsage } from './api-usage.ts';
import { assertOffered, parseApiVersion } from './api-version.ts';
import { parseEnvironmentUrl } from './environment-url.ts';
import { fetchIdentity, type OrgIdentity } from './org-identity.ts';
import type { ParsedOrgOptions } from './org-options.ts';

/** What the sources and sinks of one org share. */
export interface OrgClient extends AsyncDisposable {
  /** Origin of the org's My Domain. */
  readonly environmentUrl: string;
  readonly apiVersion: string;
  readonly clientId: string | undefined;
  readonly http: SalesforceHttp;
  readonly usage: ApiUsage;
  /** Asked once, but for runs that start together. */
  identity(ctx: Context): Promise<OrgIdentity>;
  /** Asked once, but for runs that start together. @throws `CONFIG_INVALID` naming the range when the org does not offer `apiVersion`. */
  assertVersionOffered(ctx: Context): Promise<void>;
}

const versionsResponse = z.array(z.looseObject({ version: z.string() }));

/** Checks everything that can be checked without I/O, and connects to nothing yet. */
export function createOrgClient(options: ParsedOrgOptions): OrgClient {
  const environmentUrl = parseEnvironmentUrl(options.environmentUrl).origin;
  const apiVersion = parseApiVersion(options.apiVersion);
  const { clientId, clientSecret, responseTimeoutMs, stallTimeoutMs } = options;
  const auth =
    clientId !== undefined && clientSecret !== undefined ? clientCredentials({ clientId, clientSecret }) : options.auth;
  if (auth === undefined) throw new TypeError('the options have no credentials');

  let connections: Promise<OrgDispatcher> | undefined;
  let keeper: Promise<SessionKeeper> | undefined;
  let identity: OrgIdentity | undefined;
  let isVersionOffered = false;

  const dispatcher = async () => {
    connections ??= createOrgDispatcher({
      dispatcher: options.dispatcher,
      proxy: options.proxy,
      ca: typeof options.ca === 'string' ? [options.ca] : options.ca,
      connectTimeoutMs: options.connectTimeoutMs,
    });
    return (await connections).dispatcher;
  };
  const usage = createApiUsage(options.reserveApiCalls);
  const http = createSalesforceHttp({
    dispatcher,
    keeper: async () => {
      keeper ??= sharedSessionKeeper(environmentUrl, auth);
      try {
        return await keeper;
      } catch (error) {
        keeper = undefined;
        throw error;
      }
    },
    login: createLogin(auth, { dispatcher, environmentUrl, responseTimeoutMs, stallTimeoutMs }),
    usage,
    gzip: options.gzip,
    responseTimeoutMs,
    stallTimeoutMs,
    connections: options.connections,
  });

  return {
    environmentUrl,
    apiVersion,
    clientId,
    http,
    usage,
    async identity(ctx) {
      identity ??= await fetchIdentity(http, apiVersion, ctx);
      return identity;
    },
    async assertVersionOffered(ctx) {
      if (isVersionOffered) return;
      const request = { what: 'ask for the API versions', method: 'GET', path: '/services/data/', safe: true } as const;
      const { value } = await http.json(request, versionsResponse, ctx);
      assertOffered(
        apiVersion,
        value.map(({ version }) => version),
      );
      isVersionOffered = true;
    },
    async [Symbol.asyncDispose]() {
      // Where they could not be made, whoever asked for them knows.
      const made = await connections?.catch(() => undefined);
      await made?.[Symbol.asyncDispose]();
    },
  };
}
