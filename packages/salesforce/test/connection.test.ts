import { inspect } from 'node:util';

import { SluiceError } from '@sluice/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { connectionFault, wasNeverSent } from '../src/http/connection-fault.ts';
import { createOrgDispatcher, type ConnectionOptions } from '../src/http/org-dispatcher.ts';
import { rejectionOf } from './thrown.ts';
import { selfSignedCertificate, serve, serveProxy, serveTls, type Certificate } from './tiny-server.ts';

const plain: ConnectionOptions = { dispatcher: undefined, proxy: undefined, ca: [], connectTimeoutMs: 5_000 };

let certificate: Certificate;
beforeAll(async () => {
  certificate = await selfSignedCertificate();
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) {
    vi.stubEnv(name, undefined);
    vi.stubEnv(name.toLowerCase(), undefined);
  }
});
afterAll(() => {
  vi.unstubAllEnvs();
});

async function get(origin: string, options: Partial<ConnectionOptions> = {}): Promise<string> {
  await using connections = await createOrgDispatcher({ ...plain, ...options });
  try {
    const { body } = await connections.dispatcher.request({ origin, path: '/', method: 'GET', headersTimeout: 200 });
    return await body.text();
  } catch (error) {
    throw connectionFault('ask', new URL(origin).host, error);
  }
}

describe('the connections of an org', () => {
  it('trust the extra certificate authorities besides those of Node', async () => {
    await using server = await serveTls(certificate, (_, response) => response.end('hello'));

    expect(await get(server.origin, { ca: [certificate.cert] })).toBe('hello');
  });

  it('RW-27: refuse an unknown authority for good and say how to trust it', async () => {
    await using server = await serveTls(certificate, (_, response) => response.end('hello'));

    const error = await rejectionOf(get(server.origin));

    expect(error).toMatchObject({ code: 'CONNECTION_LOST', retryable: false, hint: expect.stringContaining('`ca`') });
    expect(wasNeverSent(error)).toBe(true);
  });

  it.each(['http', 'https'])('go through a given proxy to an %s target, with its credentials', async (scheme) => {
    await using server =
      scheme === 'http'
        ? await serve((_, response) => response.end('hello'))
        : await serveTls(certificate, (_, response) => response.end('hello'));
    await using proxy = await serveProxy();

    const text = await get(server.origin, {
      proxy: `http://me:pa%20ss@127.0.0.1:${proxy.port}`,
      ca: [certificate.cert],
    });

    expect(text).toBe('hello');
    expect(proxy.targets).toEqual([`127.0.0.1:${server.port}`]);
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('me:pa ss').toString('base64')}`]);
  });

  it.each([
    ['environment', 'HTTPS_PROXY', undefined],
    ['options', '`proxy`', 'no URL, pa55word'],
  ])('refuse a proxy of the %s that is no URL, and do not quote it', async (_what, named, proxy) => {
    if (proxy === undefined) vi.stubEnv('HTTPS_PROXY', 'no URL, pa55word');

    const error = await rejectionOf(get('http://127.0.0.1:9', { proxy }));
    vi.stubEnv('HTTPS_PROXY', undefined);

    expect(error).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringContaining(named) });
    expect(inspect(error)).not.toContain('pa55word');
  });

  it('go through the proxy of the environment, but for NO_PROXY and where `proxy` is false', async () => {
    await using server = await serveTls(certificate, (_, response) => response.end('hello'));
    await using proxy = await serveProxy();
    vi.stubEnv('HTTPS_PROXY', proxy.origin);

    await get(server.origin, { ca: [certificate.cert] });
    expect(proxy.targets).toHaveLength(1);

    await get(server.origin, { ca: [certificate.cert], proxy: false });
    expect(proxy.targets).toHaveLength(1);

    vi.stubEnv('NO_PROXY', '127.0.0.1');
    await get(server.origin, { ca: [certificate.cert] });
    expect(proxy.targets).toHaveLength(1);
    vi.stubEnv('NO_PROXY', undefined);
    vi.stubEnv('HTTPS_PROXY', undefined);
  });

  it.each([
    ['407 Proxy Authentication Required', 'AUTH_REJECTED', false],
    ['403 Forbidden', 'PERMISSION_DENIED', false],
    ['503 Service Unavailable', 'REMOTE_UNAVAILABLE', true],
  ])('RW-27: a proxy that answers %s is told apart from the org', async (refusal, code, retryable) => {
    await using server = await serveTls(certificate, (_, response) => response.end('hello'));
    await using proxy = await serveProxy(refusal);

    const error = await rejectionOf(get(server.origin, { proxy: `http://me:secretpw@127.0.0.1:${proxy.port}` }));

    expect(error).toMatchObject({ code, retryable, message: expect.stringContaining('proxy') });
    expect(SluiceError.is(error) && error.message).not.toContain('secretpw');
    expect(wasNeverSent(error)).toBe(true);
  });

  it('say that nothing was sent when nobody listens', async () => {
    await using server = await serve(() => {});
    const { origin } = server;
    await server[Symbol.asyncDispose]();

    const error = await rejectionOf(get(origin));

    expect(error).toMatchObject({
      code: 'CONNECTION_LOST',
      retryable: true,
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(wasNeverSent(error)).toBe(true);
  });

  it('do not say so when the connection went after the request', async () => {
    await using server = await serve((request) => request.socket.resetAndDestroy());

    const error = await rejectionOf(get(server.origin));

    expect(error).toMatchObject({ code: 'CONNECTION_LOST', retryable: true });
    expect(wasNeverSent(error)).toBe(false);
  });

  it('do not say so when no answer comes in time', async () => {
    await using server = await serve(() => {});

    const error = await rejectionOf(get(server.origin));

    expect(error).toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringContaining('UND_ERR_HEADERS_TIMEOUT'),
    });
    expect(wasNeverSent(error)).toBe(false);
  });

  it('use a given dispatcher and do not close it', async () => {
    await using server = await serve((_, response) => response.end('hello'));
    await using own = await createOrgDispatcher(plain);

    await get(server.origin, { dispatcher: own.dispatcher });

    expect(await get(server.origin, { dispatcher: own.dispatcher })).toBe('hello');
  });
});
