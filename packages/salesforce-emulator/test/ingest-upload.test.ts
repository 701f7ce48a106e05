import { Agent, request } from 'node:http';

import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { createOrg, type Emulator, type EmulatorOptions, startEmulator } from '../src/index.ts';
import { type Client, connect, jsonOf, logIn } from './emulator-client.ts';
import { load, openJob, putRows, resultText, setState, settled, statusOf } from './ingest-client.ts';
import { csvOf, errorOf, INSERT, ingestScene, type IngestScene } from './ingest-emulator.ts';

let scene: IngestScene;
let emulator: Emulator;
let client: Client;

async function start(options?: EmulatorOptions): Promise<void> {
  scene = await ingestScene(options);
  ({ emulator, client } = scene);
}

async function restart(options: EmulatorOptions): Promise<void> {
  await scene[Symbol.asyncDispose]();
  await start(options);
}

beforeEach(async () => {
  await start();
});

afterEach(async () => {
  await scene[Symbol.asyncDispose]();
});

describe('creating an ingest job', () => {
  it('answers with the job, open, as recorded', async () => {
    const job = { ...INSERT, operation: 'upsert', externalIdFieldName: 'Key__c', lineEnding: 'CRLF' };
    const text = await (
      await client.send('jobs/ingest', {
        method: 'POST',
        body: JSON.stringify(job),
        headers: { 'Content-Type': 'application/json; charset=utf-8' },
      })
    ).text();

    expect(text).toContain('"apiVersion":66.0');
    const created = JSON.parse(text);
    expect(created).toEqual({
      id: expect.stringMatching(/^750\w{15}$/),
      operation: 'upsert',
      object: 'Thing__c',
      createdById: emulator.org.userId,
      createdDate: '2026-03-02T10:00:00.000+0000',
      systemModstamp: '2026-03-02T10:00:00.000+0000',
      state: 'Open',
      externalIdFieldName: 'Key__c',
      concurrencyMode: 'Parallel',
      contentType: 'CSV',
      apiVersion: 66,
      contentUrl: `services/data/v66.0/jobs/ingest/${created.id}/batches`,
      lineEnding: 'CRLF',
      columnDelimiter: 'COMMA',
    });
  });

  it.each([
    [
      { ...INSERT, object: 'Nope__c' },
      { status: 400, errorCode: 'INVALIDENTITY' },
    ],
    [
      { ...INSERT, object: 'Refused__c' },
      { status: 400, errorCode: 'INVALIDENTITY', message: "Entity 'Refused__c' is not supported by the Bulk API." },
    ],
    [
      { ...INSERT, operation: 'Insert' },
      { status: 400, errorCode: 'JSON_PARSER_ERROR' },
    ],
    [
      { ...INSERT, shoeSize: 1 },
      { status: 400, errorCode: 'JSON_PARSER_ERROR' },
    ],
    [
      { ...INSERT, externalIdFieldName: 'Key__c' },
      { status: 400, errorCode: 'INVALIDJOB' },
    ],
    [
      { ...INSERT, operation: 'upsert' },
      { status: 400, errorCode: 'INVALIDJOB' },
    ],
    [
      { ...INSERT, operation: 'upsert', externalIdFieldName: 'Amount__c' },
      {
        status: 400,
        errorCode: 'INVALIDJOB',
        message:
          'InvalidJob : Field name provided, amount__c does not match an External ID, Salesforce Id, or indexed field for Thing__c',
      },
    ],
    [
      { ...INSERT, operation: 'hardDelete' },
      {
        status: 400,
        errorCode: 'FEATURENOTENABLED',
        message:
          'hardDelete operation requires special user profile permission, please contact your system administrator',
      },
    ],
  ])('refuses %j', async (job, error) => {
    const body = JSON.stringify(job);
    const headers = { 'Content-Type': 'application/json' };

    expect(await errorOf(client.send('jobs/ingest', { method: 'POST', body, headers }))).toMatchObject(error);
    expect(emulator.ingestJobs.all).toEqual([]);
  });

  it('takes an assignment rule', async () => {
    const rule = '01QHs00000000001AA';

    expect(await client.post('jobs/ingest', { ...INSERT, assignmentRuleId: rule })).toMatchObject({
      assignmentRuleId: rule,
    });
  });

  it('refuses an upsert by an external id that is not unique to who may not view all data', async () => {
    const fields = { Loose__c: { type: 'string', externalId: true } } as const;
    using org = createOrg({ objects: { Thing__c: { fields } } });
    await using own = await startEmulator({ org, ingest: { viewAllData: false } });
    const job = { ...INSERT, operation: 'upsert' };
    const { post } = await connect(own);

    expect(await post('jobs/ingest', { ...job, externalIdFieldName: 'Loose__c' })).toMatchObject([
      { errorCode: 'INSUFFICIENT_ACCESS' },
    ]);
    expect(await post('jobs/ingest', { ...job, externalIdFieldName: 'Id' })).toMatchObject({ state: 'Open' });
  });
});

describe('a multipart request', () => {
  async function send(content: string, lineEnd: string): Promise<Response> {
    const body = [
      '--BOUNDARY',
      'Content-Type: application/json',
      'Content-Disposition: form-data; name="job"',
      '',
      JSON.stringify(INSERT),
      '',
      '--BOUNDARY',
      'Content-Type: text/csv',
      'Content-Disposition: form-data; name="content"; filename="content"',
      '',
      content,
      '--BOUNDARY--',
      '',
    ].join(lineEnd);
    const headers = { 'Content-Type': 'multipart/form-data; boundary=BOUNDARY' };
    return await client.send('jobs/ingest', { method: 'POST', body, headers });
  }

  it.each(['\r\n', '\n'])('creates, uploads and closes a job in one (line end %j)', async (lineEnd) => {
    const job = await jsonOf<{ id: string; state: string }>(await send('Name\nAna\n"Bo\nb"', lineEnd));

    expect(job.state).toBe('UploadComplete');
    expect(job).not.toHaveProperty('contentUrl');
    expect(await settled(client, job.id)).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 2 });
    expect(scene.names()).toEqual(['Ana', 'Bo\nb']);
  });

  it('holds no more than 100,000 characters', async () => {
    expect(await errorOf(send('x'.repeat(100_001), '\n'))).toMatchObject({ status: 400 });
  });

  it('needs both parts', async () => {
    const headers = { 'Content-Type': 'multipart/form-data; boundary=B' };
    const body = '--B\nContent-Disposition: form-data; name="job"\n\n{}\n--B--';

    expect(await errorOf(client.send('jobs/ingest', { method: 'POST', body, headers }))).toMatchObject({
      status: 400,
      errorCode: 'JSON_PARSER_ERROR',
    });
  });
});

describe('uploading', () => {
  it('is acknowledged by 201 without a body, and leaves the job open', async () => {
    const id = await openJob(client, INSERT);

    const response = await putRows(client, id, csvOf(1));

    expect([response.status, await response.text()]).toEqual([201, '']);
    expect(await statusOf(client, id)).toMatchObject({ state: 'Open', numberRecordsProcessed: 0 });
    expect(scene.names()).toEqual([]);
  });

  it('comes in chunks as well as with a length', async () => {
    const id = await openJob(client, INSERT);
    const body = ReadableStream.from([new TextEncoder().encode('Na'), new TextEncoder().encode('me\nAna\n')]);
    const init = { method: 'PUT', body, duplex: 'half', headers: { 'Content-Type': 'text/csv' } } as const;

    expect((await client.send(`jobs/ingest/${id}/batches`, init)).status).toBe(201);
    await setState(client, id, 'UploadComplete');
    await settled(client, id);

    expect(scene.names()).toEqual(['Ana']);
  });

  it('needs a length where a proxy wants one, and may be sent again with it', async () => {
    await restart({ ingest: { requireLength: true } });
    const id = await openJob(client, INSERT);
    const body = ReadableStream.from([new TextEncoder().encode(csvOf(1))]);
    const init = { method: 'PUT', body, duplex: 'half', headers: { 'Content-Type': 'text/csv' } } as const;

    const refused = await client.send(`jobs/ingest/${id}/batches`, init);

    expect([refused.status, refused.headers.get('content-type')]).toEqual([411, 'text/html; charset=utf-8']);
    expect((await putRows(client, id, csvOf(1))).status).toBe(201);
  });

  it.each([
    [{ 'Content-Type': 'application/json' }, 415],
    [{ 'Content-Type': 'text/csv', 'Content-Encoding': 'gzip' }, 415],
  ])('refuses %j', async (headers, status) => {
    const id = await openJob(client, INSERT);

    const response = await client.send(`jobs/ingest/${id}/batches`, { method: 'PUT', body: 'Name\n', headers });

    expect(response.status).toBe(status);
    expect(await statusOf(client, id)).not.toHaveProperty('numberRecordsProcessed');
  });

  it('takes as many bytes as 150 MB of base64 stand for, and refuses one more', async () => {
    await restart({ ingest: { uploadBase64Bytes: 400 }, errors: { oversizeUpload: { errorCode: 'INVALIDBATCH' } } });
    const id = await openJob(client, INSERT);

    expect(await errorOf(putRows(client, id, 'x'.repeat(301)))).toMatchObject({
      status: 413,
      errorCode: 'INVALIDBATCH',
    });
    expect((await putRows(client, id, 'x'.repeat(300))).status).toBe(201);
  });

  it('throws the rest of a refused upload away, and answers what comes next on the connection', async () => {
    await restart({ ingest: { uploadBase64Bytes: 400 } });
    const id = await openJob(client, INSERT);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const token = await logIn(emulator);
    const send = async (method: string, path: string, body: string): Promise<number | undefined> => {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'text/csv' };
      const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
      const sent = request(`${emulator.url}/services/data/v66.0/jobs/ingest/${path}`, { method, headers, agent });
      sent.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)));
      sent.on('error', reject).end(body);
      return await promise;
    };

    const statuses = [await send('PUT', `${id}/batches`, 'x'.repeat(1_500_000)), await send('GET', id, '')];

    expect(statuses).toEqual([413, 200]);
  });

  it('is refused the second time', async () => {
    const id = await openJob(client, INSERT);
    await putRows(client, id, csvOf(1));

    expect(await errorOf(putRows(client, id, csvOf(1)))).toEqual({
      status: 400,
      errorCode: 'INVALIDJOB',
      message: `Found multipe contents for job: <${id.slice(0, 15)}>, please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.`,
    });
    expect((await setState(client, id, 'UploadComplete')).status).toBe(200);
  });

  it('may be refused the second time only when the job is closed', async () => {
    await restart({ ingest: { secondUpload: 'rejectAtClose' } });
    const id = await openJob(client, INSERT);
    await putRows(client, id, csvOf(1));

    expect((await putRows(client, id, csvOf(1))).status).toBe(201);
    expect(await errorOf(setState(client, id, 'UploadComplete'))).toMatchObject({
      status: 400,
      errorCode: 'INVALIDJOB',
    });
    expect(await statusOf(client, id)).toMatchObject({ state: 'Open' });
    expect((await setState(client, id, 'Aborted')).status).toBe(200);
  });

  it('is refused by a job that is closed', async () => {
    const id = await openJob(client, INSERT);
    await setState(client, id, 'UploadComplete');

    expect(await errorOf(putRows(client, id, csvOf(1)))).toMatchObject({ status: 400, errorCode: 'INVALIDJOBSTATE' });
  });

  it.each(['', 'Name\n', 'Name'])('may be without rows (%j)', async (csv) => {
    const { id, ...status } = await load(client, INSERT, csv);

    expect(status).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 0, numberRecordsFailed: 0 });
    expect(await resultText(client, id, 'successfulResults')).toBe(
      csv === '' ? '"sf__Id","sf__Created"\n' : '"sf__Id","sf__Created",Name\n',
    );
  });
});
