import { request } from 'node:http';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  afterRows,
  answerWith,
  claimRecordsFailed,
  dropAt,
  dropBeforeHeaders,
  dropUpload,
  type Emulator,
  type EmulatorOptions,
  expireSession,
  failJob,
  failJobByLocks,
  failTrigger,
  hangJob,
  lockRows,
  loseReply,
  rejectRows,
  repeatFirstRow,
  REQUEST_KINDS,
  rowsWith,
  stallUpload,
  truncateUpload,
  vanishJob,
} from '../src/index.ts';
import { type Client, logIn } from './emulator-client.ts';
import { load, openJob, putRows, resultRows, setState, settled, statusOf } from './ingest-client.ts';
import { csvOf, INSERT, ingestScene, type IngestScene } from './ingest-emulator.ts';

const CREATE = { method: 'POST', path: '/jobs/ingest' };
const UPLOAD = { method: 'PUT', path: '/batches' };
const CHANGE = { method: 'PATCH', path: /\/jobs\/ingest\/\w+$/ };
const STATUS = { method: 'GET', path: /\/jobs\/ingest\/\w+$/ };

let scene: IngestScene;
let emulator: Emulator;
let client: Client;

async function start(options?: EmulatorOptions): Promise<void> {
  scene = await ingestScene(options);
  ({ emulator, client } = scene);
}

beforeEach(async () => {
  await start();
});

afterEach(async () => {
  await scene[Symbol.asyncDispose]();
});

describe('a lost reply', () => {
  it('to a create leaves a job that nobody knows', async () => {
    emulator.faults.add({ match: { ...CREATE, times: 1 }, action: loseReply() });

    await expect(openJob(client, INSERT)).rejects.toThrow('fetch failed');

    expect(emulator.ingestJobs.all).toMatchObject([{ state: 'Open', objectName: 'Thing__c' }]);
  });

  it('to an upload leaves the upload, and another is refused', async () => {
    const id = await openJob(client, INSERT);
    emulator.faults.add({ match: { ...UPLOAD, times: 1 }, action: loseReply({ reset: true }) });

    await expect(putRows(client, id, csvOf(1))).rejects.toThrow('fetch failed');

    expect(await statusOf(client, id)).toMatchObject({ state: 'Open', numberRecordsProcessed: 0 });
    expect((await putRows(client, id, csvOf(1))).status).toBe(400);
  });

  it.each(['UploadComplete', 'Aborted'])('to the change to %s leaves the job so', async (state) => {
    const id = await openJob(client, INSERT);
    emulator.faults.add({ match: { ...CHANGE, times: 1 }, action: loseReply() });

    await expect(setState(client, id, state)).rejects.toThrow('fetch failed');

    expect(emulator.ingestJobs.get(id)?.state).toBe(state);
  });

  it('before the org saw the request leaves nothing', async () => {
    emulator.faults.add({ match: CREATE, action: dropBeforeHeaders() });

    await expect(openJob(client, INSERT)).rejects.toThrow('fetch failed');

    expect(emulator.ingestJobs.all).toEqual([]);
  });
});

describe('an upload that is cut', () => {
  it('by the org after some bytes is no upload', async () => {
    const id = await openJob(client, INSERT);
    emulator.faults.add({ match: { ...UPLOAD, times: 1 }, action: dropUpload(9, { reset: true }) });

    await expect(putRows(client, id, csvOf(100_000))).rejects.toThrow('fetch failed');

    expect(await statusOf(client, id)).not.toHaveProperty('numberRecordsProcessed');
    expect((await putRows(client, id, csvOf(2))).status).toBe(201);
    await setState(client, id, 'UploadComplete');
    expect(await settled(client, id)).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 2 });
  });

  it('by the client is no upload, and logged as given up', async () => {
    const id = await openJob(client, INSERT);
    const Authorization = `Bearer ${await logIn(emulator)}`;
    const headers = { Authorization, 'Content-Type': 'text/csv', 'Content-Length': '1000' };
    const path = `/services/data/v66.0/jobs/ingest/${id}/batches`;
    const sent = request(emulator.url + path, { method: 'PUT', headers });
    sent.on('error', () => {});
    sent.write('Name\nAna\n');
    await emulator.requests.waitFor(({ method }) => method === 'PUT');

    sent.destroy();
    const logged = await emulator.requests.waitFor(({ method, end }) => method === 'PUT' && end !== undefined);

    expect(logged).toMatchObject({ end: 'abandoned', status: undefined, failure: undefined });
    expect((await putRows(client, id, csvOf(1))).status).toBe(201);
  });

  it('may also stop without an end, until it goes on', async () => {
    const id = await openJob(client, INSERT);
    const { promise, resolve } = Promise.withResolvers<void>();
    emulator.faults.add({ match: UPLOAD, action: stallUpload(3, { until: promise }) });

    const answer = putRows(client, id, csvOf(3));
    await emulator.requests.waitFor(({ method }) => method === 'PUT');
    expect((await putRows(client, id, csvOf(1))).status).toBe(400);
    resolve();

    expect((await answer).status).toBe(201);
  });

  it('may also end early as if it were whole', async () => {
    const id = await openJob(client, INSERT);
    emulator.faults.add({ match: UPLOAD, action: truncateUpload(csvOf(3).length) });

    expect((await putRows(client, id, csvOf(100))).status).toBe(201);

    await setState(client, id, 'UploadComplete');
    expect(await settled(client, id)).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 3 });
  });

  it('is not taken by a job that was closed meanwhile', async () => {
    const id = await openJob(client, INSERT);
    const { promise, resolve } = Promise.withResolvers<void>();
    emulator.faults.add({ match: UPLOAD, action: stallUpload(3, { until: promise }) });

    const answer = putRows(client, id, csvOf(3));
    await emulator.requests.waitFor(({ method }) => method === 'PUT');
    await setState(client, id, 'Aborted');
    resolve();

    expect((await answer).status).toBe(400);
  });
});

describe('a job', () => {
  it('may fail after some rows, whose effect stays', async () => {
    emulator.faults.add({ match: CREATE, action: failJob('InternalError : x', { afterRows: 200 }) });

    const { id, ...status } = await load(client, INSERT, csvOf(500));

    expect(status).toMatchObject({ state: 'Failed', numberRecordsProcessed: 200, errorMessage: 'InternalError : x' });
    expect(await resultRows(client, id, 'successfulResults')).toHaveLength(200);
    expect(await resultRows(client, id, 'unprocessedrecords')).toHaveLength(300);
    expect(scene.names()).toHaveLength(200);
  });

  it('may fail because of locks, before its first row', async () => {
    emulator.faults.add({ match: { ...CREATE, times: 1 }, action: failJobByLocks() });

    expect(await load(client, INSERT, csvOf(1))).toMatchObject({
      state: 'Failed',
      numberRecordsProcessed: 0,
      errorMessage: expect.stringMatching(/^TooManyLockFailure : .*Trying again later/),
    });
    expect(await load(client, INSERT, csvOf(1))).toMatchObject({ state: 'JobComplete' });
  });

  it('may hang with some rows done, until it is let go', async () => {
    emulator.faults.add({ match: CREATE, action: hangJob({ afterRows: 200 }) });
    const id = await openJob(client, INSERT);
    await putRows(client, id, csvOf(500));
    await setState(client, id, 'UploadComplete');
    for (let poll = 0; poll < 5; poll += 1) await statusOf(client, id);

    expect(await statusOf(client, id)).toMatchObject({ state: 'InProgress', numberRecordsProcessed: 200 });
    await emulator.ingestJobs.get(id)?.step();
    expect(await statusOf(client, id)).toMatchObject({ state: 'InProgress', numberRecordsProcessed: 400 });
    emulator.ingestJobs.get(id)?.release();
    expect(await settled(client, id)).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 500 });
  });

  it('may vanish, and what it saved stays', async () => {
    emulator.faults.add({ match: { ...STATUS, nth: 2 }, action: vanishJob() });
    const id = await openJob(client, INSERT);
    await putRows(client, id, csvOf(3));
    await setState(client, id, 'UploadComplete');
    await statusOf(client, id);

    expect(await statusOf(client, id)).toMatchObject({ state: 'JobComplete' });
    expect((await client.send(`jobs/ingest/${id}/successfulResults`)).status).toBe(404);
    expect(scene.names()).toHaveLength(3);
  });

  it('is read to the end by one of two who poll at the same time', async () => {
    const id = await openJob(client, INSERT);
    await putRows(client, id, csvOf(900));
    await setState(client, id, 'UploadComplete');
    await Promise.all([statusOf(client, id), statusOf(client, id), statusOf(client, id)]);

    expect(await settled(client, id)).toMatchObject({ numberRecordsProcessed: 900, numberRecordsFailed: 0 });
    expect(scene.names()).toHaveLength(900);
  });
});

describe('results', () => {
  it('are cut like other bodies, and can be read again', async () => {
    const { id } = await load(client, INSERT, csvOf(300));
    emulator.faults.add({ match: { path: '/successfulResults', times: 1 }, action: dropAt(afterRows(250)) });

    await expect(resultRows(client, id, 'successfulResults')).rejects.toThrow('terminated');

    expect(await resultRows(client, id, 'successfulResults')).toHaveLength(300);
  });
});

describe('what is said of a load', () => {
  it('may have a row twice', async () => {
    const { id } = await load(client, INSERT, csvOf(3));
    emulator.faults.add({ match: { path: '/successfulResults' }, action: repeatFirstRow() });

    const rows = await resultRows(client, id, 'successfulResults');

    expect(rows).toHaveLength(4);
    expect(rows[1]).toEqual(rows[0]);
  });

  it('may count other failures than there are, or none', async () => {
    const { id } = await load(client, INSERT, csvOf(3));
    emulator.faults.add({ match: { ...STATUS, nth: 1 }, action: claimRecordsFailed((rows) => rows + 1) });
    emulator.faults.add({ match: { ...STATUS, nth: 2 }, action: claimRecordsFailed(null) });

    expect(await statusOf(client, id)).toMatchObject({ numberRecordsProcessed: 3, numberRecordsFailed: 1 });
    expect(await statusOf(client, id)).not.toHaveProperty('numberRecordsFailed');
  });

  it('is told apart by what a change of its state asks for', async () => {
    const closed = emulator.faults.add({ match: REQUEST_KINDS.close, action: answerWith(503) });
    const aborted = emulator.faults.add({ match: REQUEST_KINDS.ingestAbort, action: answerWith(502) });
    const id = await openJob(client, INSERT);

    expect((await setState(client, id, 'UploadComplete')).status).toBe(503);
    expect((await setState(client, id, 'Aborted')).status).toBe(502);
    expect([closed.hits, aborted.hits]).toEqual([1, 1]);
    expect(emulator.requests.matching(REQUEST_KINDS.close)).toMatchObject([{ patch: '{"state":"UploadComplete"}' }]);
  });
});

describe('any step', () => {
  it.each([
    ['create', CREATE],
    ['upload', UPLOAD],
    ['close', CHANGE],
    ['status', STATUS],
    ['results', { path: '/failedResults' }],
  ])('may be answered by an error, without effect: %s', async (step, match) => {
    emulator.faults.add({ match: { ...match, times: 1 }, action: answerWith(503, { body: 'html' }) });
    const headers = { 'Content-Type': 'application/json' };
    const create = await client.send('jobs/ingest', { method: 'POST', body: JSON.stringify(INSERT), headers });
    const { id } = emulator.ingestJobs.all[0] ?? { id: 'none' };
    const upload = await putRows(client, id, csvOf(1));
    const close = await setState(client, id, 'UploadComplete');
    const status = await client.send(`jobs/ingest/${id}`);
    const results = await client.send(`jobs/ingest/${id}/failedResults`);

    const statuses = Object.entries({ create, upload, close, status, results }).map(
      ([name, response]) => [name, response.status] as const,
    );

    expect(statuses.filter(([, code]) => code === 503)).toEqual([[step, 503]]);
    expect(emulator.ingestJobs.all).toHaveLength(step === 'create' ? 0 : 1);
    expect(emulator.ingestJobs.all[0]?.hasData ?? false).toBe(step !== 'create' && step !== 'upload');
  });

  it('may find its session dead', async () => {
    const id = await openJob(client, INSERT);
    emulator.faults.add({ match: UPLOAD, action: expireSession() });

    expect((await putRows(client, id, csvOf(100_000))).status).toBe(401);
    expect(emulator.ingestJobs.get(id)?.hasData).toBe(false);
  });
});

describe('rows', () => {
  const KEYED = 'Key__c,Name\nE-1,a\nE-2,b\nE-3,c\n';
  const UPSERT = { object: 'Thing__c', operation: 'upsert', externalIdFieldName: 'Key__c' };

  async function errorsOf(csv: string): Promise<Record<string, string>> {
    const { id } = await load(client, UPSERT, csv);
    const rows = await resultRows(client, id, 'failedResults');
    return Object.fromEntries(rows.map((row) => [row['Key__c'] ?? '', row['sf__Error'] ?? '']));
  }

  it('may be rejected by their external id, or by what a function says', async () => {
    const rejection = { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Too old', fields: ['Name'] };
    emulator.faults.add({ match: CREATE, action: rejectRows(rowsWith('Key__c', ['E-1']), rejection) });
    emulator.faults.add({
      match: CREATE,
      action: rejectRows(({ number, object }) => number === 3 && object === 'Thing__c', {
        statusCode: 'STORAGE_LIMIT_EXCEEDED',
        message: 'storage limit exceeded',
      }),
    });

    expect(await errorsOf(KEYED)).toEqual({
      'E-1': 'FIELD_CUSTOM_VALIDATION_EXCEPTION:Too old:Name --',
      'E-3': 'STORAGE_LIMIT_EXCEEDED:storage limit exceeded:--',
    });
    expect(scene.names()).toEqual(['b']);
  });

  it('may be locked for the first attempts, in whatever job they come again', async () => {
    const locked = 'UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record or 1 records:--';
    emulator.faults.add({ match: CREATE, action: lockRows(rowsWith('Key__c', ['E-1', 'E-2']), { attempts: 2 }) });

    expect(await errorsOf(KEYED)).toEqual({ 'E-1': locked, 'E-2': locked });
    expect(await errorsOf('Key__c,Name\nE-1,a\n')).toEqual({ 'E-1': locked });
    expect(await errorsOf('Key__c,Name\nE-1,a\nE-2,b\n')).toEqual({ 'E-2': locked });
    expect(scene.names()).toEqual(['a', 'c']);
  });

  it('are rejected with their whole chunk when a trigger fails by one of them', async () => {
    emulator.faults.add({
      match: CREATE,
      action: failTrigger(rowsWith('Name', ['N250']), 'ThingTrigger: execution of AfterInsert'),
    });
    const csv = csvOf(500).replace('N300\n', `${'x'.repeat(81)}\n`);

    const { id, ...status } = await load(client, INSERT, csv);

    expect(status).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 500, numberRecordsFailed: 200 });
    const errors = (await resultRows(client, id, 'failedResults')).map(({ sf__Error = '' }) => sf__Error);
    const trigger = 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY:ThingTrigger: execution of AfterInsert:--';
    expect(errors.filter((text) => text === trigger)).toHaveLength(199);
    expect(errors.filter((text) => text.startsWith('STRING_TOO_LONG'))).toHaveLength(1);
    expect(scene.names()).toHaveLength(300);
  });

  it('are rejected with their chunk when it is the first that is saved of the object at all', async () => {
    emulator.faults.add({ match: CREATE, action: failTrigger(rowsWith('Name', ['N7']), 'ThingTrigger: no') });

    const status = await load(client, INSERT, csvOf(300));

    expect(status).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 300, numberRecordsFailed: 200 });
    expect(scene.names()).toHaveLength(100);
  });
});
