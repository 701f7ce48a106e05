import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createOrg, type Emulator, type Org, startEmulator, type StartEmulatorOptions } from '../src/index.ts';
import { type Client, connect, jsonOf } from './emulator-client.ts';

const NOT_FOUND = [{ message: 'The requested resource does not exist', errorCode: 'NOT_FOUND' }];

let org: Org;
let emulator: Emulator;
let client: Client;

async function start(options: StartEmulatorOptions): Promise<Emulator> {
  return await startEmulator({ org, ...options });
}

beforeAll(async () => {
  org = createOrg({ objects: { Thing__c: {} }, rows: { Thing__c: [{ Name: 'a' }, { Name: 'b' }] } });
  emulator = await start({ clock: { startMs: Date.UTC(2026, 2, 2, 9, 15), frozen: true } });
  client = await connect(emulator);
});

afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
  org[Symbol.dispose]();
});

describe('API versions', () => {
  it('are listed without a token, oldest first', async () => {
    const versions = await jsonOf<object[]>(await fetch(`${emulator.url}/services/data/`));

    expect(versions).toHaveLength(37);
    expect(versions[0]).toEqual({ label: "Summer '14", url: '/services/data/v31.0', version: '31.0' });
    expect(versions.at(-3)).toEqual({ label: "Winter '26", url: '/services/data/v65.0', version: '65.0' });
    expect(versions.at(-2)).toEqual({ label: "Spring '26", url: '/services/data/v66.0', version: '66.0' });
  });

  it.each([
    ['v30.0', 410],
    ['v7.0', 410],
    ['v6.0', 404],
    ['v68.0', 404],
    ['v66', 404],
    ['66.0', 404],
    ['v31.0', 200],
  ])('%s gives %i', async (version, status) => {
    expect((await client.send(`/services/data/${version}/limits`)).status).toBe(status);
  });

  it('say what they have', async () => {
    expect(await client.get('/services/data/v66.0')).toMatchObject({ jobs: '/services/data/v66.0/jobs' });
    expect(await client.get('/services/data/v40.0')).not.toHaveProperty('jobs');
  });

  it.each([
    ['v46.0/jobs/query', 404],
    ['v47.0/jobs/query', 200],
  ])('bring query jobs with v47: %s', async (path, status) => {
    expect((await client.send(`/services/data/${path}`)).status).toBe(status);
  });
});

describe('paths', () => {
  it.each(['/services/data/v66.0/limits', '/services/data/v66.0/limits/', '//services/data/v66.0/limits'])(
    'may end or begin with one more slash: %s',
    async (path) => {
      expect((await client.send(path)).status).toBe(200);
    },
  );

  it.each([
    '/services/data/v66.0//limits',
    '/services/data/v66.0/jobs/query//750',
    '/services/data/v66.0/nothing',
    '/x',
  ])('that lead nowhere give 404: %s', async (path) => {
    const response = await client.send(path);

    expect([response.status, await response.json()]).toEqual([404, NOT_FOUND]);
  });

  it('say which methods they take', async () => {
    const response = await client.send('jobs/query', { method: 'PUT', body: '{}' });

    const message = "HTTP Method 'PUT' not allowed. Allowed are POST,GET";
    expect([response.status, await response.json()]).toEqual([405, [{ message, errorCode: 'METHOD_NOT_ALLOWED' }]]);
  });

  it('are limited in length, alone and with the headers', async () => {
    const long = 'x'.repeat(16_400);

    expect((await client.send(`query?q=${long}`)).status).toBe(414);
    expect((await client.send('limits', { headers: { 'X-Long': long } })).status).toBe(431);
  });
});

describe('headers', () => {
  it('hold the time of the org', async () => {
    expect((await client.send('limits')).headers.get('date')).toBe('Mon, 02 Mar 2026 09:15:00 GMT');
  });

  it('count API calls on JSON answers', async () => {
    await using own = await start({ quotas: { DailyApiRequests: 5000 } });
    const session = await connect(own);
    await session.send('limits');

    expect((await session.send('sobjects')).headers.get('sforce-limit-info')).toBe('api-usage=2/5000');
    expect((await fetch(`${own.url}/services/data`)).headers.get('sforce-limit-info')).toBeNull();
  });

  it('offer gzip to who asks for it, unless refused', async () => {
    await using plain = await start({ gzip: false });
    const asked = { headers: { 'Accept-Encoding': 'gzip' } };

    expect((await client.send('limits', asked)).headers.get('content-encoding')).toBe('gzip');
    expect(
      (await client.send('limits', { headers: { 'Accept-Encoding': 'identity' } })).headers.get('content-encoding'),
    ).toBeNull();
    expect((await (await connect(plain)).send('limits', asked)).headers.get('content-encoding')).toBeNull();
  });
});

describe('limits', () => {
  it('count down', async () => {
    await using own = await start({ quotas: { DailyApiRequests: 10, Own: 7 } });
    const session = await connect(own);
    await session.get('limits');

    expect(await session.get('limits')).toMatchObject({
      DailyApiRequests: { Max: 10, Remaining: 8 },
      DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 10_000 },
      Own: { Max: 7, Remaining: 7 },
    });
  });

  it('end, and come back after a day', async () => {
    await using own = await start({
      quotas: { DailyApiRequests: 1 },
      clock: { frozen: true },
      session: { ttlMs: 1e9 },
    });
    const session = await connect(own);
    await session.get('limits');

    const refused = await session.send('limits');
    const error = { message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' };
    expect([refused.status, await refused.json()]).toEqual([403, [error]]);
    own.clock.advance(86_400_000);
    expect((await session.send('limits')).status).toBe(200);
  });

  it('are hidden without the permission to see them', async () => {
    await using own = await start({ viewSetup: false });
    const session = await connect(own);

    expect((await session.send('limits')).status).toBe(403);
    expect((await session.send('limits/recordCount?sObjects=User')).status).toBe(403);
  });

  it('count records, of the objects that exist', async () => {
    expect(await client.get('limits/recordCount?sObjects=Thing__c,Nothing,User')).toEqual({
      sObjects: [
        { count: 2, name: 'Thing__c' },
        { count: 2, name: 'User' },
      ],
    });
  });
});
