import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** An answer of the vault in place of a secret. */
export interface VaultAnswer {
  readonly status: number;
  readonly code: string;
}

export interface VaultStandIn extends AsyncDisposable {
  readonly url: string;
  /** The certificate to trust. */
  readonly ca: string;
  /** Method, path and whether there was a token, in order. */
  readonly requests: readonly string[];
}

export interface VaultOptions {
  /** By `name` or `name/version`. */
  readonly secrets: Readonly<Record<string, string | VaultAnswer>>;
  readonly clientSecret?: string;
}

const TENANT = '11111111-2222-3333-4444-555555555555';
const TOKEN = 'a-token';

/**
 * A Key Vault and the identity platform it sends people to, on loopback.
 *
 * Azure Key Vault, "Authentication, requests, and responses": a request without a token is answered 401 with where to get
 * one and what for. Microsoft identity platform, "OAuth 2.0 client credentials flow". Both read 2026-11.
 */
export async function startVault({ secrets, clientSecret }: VaultOptions): Promise<VaultStandIn> {
  const certificate = await selfSignedCertificate();
  const requests: string[] = [];
  const server = createServer(certificate, (request, response) => void answer(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // A server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo;
  const url = `https://127.0.0.1:${port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', url);
    const hasToken = request.headers.authorization === `Bearer ${TOKEN}`;
    requests.push(`${request.method} ${pathname}${hasToken ? ' with a token' : ''}`);
    const send = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    };
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString();
    if (pathname.endsWith('/oauth2/v2.0/token')) {
      const form = new URLSearchParams(body);
      const isKnown =
        form.get('client_secret') === clientSecret && form.get('scope')?.includes('vault.test/.default') === true;
      if (isKnown) send(200, { token_type: 'Bearer', expires_in: 3600, access_token: TOKEN });
      else send(401, { error: 'invalid_client', error_description: 'no' });
    } else if (pathname.endsWith('/.well-known/openid-configuration')) {
      send(200, {
        issuer: `${url}/${TENANT}/v2.0`,
        authorization_endpoint: `${url}/${TENANT}/oauth2/v2.0/authorize`,
        token_endpoint: `${url}/${TENANT}/oauth2/v2.0/token`,
        jwks_uri: `${url}/${TENANT}/keys`,
      });
    } else if (hasToken) {
      const secret = secrets[pathname.replace(/^\/secrets\//, '').replace(/\/$/, '')] ?? {
        status: 404,
        code: 'SecretNotFound',
      };
      if (typeof secret === 'string')
        send(200, {
          value: secret,
          id: `${url}${pathname.endsWith('/') ? `${pathname}1` : pathname}`,
          attributes: { enabled: true },
        });
      else send(secret.status, { error: { code: secret.code, message: 'no' } });
    } else {
      const challenge = `Bearer authorization="${url}/${TENANT}", resource="https://vault.test"`;
      send(401, { error: { code: 'Unauthorized', message: 'AKV10000' } }, { 'www-authenticate': challenge });
    }
  }

  return {
    url,
    ca: certificate.cert,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

export const tenantId = TENANT;
export const token = TOKEN;

/** A certificate for 127.0.0.1 that nobody trusts. */
async function selfSignedCertificate(): Promise<{ readonly key: string; readonly cert: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-certificate-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    await promisify(execFile)('openssl', [...args, '-keyout', key, '-out', cert, ...subject]);
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  } finally {
    await rm(folder, { recursive: true });
  }
}
