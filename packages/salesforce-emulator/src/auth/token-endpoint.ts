import { createHmac } from 'node:crypto';

import type { EmulatorParts } from '../emulator-parts.ts';
import type { IncomingRequest } from '../http/incoming-request.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { Route } from '../http/router.ts';
import { type LoginRefusal, loginRefusalReply } from './login-refusal.ts';

interface Credentials {
  readonly id: string;
  readonly secret: string;
}

/** `POST /services/oauth2/token`: the client credentials flow. */
export function tokenRoute(parts: EmulatorParts): Route {
  return {
    method: 'POST',
    path: '/services/oauth2/token',
    open: true,
    handle: async ({ request }) => {
      const refusal = await refusalOf(parts, request);
      if (refusal === undefined) return tokenReply(parts);
      return loginRefusalReply(refusal, refusal === 'wrongSecret' ? parts.options.login.wrongSecretStatus : 400);
    },
  };
}

async function refusalOf(parts: EmulatorParts, request: IncomingRequest): Promise<LoginRefusal | undefined> {
  const { login } = parts.options;
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  const form = new URLSearchParams(await request.text());
  if (login.refuse !== undefined) return login.refuse;
  if (login.loginHosts.includes(host)) return 'wrongDomain';
  const grantType = form.get('grant_type');
  if (grantType === null) return 'malformed';
  if (grantType !== 'client_credentials') return 'flowNotEnabled';
  const given = basicCredentials(request) ?? {
    id: form.get('client_id') ?? '',
    secret: form.get('client_secret') ?? '',
  };
  if (given.id !== parts.clientId) return 'unknownClient';
  return given.secret === parts.clientSecret ? undefined : 'wrongSecret';
}

function basicCredentials({ headers }: IncomingRequest): Credentials | undefined {
  const encoded = /^Basic +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { id, secret: secret.join(':') };
}

function tokenReply({ org, clock, sessions, clientSecret, options, url }: EmulatorParts): Reply {
  const id = `${url}/id/${org.orgId}/${org.userId}`;
  const issuedAt = String(clock.now());
  const signature = createHmac('sha256', clientSecret).update(`${id}${issuedAt}`).digest('base64');
  const required = { access_token: sessions.issue(), signature, instance_url: url, id, issued_at: issuedAt };
  const token = options.login.minimalToken ? required : { ...required, scope: 'api', token_type: 'Bearer' };
  return jsonReply(token, { headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache' } });
}
