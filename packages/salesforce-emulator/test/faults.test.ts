import { gunzipSync } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  afterBytes,
  afterRows,
  answerWith,
  type BodyMarker,
  createOrg,
  damageAt,
  dropAt,
  dropBeforeHeaders,
  type Emulator,
  insideQuotedCell,
  insideUtf8,
  loseReply,
  refuseGzip,
  skipHeaderRow,
  stallAt,
  startEmulator,
  timeOutAt,
  truncateAt,
  withholdReply,
} from '../src/index.ts';
import { type Client, connect, logIn, runJob } from './emulator-client.ts';
import { rawRequest } from './raw-request.ts';

const RESULTS = /\/results(\?|$)/;
const CSV = '"Name"\n"Ana"\n"Zoë"\n"a ""b"""\n';

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

async function fetchRaw(path: string, headers: Readonly<Record<string, string>> = {}) {
  const token = await logIn(emulator);
  return await rawRequest(emulator.url, path, { Authorization: `Bearer ${token}`, ...headers });
}

describe('a dropped connection', () => {
  it.each([
    ['before the first byte', afterBytes(0), ''],
    ['after some bytes', afterBytes(9), '"Name"\n"A'],
    ['inside a quoted cell', insideQuotedCell(3), '"Name"\n"Ana"\n"Z'],
    ['after an escaped quote', insideQuotedCell(4), '"Name"\n"Ana"\n"Zoë"\n"a'],
    ['after rows', afterRows(1), '"Name"\n"Ana"\n'],
    ['inside a character', insideUtf8(1), Buffer.from('"Name"\n"Ana"\n"Zo\u00c3', 'latin1')],
  ] satisfies [string, BodyMarker, string | Buffer][])('ends a body %s', async (_, marker, expected) => {
    const path = await resultsPath();
    emulator.faults.add({ match: { path: RESULTS }, action: dropAt(marker) });

    const { status, body, isComplete } = await fetchRaw(path);

    expect({ status, isComplete }).toEqual({ status: 200, isComplete: false });
    expect(body).toEqual(Buffer.from(expected));
  });

  it('is placed in the decoded body when the answer is compressed', async () => {
    const path = await resultsPath();
    emulator.faults.add({ match: { path: RESULTS }, action: dropAt(insideQuotedCell(2)) });

    const { headers, body, isComplete } = await fetchRaw(path, { 'Accept-Encoding': 'gzip' });

    expect({ encoding: headers['content-encoding'], isComplete }).toEqual({ encoding: 'gzip', isComplete: false });
    // A truncated gzip stream, whose bytes so far are whole.
    const decoded = gunzipSync(body, { finishFlush: 2 }).toString();
    expect(decoded).toBe('"Name"\n"A');
  });

  it('is placed in the transferred bytes on request', async () => {
    const path = await resultsPath();
    emulator.faults.add({ match: { path: RESULTS }, action: dropAt(afterBytes(5), { counted: 'transferred' }) });

    const { body, isComplete } = await fetchRaw(path, { 'Accept-Encoding': 'gzip' });

    expect(isComplete).toBe(false);
    expect(body.subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
    expect(body).toHaveLength(5);
  });

  it('before the headers leaves the org untouched', async () => {
    const fault = emulator.faults.add({ match: { method: 'POST', path: '/jobs/query' }, action: dropBeforeHeaders() });

    await expect(client.post('jobs/query', { operation: 'query', query: 'SELECT Id FROM Thing__c' })).rejects.toThrow(
      'fetch failed',
    );

    expect(emulator.jobs.all).toEqual([]);
    expect(fault.hits).toBe(1);
    expect(emulator.requests.matching({ method: 'POST', path: '/jobs/query' })).toMatchObject([
      { end: 'cut', status: undefined },
    ]);
  });

  it.each([false, true])('in the place of the reply leaves the effect (reset: %s)', async (reset) => {
    emulator.faults.add({ match: { method: 'POST', path: '/jobs/query' }, action: loseReply({ reset }) });

    await expect(client.post('jobs/query', { operation: 'query', query: 'SELECT Id FROM Thing__c' })).rejects.toThrow(
      'fetch failed',
    );

    expect(emulator.jobs.all).toHaveLength(1);
    const [request] = emulator.requests.matching({ method: 'POST', path: '/jobs/query' });
    expect(request).toMatchObject({ end: 'cut', jobId: emulator.jobs.all[0]?.id });
  });
});

describe('a false body', () => {
  it('ends cleanly after fewer rows than announced', async () => {
    const path = await resultsPath();
    emulator.faults.add({ match: { path: RESULTS }, action: truncateAt(afterRows(1)) });

    const { headers, body, isComplete } = await fetchRaw(path);

    expect(isComplete).toBe(true);
    expect(headers['sforce-numberofrecords']).toBe('3');
    expect(body.toString()).toBe('"Name"\n"Ana"\n');
  });

  it('is another one in one byte', async () => {
    const path = await resultsPath();
    emulator.faults.add({ match: { path: RESULTS }, action: damageAt(afterBytes(8)) });

    const { body, isComplete } = await fetchRaw(path);

    const expected = Buffer.from(CSV);
    expected[8] = ~expected[8]!;
    expect(isComplete).toBe(true);
    expect(body).toEqual(expected);
  });

  it('is cut at the time limit of the org', async () => {
    const path = await resultsPath();
    const before = emulator.clock.now();
    emulator.faults.add({ match: { path: RESULTS }, action: timeOutAt(afterRows(1)) });

    const { isComplete } = await fetchRaw(path);

    expect(isComplete).toBe(false);
    expect(emulator.clock.now() - before).toBeGreaterThanOrEqual(1_200_000);
  });

  it('is plain, whatever was asked for', async () => {
    const path = await resultsPath();
    emulator.faults.add({ match: { path: RESULTS }, action: refuseGzip() });

    const { headers, body } = await fetchRaw(path, { 'Accept-Encoding': 'gzip' });

    expect(headers['content-encoding']).toBeUndefined();
    expect(body.toString()).toBe(CSV);
  });

  it('lacks its header row', async () => {
    const path = await resultsPath();
    emulator.faults.add({ match: { path: RESULTS }, action: skipHeaderRow() });

    const { body } = await fetchRaw(path);

    expect(body.toString()).toBe(CSV.slice('"Name"\n'.length));
  });

  it('stalls until the test lets it go on', async () => {
    const path = await resultsPath();
    const { promise, resolve } = Promise.withResolvers<void>();
    emulator.faults.add({ match: { path: RESULTS }, action: stallAt(afterBytes(8), { until: promise }) });

    const response = fetchRaw(path);
    const stalled = await emulator.requests.waitFor((request) => request.bodyBytes === 8);
    expect(stalled.end).toBeUndefined();
    resolve();

    expect((await response).body.toString()).toBe(CSV);
  });

  it('stalls until the client gives up', async () => {
    const path = await resultsPath();
    emulator.faults.add({ match: { path: RESULTS }, action: stallAt(afterBytes(8)) });
    const giveUp = new AbortController();

    const response = await client.send(path, { signal: giveUp.signal });
    await emulator.requests.waitFor(({ bodyBytes, path: logged }) => bodyBytes > 0 && logged === path);
    giveUp.abort();

    await expect(response.text()).rejects.toThrow('aborted');
    await emulator.requests.waitFor(({ end }) => end === 'abandoned');
  });
});

describe('an answer', () => {
  it.each([
    [answerWith(503), '[{"message":"Server unavailable","errorCode":"SERVER_UNAVAILABLE"}]'],
    [answerWith(503, { body: 'empty' }), ''],
    [answerWith(503, { errorCode: 'X', message: 'Y' }), '[{"message":"Y","errorCode":"X"}]'],
  ])('is an error with the body asked for', async (action, body) => {
    emulator.faults.add({ match: { path: '/limits', times: 1 }, action });

    const refused = await client.send('limits');

    expect([refused.status, await refused.text()]).toEqual([503, body]);
    expect((await client.send('limits')).status).toBe(200);
  });

  it('is HTML as a proxy sends it', async () => {
    emulator.faults.add({ match: { path: '/limits' }, action: answerWith(502, { body: 'html' }) });

    const response = await client.send('limits');

    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await response.text()).toMatch(/^<html>/);
  });

  it('says when to come back, in seconds or as a date', async () => {
    const at = new Date('2026-03-02T10:00:00Z');
    emulator.faults.add({ match: { path: '/limits', nth: 1 }, action: answerWith(429, { retryAfter: 7 }) });
    emulator.faults.add({ match: { path: '/limits', nth: 2 }, action: answerWith(429, { retryAfter: at }) });

    expect((await client.send('limits')).headers.get('retry-after')).toBe('7');
    expect((await client.send('limits')).headers.get('retry-after')).toBe('Mon, 02 Mar 2026 10:00:00 GMT');
  });

  it('says when to come back by the clock of the org', async () => {
    const action = answerWith(503, { retryAfter: 90, retryAfterAsDate: true });
    emulator.faults.add({ match: { path: '/limits' }, action });

    const { headers } = await client.send('limits');

    const [until, date] = [headers.get('retry-after'), headers.get('date')].map((text) => Date.parse(text ?? ''));
    expect(until! - date!).toBeGreaterThanOrEqual(89_000);
    expect(until! - date!).toBeLessThanOrEqual(91_000);
  });

  it('hides an effect on request', async () => {
    const action = answerWith(504, { body: 'empty', afterEffect: true });
    emulator.faults.add({ match: { method: 'POST', path: '/jobs/query' }, action });
    const body = JSON.stringify({ operation: 'query', query: 'SELECT Id FROM Thing__c' });

    const response = await client.send('jobs/query', {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json' },
    });

    expect(response.status).toBe(504);
    expect(emulator.jobs.all).toHaveLength(1);
  });

  it('is withheld until the test gives it', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    emulator.faults.add({ match: { path: '/limits' }, action: withholdReply({ until: promise }) });

    const response = client.send('limits');
    const logged = await emulator.requests.waitFor(({ path }) => path.endsWith('/limits'));
    expect(logged.status).toBeUndefined();
    resolve();

    expect((await response).status).toBe(200);
  });
});

describe('where a fault falls', () => {
  it('is every request that matches, unless counted', async () => {
    const fault = emulator.faults.add({ match: { path: '/limits', nth: 2, times: 2 }, action: answerWith(500) });
    const statuses: number[] = [];
    for (let call = 0; call < 5; call += 1) statuses.push((await client.send('limits')).status);

    expect(statuses).toEqual([200, 500, 500, 200, 200]);
    expect(fault.hits).toBe(2);
  });

  it('is nowhere once the fault is taken back', async () => {
    const fault = emulator.faults.add({ match: {}, action: answerWith(500) });
    expect((await client.send('limits')).status).toBe(500);
    fault[Symbol.dispose]();

    expect((await client.send('limits')).status).toBe(200);
  });

  it('can be told by the query', async () => {
    emulator.faults.add({ match: { path: /recordCount\?sObjects=User/ }, action: answerWith(500) });

    expect((await client.send('limits/recordCount?sObjects=User')).status).toBe(500);
    expect((await client.send('limits/recordCount?sObjects=Group')).status).toBe(200);
  });
});
