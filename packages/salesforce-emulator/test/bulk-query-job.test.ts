import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createOrg, type Emulator, type EmulatorOptions, type Org, startEmulator } from '../src/index.ts';
import { type Client, connect, jsonOf, runJob } from './emulator-client.ts';

const SOQL = 'SELECT Id FROM Thing__c';
const NOT_FOUND = [{ message: 'The requested resource does not exist', errorCode: 'NOT_FOUND' }];

let org: Org;
let emulator: Emulator;
let client: Client;

/** A job as its status shows it. */
type Job = Readonly<Record<string, unknown>> & { readonly id: string };

async function restart(options: EmulatorOptions = {}): Promise<void> {
  await emulator?.[Symbol.asyncDispose]();
  emulator = await startEmulator({
    org,
    clock: { startMs: Date.UTC(2026, 2, 2, 9, 15), frozen: true },
    session: { ttlMs: 1e12 },
    ...options,
  });
  client = await connect(emulator);
}

beforeEach(async () => {
  org = createOrg({
    objects: {
      Thing__c: { fields: { Place__c: { type: 'address' }, Secret__c: { type: 'string', hidden: true } } },
      Unbulk__c: { bulk: false },
      Blob__c: { fields: { Body__c: { type: 'base64' } } },
    },
    rows: { Thing__c: [{ Name: 'a' }, { Name: 'b' }] },
  });
  await restart();
});

afterEach(async () => {
  await emulator[Symbol.asyncDispose]();
  org[Symbol.dispose]();
});

async function create(body: object = {}, path = 'jobs/query'): Promise<Job> {
  // The answer to a creation that succeeds; what it holds is what the test looks at.
  return (await client.post(path, { operation: 'query', query: SOQL, ...body })) as Job;
}

async function status({ id }: Job): Promise<Job> {
  return await jsonOf<Job>(await client.send(`jobs/query/${id}`));
}

async function abort({ id }: Job, state = 'Aborted'): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return await client.send(`jobs/query/${id}`, { method: 'PATCH', body: JSON.stringify({ state }), headers });
}

describe('a new query job', () => {
  it('is answered with exactly the documented fields', async () => {
    const response = await client.send('jobs/query', {
      method: 'POST',
      body: JSON.stringify({ operation: 'query', query: SOQL }),
      headers: { 'Content-Type': 'application/json' },
    });
    const text = await response.text();

    expect(response.status).toBe(200);
    expect(text).toContain('"apiVersion":66.0');
    expect(JSON.parse(text)).toEqual({
      id: expect.stringMatching(/^750\w{15}$/),
      operation: 'query',
      object: 'Thing__c',
      createdById: org.userId,
      createdDate: '2026-03-02T09:15:00.000+0000',
      systemModstamp: '2026-03-02T09:15:00.000+0000',
      state: 'UploadComplete',
      concurrencyMode: 'Parallel',
      contentType: 'CSV',
      apiVersion: 66,
      lineEnding: 'LF',
      columnDelimiter: 'COMMA',
    });
  });

  it.each([
    [
      'GROUP BY',
      'SELECT Name FROM Thing__c GROUP BY Name',
      'API_ERROR',
      'Aggregate Relationships not supported in Bulk Query',
    ],
    ['aggregates', 'SELECT COUNT() FROM Thing__c', 'API_ERROR', 'Aggregate Relationships not supported in Bulk Query'],
    [
      'child subqueries',
      'SELECT Id, (SELECT Id FROM Children__r) FROM Thing__c',
      'API_ERROR',
      'Aggregate Relationships not supported in Bulk V2 Query with CSV content type',
    ],
    [
      'compound fields',
      'SELECT Place__c FROM Thing__c',
      'API_ERROR',
      'Selecting compound data not supported in Bulk Query',
    ],
    ['OFFSET', `${SOQL} LIMIT 1 OFFSET 1`, 'API_ERROR', 'OFFSET not supported in Bulk Query'],
    ['blobs', 'SELECT Body__c FROM Blob__c', 'FEATURENOTENABLED', "Cannot serialize value for 'Body__c' in CSV format"],
    [
      'other objects',
      'SELECT Id FROM Unbulk__c',
      'INVALIDENTITY',
      "Entity 'Unbulk__c' is not supported by the Bulk API.",
    ],
  ])('is refused for %s', async (_, query, errorCode, message) => {
    expect(await create({ query })).toEqual([{ errorCode, message }]);
    expect(emulator.jobs.all).toEqual([]);
  });

  it.each([
    ['an unknown column', 'SELECT Nope FROM Thing__c', 'INVALID_FIELD', 'ERROR at Row:1:Column:8'],
    ['a hidden column', 'SELECT Secret__c FROM Thing__c', 'INVALID_FIELD', "No such column 'Secret__c'"],
    ['an unknown object', 'SELECT Id FROM Nope', 'INVALID_TYPE', "sObject type 'Nope' is not supported"],
    ['bad grammar', 'SELECT Id Thing__c', 'MALFORMED_QUERY', ''],
    ['too much text', `${SOQL} WHERE Name = '${'x'.repeat(100_000)}'`, 'MALFORMED_QUERY', '100000'],
  ])('is refused for %s', async (_, query, errorCode, message) => {
    expect(await create({ query })).toEqual([{ errorCode, message: expect.stringContaining(message) }]);
  });

  it.each([
    ['an unknown operation', { operation: 'insert' }],
    ['an unknown delimiter', { columnDelimiter: 'SPACE' }],
    ['an unknown key', { object: 'Thing__c' }],
    ['no query', { query: undefined }],
  ])('is refused for %s', async (_, body) => {
    expect(await create(body)).toEqual([{ errorCode: 'JSON_PARSER_ERROR', message: expect.any(String) }]);
  });

  it('is refused when the body is no JSON, or not said to be', async () => {
    const send = async (type: string): Promise<number> =>
      (await client.send('jobs/query', { method: 'POST', body: '{', headers: { 'Content-Type': type } })).status;

    expect(await send('application/json; charset=UTF-8')).toBe(400);
    expect(await send('text/plain')).toBe(415);
  });

  it.each([
    ['DailyBulkV2QueryJobs', 'Max bulk v2 query jobs (0) per 24 hrs has been reached (0)'],
    ['DailyBulkV2QueryFileStorageMB', 'Max bulk v2 query result size stored (0) kb per 24 hrs has been exceeded'],
  ])('is refused when %s is used up', async (quota, message) => {
    await restart({ quotas: { [quota]: 0 } });

    expect(await create()).toEqual([{ errorCode: 'LIMIT_EXCEEDED', message }]);
  });

  it('counts against the daily jobs', async () => {
    await create();

    expect(await client.get('limits')).toMatchObject({ DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 9999 } });
  });
});

describe('bad SOQL', () => {
  const query = 'SELECT Nope FROM Thing__c';

  it('may be an API_ERROR', async () => {
    await restart({ jobs: { badSoql: 'refuseAsApiError' } });

    expect(await create({ query })).toMatchObject([{ errorCode: 'API_ERROR', message: expect.stringMatching('Nope') }]);
  });

  it('may fail the job', async () => {
    await restart({ jobs: { badSoql: 'failJob' } });
    const id = await runJob(client, query);

    expect(await client.get(`jobs/query/${id}`)).toMatchObject({
      state: 'Failed',
      object: 'Thing__c',
      errorMessage: expect.stringMatching(/^InvalidBatch : Failed to process query: INVALID_FIELD: \n[^]*Nope/),
    });
    expect(await create({ query: 'SELECT Place__c FROM Thing__c' })).toMatchObject([{ errorCode: 'API_ERROR' }]);
  });
});

describe('the state of a job', () => {
  it('is seen by whoever polls, with the fields of the status', async () => {
    const job = await create();
    const first = await status(job);
    const second = await status(job);

    expect(first).toMatchObject({ state: 'InProgress', numberRecordsProcessed: 0, totalProcessingTime: 0 });
    expect(second).toEqual({
      ...job,
      state: 'JobComplete',
      jobType: 'V2Query',
      numberRecordsProcessed: 2,
      retries: 0,
      totalProcessingTime: 0,
      isPkChunkingSupported: true,
    });
  });

  it('moves with the clock, and is stamped when it moves', async () => {
    await restart({ jobs: { queuedMs: 60_000, runningMs: 10_000 } });
    const job = await create();
    const seen: unknown[] = [];
    for (const ms of [59_999, 1, 9999, 1]) {
      emulator.clock.advance(ms);
      const { state, systemModstamp } = await status(job);
      seen.push([state, systemModstamp]);
    }

    expect(seen).toEqual([
      ['UploadComplete', '2026-03-02T09:15:00.000+0000'],
      ['InProgress', '2026-03-02T09:16:00.000+0000'],
      ['InProgress', '2026-03-02T09:16:00.000+0000'],
      ['JobComplete', '2026-03-02T09:16:10.000+0000'],
    ]);
    expect(await status(job)).toMatchObject({ totalProcessingTime: 70_000 });
  });

  it('may skip InProgress', async () => {
    await restart({ jobs: { skipInProgress: true } });

    expect(await status(await create())).toMatchObject({ state: 'JobComplete' });
  });

  it('moves by hand when held', async () => {
    await restart({ jobs: { hold: true } });
    const created = await create();
    const job = emulator.jobs.require(created.id.slice(0, 15));

    expect(await status(created)).toMatchObject({ state: 'UploadComplete' });
    expect(job.tick()).toBe('InProgress');
    expect(await status(created)).toMatchObject({ state: 'InProgress' });
    job.release();
    expect(await status(created)).toMatchObject({ state: 'JobComplete' });
    expect(job.tick()).toBe('JobComplete');
  });

  it('may come without counters while it runs', async () => {
    await restart({ jobs: { countersWhileRunning: 'absent', chunkingFact: false } });
    const job = await create();

    expect(await status(job)).not.toHaveProperty('numberRecordsProcessed');
    expect(await status(job)).toHaveProperty('numberRecordsProcessed', 2);
    expect(await status(job)).not.toHaveProperty('isPkChunkingSupported');
  });
});

describe('the end of a job', () => {
  it('comes by an abort, once', async () => {
    const job = await create();
    const aborted = await abort(job);
    const body = await jsonOf<Job>(aborted);

    expect(aborted.status).toBe(200);
    expect(body).toEqual({ ...job, state: 'Aborted', lineEnding: undefined, columnDelimiter: undefined });
    expect(Object.keys(body)).toHaveLength(10);
    const again = await abort(job);
    const error = { errorCode: 'INVALIDJOBSTATE', message: 'Aborting already Completed Job not allowed' };
    expect([again.status, await again.json()]).toEqual([400, [error]]);
    expect(await status(job)).toMatchObject({ state: 'Aborted' });
  });

  it('comes by no other state', async () => {
    expect((await abort(await create(), 'UploadComplete')).status).toBe(400);
  });

  it('lets it be deleted, and no sooner', async () => {
    const job = await create();
    const remove = (): Promise<Response> => client.send(`jobs/query/${job.id}`, { method: 'DELETE' });
    const early = await remove();
    await abort(job);
    const late = await remove();

    const message = 'Error encountered when deleting the job because the job is not terminated';
    expect([early.status, await early.json()]).toEqual([400, [{ errorCode: 'API_ERROR', message }]]);
    expect([late.status, await late.text()]).toEqual([204, '']);
    expect(await client.get(`jobs/query/${job.id}`)).toEqual(NOT_FOUND);
    expect((await remove()).status).toBe(404);
  });

  it('is followed by seven days of results', async () => {
    const id = await runJob(client, SOQL);
    const idle = await create();
    const week = 7 * 86_400_000;
    emulator.clock.advance(week - 1);
    expect((await client.send(`jobs/query/${id}/results`)).status).toBe(200);
    emulator.clock.advance(1);

    expect((await client.send(`jobs/query/${id}/results`)).status).toBe(404);
    expect((await client.send(`jobs/query/${idle.id}`)).status).toBe(404);
    expect(emulator.jobs.all).toEqual([]);
  });
});

describe('the list of jobs', () => {
  it('comes page by page, without counters', async () => {
    await restart({ jobs: { listRows: 2 } });
    const ids: unknown[] = [];
    for (let count = 0; count < 3; count += 1) ids.push((await create()).id);
    const first = await jsonOf<{ records: Job[]; done: boolean; nextRecordsUrl: string }>(
      await client.send('jobs/query'),
    );
    const locator = new URL(first.nextRecordsUrl, emulator.url).searchParams.get('queryLocator');
    const second = await jsonOf<typeof first>(await client.send(`jobs/query?queryLocator=${locator}`));

    expect([...first.records, ...second.records].map(({ id }) => id)).toEqual(ids);
    expect(first.nextRecordsUrl).toMatch(/^\/services\/data\/v66\.0\/jobs\/ingest\?queryLocator=01g\w{15}-2$/);
    expect(second).toMatchObject({ done: true, nextRecordsUrl: null });
    expect(first.records[0]).toHaveProperty('jobType', 'V2Query');
    expect(first.records[0]).not.toHaveProperty('numberRecordsProcessed');
  });

  it.each([
    ['jobType=V2Query', 1],
    ['jobType=V2Ingest', 0],
    ['concurrencyMode=parallel', 1],
    ['concurrencyMode=serial', 0],
    ['isPkChunkingEnabled=true', 0],
    ['isPkChunkingEnabled=false', 1],
  ])('is filtered: %s', async (filter, count) => {
    await create();

    const { records } = await jsonOf<{ records: unknown[] }>(await client.send(`jobs/query?${filter}`));

    expect(records).toHaveLength(count);
  });

  it('refuses a locator it did not give', async () => {
    expect((await client.send('jobs/query?queryLocator=x')).status).toBe(400);
  });
});
