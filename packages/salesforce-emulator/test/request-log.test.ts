import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createOrg, type Emulator, startEmulator, withholdReply } from '../src/index.ts';
import { type Client, connect, runJob } from './emulator-client.ts';

let emulator: Emulator;
let client: Client;

beforeEach(async () => {
  emulator = await startEmulator({ org: createOrg({}), clock: { startMs: 1000, frozen: true } });
  client = await connect(emulator);
});

afterEach(async () => {
  await emulator[Symbol.asyncDispose]();
  emulator.org[Symbol.dispose]();
});

describe('the request log', () => {
  it('holds what was asked and answered', async () => {
    const headers = { 'X-Own': 'yes', 'Accept-Encoding': 'identity' };
    const body = await (await client.send('limits?a=1&a=2', { headers })).text();
    const logged = await emulator.requests.waitFor(({ end, path }) => end === 'answered' && path.endsWith('/limits'));

    expect(logged).toMatchObject({
      number: 2,
      method: 'GET',
      path: '/services/data/v66.0/limits',
      headers: expect.objectContaining({ 'x-own': 'yes' }),
      startedMs: 1000,
      endedMs: 1000,
      status: 200,
      bodyBytes: Buffer.byteLength(body),
      jobId: undefined,
      failure: undefined,
    });
    expect(logged.query.getAll('a')).toEqual(['1', '2']);
  });

  it('holds no token and no secret', async () => {
    const Authorization = `Basic ${Buffer.from(`${emulator.clientId}:${emulator.clientSecret}`).toString('base64')}`;
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    await fetch(`${emulator.url}/services/oauth2/token`, { method: 'POST', body, headers: { Authorization } });
    await client.get('limits');

    const text = JSON.stringify(emulator.requests.all);
    expect(emulator.requests.all).toHaveLength(3);
    expect(text).not.toMatch(/bearer|basic|00D\w+!/i);
    expect(text).not.toContain(emulator.clientSecret);
  });

  it('counts the requests that wait for their answer at one time', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    emulator.faults.add({ match: { path: '/limits', times: 3 }, action: withholdReply({ until: promise }) });
    const waiting = Promise.all(Array.from({ length: 3 }, () => client.send('limits')));
    await emulator.requests.waitFor(() => emulator.requests.matching({ path: '/limits' }).length === 3);
    const { peak } = emulator.requests;
    resolve();
    await waiting;

    await client.get('limits');

    expect(peak).toBe(3);
    expect(emulator.requests.peak).toBe(3);
  });

  it('names the job that a request is about', async () => {
    const id = await runJob(client, 'SELECT Id FROM User');
    await client.send(`jobs/query/${id}/results`);

    const about = emulator.requests.all.filter(({ jobId }) => jobId === id).map(({ method }) => method);
    expect(about).toEqual(['POST', 'GET', 'GET', 'GET']);
  });

  it('finds requests by method and path', async () => {
    await client.get('limits');
    await client.get('limits/recordCount');

    expect(emulator.requests.matching({ method: 'post' })).toHaveLength(1);
    expect(emulator.requests.matching({ path: '/limits' })).toHaveLength(1);
    expect(emulator.requests.matching({ path: /limits/g })).toHaveLength(2);
  });

  it('can be waited for until a number of requests came', async () => {
    const third = emulator.requests.waitFor((_, log) => log.all.length === 3);
    await client.get('limits');
    await client.get('sobjects');

    expect(await third).toMatchObject({ number: 3, path: '/services/data/v66.0/sobjects' });
  });

  it('tells who waits for a request that cannot come any more', async () => {
    const never = emulator.requests.waitFor(({ path }) => path === '/never');
    await emulator[Symbol.asyncDispose]();

    await expect(never).rejects.toThrow('the emulator stopped');
    emulator = await startEmulator({ org: emulator.org });
  });

  it('tells who waits with a predicate that throws', async () => {
    const broken = emulator.requests.waitFor(({ path }) => {
      if (path.endsWith('/limits')) throw new Error('no');
      return false;
    });
    const settled = broken.catch((error: unknown) => error);
    await client.get('limits');

    expect(await settled).toMatchObject({ message: 'the predicate threw', cause: { message: 'no' } });
  });

  it('shows a defect of a fault action', async () => {
    const defect = new Error('defect');
    const after = () => {
      throw defect;
    };
    emulator.faults.add({ match: { path: '/limits' }, action: { after } });

    await expect(client.get('limits')).rejects.toThrow('fetch failed');
    expect(emulator.requests.matching({ path: '/limits' })).toMatchObject([{ end: 'cut', failure: defect }]);
  });

  it('keeps the newest requests only, and follows an older one to its end', async () => {
    await using own = await startEmulator({ loggedRequests: 3 });
    const { promise, resolve } = Promise.withResolvers<void>();
    own.faults.add({ match: { path: '/limits' }, action: withholdReply({ until: promise }) });
    const { send } = await connect(own);
    const slow = send('limits');
    const logged = await own.requests.waitFor(({ path }) => path.endsWith('/limits'));
    for (let call = 0; call < 5; call += 1) await send('');

    expect(own.requests.all.map(({ number }) => number)).toEqual([5, 6, 7]);
    resolve();
    await slow;
    await own.requests.waitFor(() => logged.end !== undefined);
    expect(logged).toMatchObject({ number: 2, status: 200, end: 'answered' });
  });
});
