import { getCACertificates } from 'node:tls';

import { SluiceError } from '@sluice/core';
import type * as undici from 'undici';

export interface ConnectionOptions {
  /** Used as it is and not closed; all the other options are then its own affair. */
  readonly dispatcher: undici.Dispatcher | undefined;
  /** A proxy URL; false for none; undefined for what HTTP_PROXY, HTTPS_PROXY and NO_PROXY say. */
  readonly proxy: string | false | undefined;
  /** Certificate authorities in PEM form, besides the ones Node trusts. */
  readonly ca: readonly string[];
  readonly connectTimeoutMs: number;
}

export interface OrgDispatcher extends AsyncDisposable {
  readonly dispatcher: undici.Dispatcher;
}

/**
 * The connections of one org: to its login host and its instance, through one pool each. The client is loaded only
 * here, since it takes a quarter of the time that a program without a request needs to start.
 */
export async function createOrgDispatcher(options: ConnectionOptions): Promise<OrgDispatcher> {
  const { dispatcher, proxy, ca, connectTimeoutMs } = options;
  if (dispatcher !== undefined) return { dispatcher, async [Symbol.asyncDispose]() {} };

  const tls = ca.length === 0 ? {} : { ca: [...getCACertificates('default'), ...ca] };
  // HTTP/1.1 alone: a paused reader must stop its own TCP window and nobody else's.
  const shared = { allowH2: false, connectTimeout: connectTimeoutMs, connect: { ...tls, timeout: connectTimeoutMs } };
  const proxied = { ...shared, requestTls: tls, proxyTls: tls, proxyTunnel: true };
  const client = await import('undici');
  const created = proxy === false ? new client.Agent(shared) : proxyAgent(client, proxy, proxied);
  return {
    dispatcher: created,
    async [Symbol.asyncDispose]() {
      await created.destroy();
    },
  };
}

function proxyAgent(
  { EnvHttpProxyAgent, ProxyAgent }: typeof undici,
  proxy: string | undefined,
  options: Omit<undici.ProxyAgent.Options, 'uri'>,
): undici.ProxyAgent | undici.EnvHttpProxyAgent {
  try {
    return proxy === undefined ? new EnvHttpProxyAgent(options) : new ProxyAgent({ ...options, uri: proxy });
  } catch {
    // The cause is left out: it quotes the URL, and a password in it.
    throw new SluiceError('CONFIG_INVALID', 'what names the proxy is not the URL of one', {
      hint: `Correct ${proxy === undefined ? 'HTTPS_PROXY and HTTP_PROXY' : '`proxy`'}: it must look like http://proxy.example.com:8080.`,
    });
  }
}
