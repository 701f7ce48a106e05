import { inspect } from 'node:util';

import { secret, SluiceError } from '@sluice/core';
import { ConnectionCut, jsonReply, LOGIN_REFUSALS, type LoginRefusal } from '@sluice/salesforce-emulator';
import { describe, expect, it, vi } from 'vitest';

import { salesforce, type AccessToken, type Auth } from '../src/index.ts';
import { allRows, deliveriesOf, emulatedOrg, ITEMS, missingItems, startedQuery } from './emulated-org.ts';
import { testRun } from './run-context.ts';
import { rejectionOf } from './thrown.ts';
import { serve } from './tiny-server.ts';

const TOKEN = /\/services\/oauth2\/token$/;
const RESULTS = /\/results/;
const sessionDead = () =>
  jsonReply([{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }], { status: 401 });

describe('a login', () => {
  it.each([
    ['unknownClient', 'AUTH_REJECTED', 'clientId'],
    ['wrongSecret', 'AUTH_REJECTED', 'clientSecret'],
    ['noRunAsUser', 'AUTH_REJECTED', 'Run As user'],
    ['wrongDomain', 'CONFIG_INVALID', 'My Domain'],
    ['lockedUser', 'AUTH_REJECTED', 'locked'],
    ['ipRestricted', 'AUTH_REJECTED', 'IP'],
    ['flowNotEnabled', 'AUTH_REJECTED', 'client credentials flow'],
    ['appNotApproved', 'AUTH_REJECTED', 'approve'],
    ['inactiveUser', 'AUTH_REJECTED', 'Activate'],
    ['inactiveOrg', 'AUTH_REJECTED', 'locked or closed'],
    ['malformed', 'AUTH_REJECTED', 'OAuth settings'],
  ] satisfies readonly (readonly [LoginRefusal, string, string])[])(
    'refused for %s says so once, with what to do',
    async (refuse, code, hint) => {
      await using emulated = await emulatedOrg({ items: 1, emulator: { login: { refuse } } });

      const error = await rejectionOf(emulated.org.check(testRun().ctx));

      expect(error).toMatchObject({ code, retryable: false, hint: expect.stringContaining(hint) });
      expect(error).toMatchObject({ message: expect.stringContaining(LOGIN_REFUSALS[refuse].description) });
      expect(emulated.emulator.requests.all).toHaveLength(1);
    },
  );

  it.each([400, 401] as const)(
    'with a wrong secret is refused, whether the status is %i',
    async (wrongSecretStatus) => {
      await using emulated = await emulatedOrg({ items: 1, emulator: { login: { wrongSecretStatus } } });
      const org = emulated.connect({ clientSecret: secret.value('not-the-secret') });

      const error = await rejectionOf(org.check(testRun().ctx));

      expect(error).toMatchObject({ code: 'AUTH_REJECTED', hint: expect.stringContaining('clientSecret') });
      expect(inspect(error, { depth: 9 })).not.toContain('not-the-secret');
    },
  );

  it('takes its secret from where a reference says', async () => {
    await using emulated = await emulatedOrg({ items: 1 });
    vi.stubEnv('SLUICE_TEST_SECRET', emulated.emulator.clientSecret);

    await emulated.connect({ clientSecret: secret.env('SLUICE_TEST_SECRET') }).check(testRun().ctx);
    vi.unstubAllEnvs();
    const error = await rejectionOf(
      emulated.connect({ clientSecret: secret.env('SLUICE_TEST_SECRET') }).check(testRun().ctx),
    );

    expect(error).toMatchObject({ code: 'SECRET_UNRESOLVED' });
  });

  it.each([
    ['rate limited', () => jsonReply({ ...oauthError('rateLimit') }, { status: 400 })],
    ['failed on the server', () => jsonReply({ ...oauthError('unknown') }, { status: 400 })],
    ['answered by the edge', () => ({ status: 503, headers: {}, body: [Buffer.from('<html>busy</html>')] })],
    [
      'cut off',
      () => {
        throw new ConnectionCut();
      },
    ],
  ])('RW-02: %s is tried again, later each time', async (_, before) => {
    await using emulated = await emulatedOrg({ items: 1 });
    emulated.emulator.faults.add({ match: { path: TOKEN, times: 3 }, action: { before } });
    const run = testRun();

    await emulated.org.check(run.ctx);

    expect(run.retried).toEqual(['log in', 'log in', 'log in']);
    expect(run.clock.sleepsMs).toHaveLength(3);
  });

  it('answered with something else than a token is not taken for one', async () => {
    await using emulated = await emulatedOrg({ items: 1 });
    const answers = [{}, { access_token: '' }, 'login page'];
    emulated.emulator.faults.add({
      match: { path: TOKEN, times: 3 },
      action: { before: () => jsonReply(answers.shift() ?? '') },
    });

    for (let n = 0; n < 3; n += 1) {
      expect(await rejectionOf(emulated.org.check(testRun().ctx))).toMatchObject({
        code: 'RESPONSE_INVALID',
        message: expect.stringContaining('access_token'),
      });
    }
  });

  it('that names an instance without TLS sends no token there', async () => {
    await using emulated = await emulatedOrg({ items: 1 });
    emulated.emulator.faults.add({
      match: { path: TOKEN },
      action: { before: () => jsonReply({ access_token: 'x!y', instance_url: 'http://acme.example.com' }) },
    });

    expect(await rejectionOf(emulated.org.check(testRun().ctx))).toMatchObject({ code: 'RESPONSE_INVALID' });
  });

  it('RW-02: is shared by all org objects with the same credentials, and by all requests that wait', async () => {
    await using emulated = await emulatedOrg({ items: 1 });
    const orgs = [emulated.org, emulated.connect(), emulated.connect()];

    await Promise.all(orgs.flatMap((org) => [org.check(testRun().ctx), org.check(testRun().ctx)]));

    expect(emulated.emulator.requests.matching({ path: TOKEN })).toHaveLength(1);
  });

  it('given up by who began it is begun anew for whoever still waits', async () => {
    await using emulated = await emulatedOrg({ items: 1 });
    const first = testRun();
    const reason = new Error('enough');
    emulated.emulator.faults.add({
      match: { path: TOKEN, nth: 1 },
      action: { before: () => first.abort(reason) as undefined },
    });

    const [given, other] = await Promise.allSettled([
      emulated.org.check(first.ctx),
      emulated.connect().check(testRun().ctx),
    ]);

    expect(given).toMatchObject({ status: 'rejected', reason });
    expect(other.status).toBe('fulfilled');
    expect(emulated.emulator.requests.matching({ path: TOKEN })).toHaveLength(2);
  });

  it('works without scope, token type and identity', async () => {
    await using emulated = await emulatedOrg({ items: 7, emulator: { login: { minimalToken: true } } });
    emulated.emulator.faults.add({
      match: { path: TOKEN },
      action: {
        after: async (reply) => {
          const text = Buffer.concat(await Array.fromAsync<Uint8Array>(reply.body ?? [])).toString();
          const { id: _, ...answer } = JSON.parse(text) as Record<string, string>;
          return jsonReply(answer);
        },
      },
    });
    const run = testRun();

    const started = await startedQuery(emulated.org, run);

    expect(started.plan.orgId).toBe(emulated.emulator.org.orgId);
    expect(missingItems(await allRows(started, run.ctx), 7)).toEqual([]);
  });
});

describe('a function that yields a token', () => {
  it('stands in for the built-in login, and is asked again when the token dies', async () => {
    await using emulated = await emulatedOrg({ items: 7 });
    const { emulator } = emulated;
    const auth = vi.fn<Auth>(async (): Promise<AccessToken> => ({ token: secret.value(emulator.sessions.issue()) }));
    await using org = salesforce({ environmentUrl: emulator.url, apiVersion: '64.0', proxy: false, auth });
    const run = testRun();

    const started = await startedQuery(org, run);
    emulator.sessions.expireAll();

    expect(missingItems(await allRows(started, run.ctx), 7)).toEqual([]);
    expect(auth).toHaveBeenCalledTimes(2);
    expect(emulator.requests.matching({ path: TOKEN })).toEqual([]);
  });

  it('may post forms of its own', async () => {
    await using emulated = await emulatedOrg({ items: 1 });
    const { clientId, clientSecret, url } = emulated.emulator;
    const auth: Auth = async ({ postForm }) => {
      const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
      const { body } = await postForm('/services/oauth2/token', form);
      return { token: secret.value((body as { readonly access_token: string }).access_token) };
    };
    await using org = salesforce({ environmentUrl: url, apiVersion: '64.0', proxy: false, auth });

    await expect(org.check(testRun().ctx)).resolves.toBeUndefined();
  });
});

describe('a session', () => {
  it('that dies under many requests is renewed once', async () => {
    await using emulated = await emulatedOrg({ items: 200, emulator: { results: { pageRows: 10 } } });
    const run = testRun();
    const { source, plan, splits } = await startedQuery(emulated.org, run);
    emulated.emulator.sessions.expireAll();

    const read = await Promise.all(splits.map((split) => deliveriesOf(source, plan, split, run.ctx)));

    expect(read.flat().reduce((rows, { batch }) => rows + batch.numRows, 0)).toBe(200);
    expect(emulated.emulator.requests.matching({ path: TOKEN })).toHaveLength(2);
  });

  it('that dies again and again is renewed as often, with many requests in flight', async () => {
    await using emulated = await emulatedOrg({
      items: 200,
      emulator: { results: { pageRows: 10 }, session: { maxCalls: 12 } },
    });
    const run = testRun();

    const { source, plan, splits } = await startedQuery(emulated.org, run);
    for (let round = 0; round < 3; round += 1) {
      const read = await Promise.all(splits.map((split) => deliveriesOf(source, plan, split, run.ctx)));
      expect(read.flat().reduce((rows, { batch }) => rows + batch.numRows, 0)).toBe(200);
    }

    expect(emulated.emulator.requests.matching({ path: TOKEN }).length).toBeGreaterThan(4);
  });

  it('RW-01: refused like the one before it is the end, and the causes are listed', async () => {
    await using emulated = await emulatedOrg({ items: 5 });
    const run = testRun();
    const { source, plan, splits } = await startedQuery(emulated.org, run);
    emulated.emulator.faults.add({ match: { path: RESULTS }, action: { before: sessionDead } });

    const error = await rejectionOf(deliveriesOf(source, plan, splits[0]!, run.ctx));

    expect(error).toMatchObject({ code: 'AUTH_REJECTED', retryable: false });
    const hint = SluiceError.is(error) ? (error.hint ?? '') : '';
    for (const cause of ['api` scope', 'frozen', 'API Access Control', 'IP address']) expect(hint).toContain(cause);
    expect(emulated.emulator.requests.matching({ path: RESULTS })).toHaveLength(2);
    expect(emulated.emulator.requests.matching({ path: TOKEN })).toHaveLength(2);
    expect(inspect(error, { depth: 9 })).not.toMatch(/00D\w{9,15}!/);
  });

  it.each(['This session is not valid for use with the REST API', 'Connected app is not attached to Agent'])(
    'that no renewal would help is not renewed: %s',
    async (message) => {
      await using emulated = await emulatedOrg({ items: 5 });
      const run = testRun();
      emulated.emulator.faults.add({
        match: { path: /describe/ },
        action: { before: () => jsonReply([{ message, errorCode: 'INVALID_SESSION_ID' }], { status: 401 }) },
      });

      const error = await rejectionOf(emulated.org.query(ITEMS).plan(run.ctx));

      expect(error).toMatchObject({ code: 'AUTH_REJECTED' });
      expect(emulated.emulator.requests.matching({ path: TOKEN })).toHaveLength(1);
    },
  );

  it('that dies while a page is read does not disturb it', async () => {
    await using emulated = await emulatedOrg({ items: 100, emulator: { results: { pageRows: 50 } } });
    const run = testRun({ batch: { rows: 10, bytes: 1_048_576 } });
    const { source, plan, splits } = await startedQuery(emulated.org, run, ITEMS, { parallelPages: false });
    let rows = 0;

    for await (const { batch } of source.read(plan, splits[0]!, run.ctx)) {
      rows += batch.numRows;
      if (rows % 50 === 20) emulated.emulator.sessions.expireAll();
    }

    expect(rows).toBe(100);
    expect(emulated.emulator.requests.matching({ path: TOKEN })).toHaveLength(2);
  });

  it('RW-03: is never sent along a redirect', async () => {
    const seen: unknown[] = [];
    await using other = await serve((request, response) => {
      seen.push(request.headers);
      response.end('{}');
    });
    await using emulated = await emulatedOrg({ items: 5 });
    emulated.emulator.faults.add({
      match: { path: /describe/ },
      action: { before: () => ({ status: 302, headers: { Location: `${other.origin}/services` } }) },
    });

    const error = await rejectionOf(emulated.org.query(ITEMS).plan(testRun().ctx));

    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(new URL(other.origin).host),
    });
    expect(seen).toEqual([]);
  });
});

function oauthError(refusal: LoginRefusal): { readonly error: string; readonly error_description: string } {
  const { error, description } = LOGIN_REFUSALS[refusal];
  return { error, error_description: description };
}
