import { createHmac } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { createOrg, type Emulator, LOGIN_REFUSALS, startEmulator, type StartEmulatorOptions } from '../src/index.ts';
import { connect, jsonOf, logIn } from './emulator-client.ts';

const ID = { client_id: 'key', client_secret: 'secret' };
const GRANT = { grant_type: 'client_credentials' };

async function start(options: StartEmulatorOptions = {}): Promise<Emulator> {
  return await startEmulator({ org: createOrg({}), clientId: 'key', clientSecret: 'secret', ...options });
}

async function ask(
  { url }: Emulator,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return await fetch(`${url}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form), headers });
}

describe('the token endpoint', () => {
  it('gives a token of the documented form for credentials in the body', async () => {
    await using emulator = await start({ clock: { startMs: 1_767_225_600_000, frozen: true } });

    const response = await ask(emulator, { ...GRANT, ...ID });

    const token = await jsonOf<Record<string, string>>(response);
    const { org, url } = emulator;
    expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(token).toEqual({
      access_token: expect.stringMatching(new RegExp(`^${org.orgId.slice(0, 15)}![\\w.]{96}$`)),
      signature: createHmac('sha256', 'secret').update(`${token['id']}1767225600000`).digest('base64'),
      scope: 'api',
      instance_url: url,
      id: `${url}/id/${org.orgId}/${org.userId}`,
      token_type: 'Bearer',
      issued_at: '1767225600000',
    });
  });

  it('takes credentials by Basic authentication', async () => {
    await using emulator = await start({ clientSecret: 'se:cret' });
    const Authorization = `Basic ${Buffer.from('key:se:cret').toString('base64')}`;

    expect((await ask(emulator, GRANT, { Authorization })).status).toBe(200);
  });

  it('leaves optional keys out on request', async () => {
    await using emulator = await start({ login: { minimalToken: true } });

    const keys = Object.keys(await jsonOf<object>(await ask(emulator, { ...GRANT, ...ID })));

    expect(keys.sort()).toEqual(['access_token', 'id', 'instance_url', 'issued_at', 'signature']);
  });

  it.each([
    ['another key', { ...GRANT, ...ID, client_id: 'x' }, 'invalid_client_id', 'client identifier invalid'],
    ['another secret', { ...GRANT, ...ID, client_secret: 'x' }, 'invalid_client', 'invalid client credentials'],
    ['another grant', { ...ID, grant_type: 'password' }, 'unsupported_grant_type', 'grant type not supported'],
    ['no grant', ID, 'invalid_request', 'malformed request'],
  ])('refuses %s', async (_, form, error, description) => {
    await using emulator = await start();

    const response = await ask(emulator, form);

    expect([response.status, await response.json()]).toEqual([400, { error, error_description: description }]);
  });

  it.each(Object.entries(LOGIN_REFUSALS))('refuses everybody on request: %s', async (refuse, { error }) => {
    // The keys of the table are what the option takes.
    const refusal = refuse as keyof typeof LOGIN_REFUSALS;
    await using emulator = await start({ login: { refuse: refusal } });

    expect(await (await ask(emulator, { ...GRANT, ...ID })).json()).toMatchObject({ error });
    await expect(logIn(emulator)).resolves.toBeUndefined();
  });

  it('refuses the flow on a login host', async () => {
    await using emulator = await start({ login: { loginHosts: ['LocalHost'] } });
    const { port } = new URL(emulator.url);
    const body = new URLSearchParams({ ...GRANT, ...ID });

    const refused = await fetch(`http://localhost:${port}/services/oauth2/token`, { method: 'POST', body });

    expect(await refused.json()).toMatchObject({ error_description: 'request not supported on this domain' });
    expect((await ask(emulator, { ...GRANT, ...ID })).status).toBe(200);
  });

  it('may answer a wrong secret with 401', async () => {
    await using emulator = await start({ login: { wrongSecretStatus: 401 } });

    expect((await ask(emulator, { ...GRANT, ...ID, client_secret: 'x' })).status).toBe(401);
  });
});

describe('a session', () => {
  const dead = [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }];

  it.each([undefined, 'Bearer 00D!never', 'Basic a2V5OnNlY3JldA=='])('is needed: %s', async (authorization) => {
    await using emulator = await start();
    const headers = authorization === undefined ? {} : { Authorization: authorization };

    const response = await fetch(`${emulator.url}/services/data/v66.0/limits`, { headers });

    expect([response.status, await response.json()]).toEqual([401, dead]);
    expect((await fetch(`${emulator.url}/services/oauth2/userinfo`, { headers })).status).toBe(401);
  });

  it('dies of idleness, and activity extends it', async () => {
    await using emulator = await start({ session: { ttlMs: 1000 }, clock: { frozen: true } });
    const client = await connect(emulator);
    const statuses: number[] = [];
    for (const idleMs of [999, 999, 1000]) {
      emulator.clock.advance(idleMs);
      statuses.push((await client.send('limits')).status);
    }

    expect(statuses).toEqual([200, 200, 401]);
  });

  it('dies after a number of calls', async () => {
    await using emulator = await start({ session: { maxCalls: 2 } });
    const client = await connect(emulator);

    expect((await client.send('limits')).status).toBe(200);
    expect((await client.send('limits')).status).toBe(200);
    expect((await client.send('limits')).status).toBe(401);
  });

  it('dies with all others at once', async () => {
    await using emulator = await start();
    const clients = [await connect(emulator), await connect(emulator)];
    emulator.sessions.expireAll();

    expect(await Promise.all(clients.map((client) => client.get('limits')))).toEqual([dead, dead]);
  });

  it('says whose it is', async () => {
    await using emulator = await start();
    const { org } = emulator;

    expect(await (await connect(emulator)).get('/services/oauth2/userinfo')).toMatchObject({
      user_id: org.userId,
      organization_id: org.orgId,
      name: org.userName,
    });
  });
});
