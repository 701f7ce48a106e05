import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  changeHeader,
  claimRecordsProcessed,
  createOrg,
  type Emulator,
  expireSession,
  failJob,
  hangJob,
  losePageLink,
  refuseLogin,
  reorderPageLinks,
  repeatLocator,
  repeatPage,
  repeatPageLink,
  skipPage,
  startEmulator,
  swapPages,
  vanishJob,
} from '../src/index.ts';
import { type Client, connect, jsonOf, runJob } from './emulator-client.ts';

const RESULTS = /\/results(\?|$)/;

let emulator: Emulator;
let client: Client;

beforeEach(async () => {
  const rows = { Thing__c: ['Ana', 'Zoë', 'a "b"'].map((Name) => ({ Name })) };
  emulator = await startEmulator({ org: createOrg({ objects: { Thing__c: {} }, rows }), results: { pageRows: 3 } });
  client = await connect(emulator);
});

afterEach(async () => {
  await emulator[Symbol.asyncDispose]();
  emulator.org[Symbol.dispose]();
});

async function resultsPath(): Promise<string> {
  const id = await runJob(client, 'SELECT Name FROM Thing__c ORDER BY CreatedDate');
  return `/services/data/v66.0/jobs/query/${id}/results`;
}

describe('sessions and logins', () => {
  it('expire at a call, for good', async () => {
    emulator.faults.add({ match: { path: /^\/services\/data\/v/, nth: 2 }, action: expireSession() });
    const statuses: number[] = [];
    for (let call = 0; call < 3; call += 1) statuses.push((await client.send('limits')).status);

    expect(statuses).toEqual([200, 401, 401]);
    expect((await (await connect(emulator)).send('limits')).status).toBe(200);
  });

  it('are refused for a reason', async () => {
    emulator.faults.add({ match: { path: '/services/oauth2/token', times: 1 }, action: refuseLogin('rateLimit') });

    const response = await fetch(`${emulator.url}/services/oauth2/token`, { method: 'POST' });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'rate_limit_exceeded' });
  });
});

describe('jobs and pages', () => {
  it('fail with a text', async () => {
    emulator.faults.add({ match: { method: 'POST', path: '/jobs/query' }, action: failJob('QUERY_TIMEOUT: too long') });

    const id = await runJob(client, 'SELECT Id FROM Thing__c');

    expect(await client.get(`jobs/query/${id}`)).toMatchObject({
      state: 'Failed',
      errorMessage: 'QUERY_TIMEOUT: too long',
      numberRecordsProcessed: 0,
    });
  });

  it('hang in a state', async () => {
    const { jobs } = emulator;
    emulator.faults.add({ match: { method: 'POST', path: '/jobs/query' }, action: hangJob() });
    await client.post('jobs/query', { operation: 'query', query: 'SELECT Id FROM Thing__c' });
    const [job] = jobs.all;

    expect(await client.get(`jobs/query/${job?.id}`)).toMatchObject({ state: 'UploadComplete' });
    expect(await client.get(`jobs/query/${job?.id}`)).toMatchObject({ state: 'UploadComplete' });
    expect([job?.tick(), job?.tick()]).toEqual(['InProgress', 'JobComplete']);
  });

  it('vanish', async () => {
    const id = await runJob(client, 'SELECT Id FROM Thing__c');
    emulator.faults.add({ match: { method: 'GET', path: id }, action: vanishJob() });

    expect((await client.send(`jobs/query/${id}`)).status).toBe(200);
    expect((await client.send(`jobs/query/${id}`)).status).toBe(404);
    expect((await client.send(`jobs/query/${id}/results`)).status).toBe(404);
  });

  it.each([
    [claimRecordsProcessed(99), 99],
    [claimRecordsProcessed((rows) => rows + 1), 4],
    [claimRecordsProcessed(null), undefined],
  ])('claim a count of rows', async (action, count) => {
    const id = await runJob(client, 'SELECT Id FROM Thing__c');
    emulator.faults.add({ match: { method: 'GET', path: id }, action });

    const response = await client.send(`jobs/query/${id}`);
    const text = await response.clone().text();

    expect((await jsonOf<Record<string, unknown>>(response))['numberRecordsProcessed']).toBe(count);
    expect(text).toContain('"apiVersion":66.0');
  });

  it.each([
    [changeHeader('Sforce-NumberOfRecords', '7'), '7'],
    [changeHeader('sforce-numberofrecords', null), null],
  ])('announce another number of rows, or none', async (action, announced) => {
    const path = await resultsPath();
    emulator.faults.add({ match: { path: RESULTS }, action });

    expect((await client.send(path)).headers.get('Sforce-NumberOfRecords')).toBe(announced);
  });

  it('repeat a locator', async () => {
    const path = await resultsPath();
    const locator = (await client.send(`${path}?maxRecords=1`)).headers.get('sforce-locator');
    emulator.faults.add({ match: { path: RESULTS }, action: repeatLocator() });

    const second = await client.send(`${path}?maxRecords=1&locator=${encodeURIComponent(locator ?? '')}`);

    expect(second.headers.get('sforce-locator')).toBe(locator);
  });

  /** Names on the pages of one row each, in the order of their locators. */
  async function namesByPage(): Promise<readonly string[]> {
    const path = await resultsPath();
    const names: string[] = [];
    for (let locator = ''; locator !== 'null';) {
      const query = locator === '' ? '' : `&locator=${encodeURIComponent(locator)}`;
      const response = await client.send(`${path}?maxRecords=1${query}`);
      locator = response.headers.get('sforce-locator') ?? 'null';
      names.push((await response.text()).split('\n')[1] ?? '');
    }
    return names;
  }

  it.each([
    ['come twice', repeatPage(), ['"Ana"', '"Ana"', '"Zoë"']],
    ['change places', swapPages(), ['"Zoë"', '"Ana"', '"a ""b"""']],
    ['are left out', skipPage(), ['"Ana"', '"a ""b"""']],
  ])('%s', async (_, action, expected) => {
    emulator.faults.add({ match: { path: RESULTS }, action });

    expect(await namesByPage()).toEqual(expected);
  });

  it.each([
    ['in another order', reorderPageLinks(), [1, 0]],
    ['one of them twice', repeatPageLink(), [0, 0, 1]],
    ['but for the last', losePageLink(), [0]],
  ])('are listed %s', async (_, action, expected) => {
    emulator.org.insert('Thing__c', [{ Name: 'one more' }]);
    const id = await runJob(client, 'SELECT Name FROM Thing__c');
    const links = async (): Promise<readonly string[]> => {
      const response = await client.send(`jobs/query/${id}/resultPages`);
      const { resultPages } = await jsonOf<{ readonly resultPages: readonly { readonly resultUrl: string }[] }>(
        response,
      );
      return resultPages.map(({ resultUrl }) => resultUrl);
    };
    const truth = await links();
    emulator.faults.add({ match: { path: '/resultPages' }, action });

    expect(await links()).toEqual(expected.map((at) => truth[at]));
  });
});
