import { secret } from '@sluice/core';
import { jsonReply } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import packageJson from '../package.json' with { type: 'json' };
import { salesforce } from '../src/index.ts';
import { VERSION } from '../src/version.ts';
import { allRows, emulatedOrg, ITEMS, missingItems, startedQuery } from './emulated-org.ts';
import { testRun } from './run-context.ts';
import { rejectionOf, thrownBy } from './thrown.ts';
import { serve } from './tiny-server.ts';

const credentials = { clientId: 'key', clientSecret: secret.value('hidden-secret') };

describe('an org', () => {
  it.each([
    ['not a url', /not a URL/],
    ['http://acme.my.salesforce.com', /https/],
    ['https://login.salesforce.com', /client credentials/],
    ['https://acme.lightning.force.com', /Lightning/],
    ['https://user:pw@acme.my.salesforce.com', /credentials/],
    ['https://acme.my.salesforce.com/home', /host/],
  ])('is not at %s', (environmentUrl, message) => {
    const error = thrownBy(() => salesforce({ environmentUrl, apiVersion: '64.0', ...credentials }));

    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) });
  });

  it.each(['64', 'v64.0', '46.0', '64.1', ''])('has no API version %j', (apiVersion) => {
    const error = thrownBy(() =>
      salesforce({ environmentUrl: 'https://acme.my.salesforce.com', apiVersion, ...credentials }),
    );

    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('apiVersion') });
  });

  it('is told every option that is wrong at once, and none of their values', () => {
    const options = { environmentUrl: 5, apiVersion: '64.0', clientId: 'key', clientSecret: 'hidden-secret', typo: 1 };

    const error = thrownBy(() => salesforce(options as never));

    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/environmentUrl.*clientSecret.*typo/),
    });
    expect(error).not.toMatchObject({ message: expect.stringContaining('hidden-secret') });
  });

  it.each([{}, { clientId: 'key' }, { ...credentials, auth: async () => ({ token: secret.value('x') }) }])(
    'wants either a client or a function that yields a token',
    (given) => {
      const error = thrownBy(() =>
        salesforce({ environmentUrl: 'https://acme.my.salesforce.com', apiVersion: '64.0', ...given }),
      );

      expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('either clientId and') });
    },
  );

  it('connects to nothing before it is used', async () => {
    const requests: unknown[] = [];
    await using server = await serve((request) => requests.push(request.url));
    await using org = salesforce({ environmentUrl: server.origin, apiVersion: '64.0', ...credentials });

    org.query('SELECT Id FROM Account');

    expect(requests).toEqual([]);
  });

  it('lists the objects that can be read', async () => {
    await using emulated = await emulatedOrg({ items: 1 });

    const found = await Array.fromAsync(emulated.org.query(ITEMS).discover?.(testRun().ctx) ?? []);

    expect(found.map(({ name }) => name)).toContain('Item__c');
    expect(await Array.fromAsync(emulated.org.discover(testRun().ctx))).toEqual(found);
  });

  it('is not used after it was disposed of', async () => {
    await using emulated = await emulatedOrg({ items: 1 });
    const org = emulated.connect();
    await org.check(testRun().ctx);
    await org[Symbol.asyncDispose]();

    const error = await rejectionOf(org.query(ITEMS).plan(testRun().ctx));

    expect(error).toMatchObject({ retryable: false, hint: expect.stringContaining('Dispose of the org after') });
  });
});

describe('the check of an org', () => {
  it('passes without a side effect', async () => {
    await using emulated = await emulatedOrg({ items: 1 });

    await emulated.org.check(testRun().ctx);

    expect(
      emulated.emulator.requests.all.every(({ method, path }) => method === 'GET' || path.endsWith('/token')),
    ).toBe(true);
  });

  it.each([
    ['a version later than the org offers', '80.0', /31\.0 to 67\.0/],
    ['a version earlier than the org offers', '50.0', /60\.0 to 67\.0/],
  ])('names the range for %s', async (_, apiVersion, message) => {
    const firstVersion = apiVersion === '50.0' ? 60 : 31;
    await using emulated = await emulatedOrg({ items: 1, org: { apiVersion }, emulator: { firstVersion } });

    const error = await rejectionOf(emulated.org.check(testRun().ctx));

    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) });
  });

  it('RW-29: of an edition without API names the editions and the permission', async () => {
    await using emulated = await emulatedOrg({ items: 1 });
    emulated.emulator.faults.add({
      match: { path: '/services/data/v64.0' },
      action: {
        before: () =>
          jsonReply([{ errorCode: 'API_DISABLED_FOR_ORG', message: 'API is not enabled' }], { status: 403 }),
      },
    });

    const error = await rejectionOf(emulated.org.check(testRun().ctx));

    expect(error).toMatchObject({ code: 'PERMISSION_DENIED', hint: expect.stringMatching(/Enterprise.*API Enabled/) });
  });

  it.each([301, 302, 307, 308])('RW-03: follows no redirect of status %i and names its host', async (status) => {
    await using emulated = await emulatedOrg({ items: 1 });
    emulated.emulator.faults.add({
      match: { path: /oauth2\/token$/ },
      action: {
        before: () => ({ status, headers: { Location: 'https://acme-new.my.salesforce.com/services/oauth2/token' } }),
      },
    });

    const error = await rejectionOf(emulated.org.check(testRun().ctx));

    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('acme-new.my.salesforce.com'),
      hint: expect.stringContaining('https://acme-new.my.salesforce.com'),
    });
    expect(emulated.emulator.requests.all).toHaveLength(1);
  });

  it('RW-27: tells an HTML page of a proxy from an answer of the org', async () => {
    await using emulated = await emulatedOrg({ items: 1 });
    emulated.emulator.faults.add({
      match: { path: '/services/data' },
      action: { before: () => ({ status: 403, headers: {}, body: [Buffer.from('<html>blocked</html>')] }) },
    });

    const error = await rejectionOf(emulated.org.check(testRun().ctx));

    expect(error).toMatchObject({ code: 'PERMISSION_DENIED', hint: expect.stringContaining('proxy') });
    expect(error).not.toMatchObject({ message: expect.stringContaining('blocked') });
  });

  it('RW-25: waits for an org under maintenance', async () => {
    await using emulated = await emulatedOrg({ items: 1 });
    emulated.emulator.faults.add({
      match: { path: '/services/data', times: 3 },
      action: { before: () => ({ status: 503, headers: {}, body: [] }) },
    });
    const run = testRun();

    await emulated.org.check(run.ctx);

    expect(run.retried).toHaveLength(3);
  });

  it('waits as long as the org asks for', async () => {
    await using emulated = await emulatedOrg({ items: 1 });
    emulated.emulator.faults.add({
      match: { path: '/services/data', times: 1 },
      action: { before: () => ({ status: 429, headers: { 'Retry-After': '17' }, body: [] }) },
    });
    const run = testRun();

    await emulated.org.check(run.ctx);

    expect(run.clock.sleepsMs[0]).toBeGreaterThanOrEqual(17_000);
  });

  it.each([
    ['unknown', 0, 'ROW_VISIBILITY_UNKNOWN'],
    ['all', 1, 'ROWS_ALL_VISIBLE'],
  ])('RW-06: of a query says which rows the user sees: %s', async (_, totalSize, code) => {
    await using emulated = await emulatedOrg({ items: 1 });
    emulated.emulator.faults.add({
      match: { path: /FROM(?:\+|%20)(?:PermissionSet|ObjectPermissions)/ },
      action: { before: () => jsonReply({ totalSize, done: true, records: [] }) },
    });
    const run = testRun();

    await emulated.org.query(ITEMS).check(run.ctx);

    expect(run.notes).toEqual([{ code, message: expect.stringContaining('Item__c') }]);
  });

  it('RW-06: of a query says that it does not know where the user may not ask', async () => {
    await using emulated = await emulatedOrg({ items: 1 });
    const run = testRun();

    await emulated.org.query(ITEMS).check(run.ctx);

    expect(run.notes.map((note) => note.code)).toEqual(['ROW_VISIBILITY_UNKNOWN']);
  });
});

describe('the plan of a query', () => {
  it('RW-04: goes on without limits and counts the user may not see, and says so once', async () => {
    await using emulated = await emulatedOrg({ items: 3, emulator: { viewSetup: false } });
    const run = testRun();

    const { estimate, notes } = await emulated.org.query(ITEMS).plan(run.ctx);

    expect(estimate).toEqual({});
    expect(notes.map(({ code }) => code)).toEqual(['LIMITS_HIDDEN']);
  });

  it('estimates rows where no filter can leave any number of them', async () => {
    await using emulated = await emulatedOrg({ items: 30 });
    const { ctx } = testRun();
    const estimateOf = async (query: string) => (await emulated.org.query(query, { pageSize: 10 }).plan(ctx)).estimate;

    expect(await estimateOf(ITEMS)).toMatchObject({ rows: 30, apiCalls: 7 });
    expect(await estimateOf(`${ITEMS} LIMIT 12`)).toMatchObject({ rows: 12, apiCalls: 6 });
    expect(await estimateOf(`${ITEMS} WHERE Number__c > 3`)).toEqual({});
  });

  it('chooses about 32 MB of rows for a page', async () => {
    await using emulated = await emulatedOrg({ items: 1 });
    const { ctx } = testRun();
    const pageRowsOf = async (query: string, options = {}) =>
      (await emulated.org.query(query, options).plan(ctx)).state.pageRows;

    expect(await pageRowsOf('SELECT Id FROM Item__c')).toBe(250_000);
    expect(await pageRowsOf('SELECT Text__c FROM Item__c')).toBeGreaterThan(20_000);
    expect(await pageRowsOf('SELECT Text__c FROM Item__c')).toBeLessThan(60_000);
    expect(await pageRowsOf(ITEMS, { pageSize: 123 })).toBe(123);
  });
});

describe('the API calls of a run', () => {
  it('RW-26: name the client and its version', async () => {
    await using emulated = await emulatedOrg({ items: 5 });
    const run = testRun();
    const started = await startedQuery(emulated.org, run);
    await allRows(started, run.ctx);

    const names = new Set(emulated.emulator.requests.all.map(({ headers }) => headers['sforce-call-options']));

    expect([...names]).toEqual([`client=sluice/${packageJson.version}`]);
    expect(VERSION).toBe(packageJson.version);
  });

  it('RW-26: are counted, each once, for the account of the org', async () => {
    await using emulated = await emulatedOrg({ items: 5 });
    const run = testRun();
    const started = await startedQuery(emulated.org, run);
    await allRows(started, run.ctx);

    const { requests, org } = emulated.emulator;
    const sent = requests.all.filter(({ path }) => path.startsWith('/services/data/'));

    expect([...run.calls]).toEqual([[org.orgId, sent.length]]);
  });

  it('RW-26: stop before the reserve, except to clean up', async () => {
    await using emulated = await emulatedOrg({
      items: 100,
      org: { reserveApiCalls: 85 },
      emulator: { quotas: { DailyApiRequests: 100 }, jobs: { hold: true } },
    });
    const run = testRun();
    const source = emulated.org.query(ITEMS);
    const { state } = await source.plan(run.ctx);

    const error = await rejectionOf(Array.fromAsync(source.splits(state, run.ctx)));
    const usedBefore = emulated.emulator.quotas.used('DailyApiRequests');
    const left = await source.finish(state, 'abandoned', run.resumed().ctx);

    expect(error).toMatchObject({ code: 'QUOTA_EXCEEDED', message: expect.stringContaining('85 are kept in reserve') });
    expect(usedBefore).toBe(15);
    expect(left).toEqual([]);
  });

  it('that are used up by others end the run at once', async () => {
    await using emulated = await emulatedOrg({ items: 5, emulator: { quotas: { DailyApiRequests: 4 } } });
    const run = testRun();

    const error = await rejectionOf(startedQuery(emulated.org, run));

    expect(error).toMatchObject({ code: 'QUOTA_EXCEEDED', retryable: false });
    expect(run.retried).toEqual([]);
  });
});

describe('the clock of an org', () => {
  it('RW-28: dates what an administrator has to look for there', async () => {
    const startMs = Date.UTC(2031, 4, 6, 7, 8, 9);
    await using emulated = await emulatedOrg({ items: 5, emulator: { clock: { frozen: true, startMs } } });
    emulated.emulator.faults.add({
      match: { method: 'POST', path: /\/jobs\/query$/, nth: 1 },
      action: { after: () => ({ status: 502, headers: {}, body: [] }) },
    });
    const run = testRun();

    const { source, plan } = await startedQuery(emulated.org, run);
    const left = await source.finish(plan, 'committed', run.ctx);

    expect(left.map(({ id }) => id)).toEqual([expect.stringMatching(/^Item__c at 2031-05-06T07:08:/)]);
  });
});

describe('a query of an org with a namespace', () => {
  it('RW-14: finds its columns under prefixed names', async () => {
    await using emulated = await emulatedOrg({ items: 9, emulator: { results: { namespace: 'acme' } } });
    const run = testRun();

    const started = await startedQuery(emulated.org, run);

    expect(missingItems(await allRows(started, run.ctx), 9)).toEqual([]);
  });

  it('finds its columns as the SELECT spells them', async () => {
    await using emulated = await emulatedOrg({ items: 9, emulator: { results: { headerNames: 'select' } } });
    const run = testRun();

    const started = await startedQuery(emulated.org, run, 'SELECT number__C, TEXT__c FROM item__c');

    expect(missingItems(await allRows(started, run.ctx), 9)).toEqual([]);
  });
});
