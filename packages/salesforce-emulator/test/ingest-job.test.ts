import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Emulator, EmulatorOptions } from '../src/index.ts';
import { type Client, jsonOf } from './emulator-client.ts';
import { load, openJob, putRows, resultRows, resultText, setState, statusOf } from './ingest-client.ts';
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

describe('an ingest job', () => {
  it('shows what it has done so far, in steps of 200 rows', async () => {
    await restart({ ingest: { chunksPerPoll: 1 } });
    const id = await openJob(client, INSERT);
    await putRows(client, id, csvOf(450));
    await setState(client, id, 'UploadComplete');

    const seen = [];
    for (let poll = 0; poll < 5; poll += 1) {
      const { state, numberRecordsProcessed } = await statusOf(client, id);
      seen.push([state, numberRecordsProcessed, scene.names().length]);
    }

    expect(seen).toEqual([
      ['InProgress', 0, 0],
      ['InProgress', 200, 200],
      ['InProgress', 400, 400],
      ['JobComplete', 450, 450],
      ['JobComplete', 450, 450],
    ]);
  });

  it('has the fields of its state in the status', async () => {
    await restart({ ingest: { queuedMs: 1000, runningMs: 2000 } });
    const id = await openJob(client, INSERT);
    const keysOf = async (): Promise<string[]> => Object.keys(await statusOf(client, id));
    const counters = ['numberRecordsProcessed', 'numberRecordsFailed'];

    const empty = await keysOf();
    expect(empty).toEqual(expect.arrayContaining(['contentUrl', 'jobType', 'retries', 'apexProcessingTime']));
    expect(empty).not.toEqual(expect.arrayContaining(counters));
    await putRows(client, id, 'Name,Nope\n');
    expect(await keysOf()).toEqual(expect.arrayContaining(['contentUrl', ...counters]));
    await setState(client, id, 'UploadComplete');
    expect(await keysOf()).not.toContain('contentUrl');
    emulator.clock.advance(1000);
    expect(await statusOf(client, id)).toMatchObject({ state: 'InProgress', totalProcessingTime: 0 });
    emulator.clock.advance(2000);
    expect(await statusOf(client, id)).toMatchObject({
      state: 'Failed',
      numberRecordsProcessed: 0,
      totalProcessingTime: 2000,
      isPkChunkingSupported: false,
      errorMessage: 'InvalidBatch : Field name not found : Nope',
    });
  });

  it('answers to closing and aborting with the recorded keys', async () => {
    const core = [
      'id',
      'operation',
      'object',
      'createdById',
      'createdDate',
      'systemModstamp',
      'state',
      'concurrencyMode',
      'contentType',
      'apiVersion',
    ];
    const id = await openJob(client, INSERT);

    expect(Object.keys(await jsonOf<object>(await setState(client, id, 'UploadComplete')))).toEqual(core);
    expect(Object.keys(await jsonOf<object>(await setState(client, id, 'Aborted')))).toEqual(core);
  });

  it.each(['Open', 'InProgress', 'Deleted', ''])('takes no other state than its two: %s', async (state) => {
    const id = await openJob(client, INSERT);

    expect((await setState(client, id, state)).status).toBe(400);
  });

  it.each([
    ['Aborted', 'Aborting already Completed Job not allowed'],
    ['UploadComplete', 'Closing already Completed Job not allowed'],
  ])('cannot become %s once it is over', async (state, message) => {
    const { id } = await load(client, INSERT, csvOf(1));

    expect(await errorOf(setState(client, id, state))).toEqual({ status: 400, errorCode: 'INVALIDJOBSTATE', message });
  });

  it('keeps what it saved when it is aborted, and names the rest', async () => {
    await restart({ ingest: { chunksPerPoll: 1 } });
    const id = await openJob(client, INSERT);
    await putRows(client, id, csvOf(450));
    await setState(client, id, 'UploadComplete');
    await statusOf(client, id);
    await statusOf(client, id);

    expect(await jsonOf(await setState(client, id, 'Aborted'))).toMatchObject({ state: 'Aborted' });

    expect(await statusOf(client, id)).toMatchObject({ state: 'Aborted', numberRecordsProcessed: 200 });
    expect(await resultRows(client, id, 'successfulResults')).toHaveLength(200);
    const unprocessed = await resultRows(client, id, 'unprocessedrecords');
    expect(unprocessed.map(({ Name }) => Name)).toEqual(Array.from({ length: 250 }, (_, index) => `N${200 + index}`));
    expect(scene.names()).toHaveLength(200);
  });

  it('has all its rows unprocessed when it is aborted while it is open', async () => {
    const id = await openJob(client, INSERT);
    await putRows(client, id, csvOf(2));
    await setState(client, id, 'Aborted');

    expect(await resultText(client, id, 'unprocessedrecords')).toBe('Name\n"N0"\n"N1"\n');
    expect(await resultText(client, id, 'failedResults')).toBe('"sf__Id","sf__Error",Name\n');
    expect(scene.names()).toEqual([]);
  });

  it.each(['successfulResults', 'failedResults', 'unprocessedrecords'])(
    'gives no %s before it is over',
    async (name) => {
      const id = await openJob(client, INSERT);
      expect(await errorOf(client.send(`jobs/ingest/${id}/${name}`))).toMatchObject({ errorCode: 'INVALIDJOBSTATE' });

      await setState(client, id, 'UploadComplete');
      expect((await client.send(`jobs/ingest/${id}/${name}/`)).status).toBe(400);
    },
  );

  it('is deleted when it waits or is over, and not otherwise', async () => {
    await restart({ ingest: { hold: true } });
    const id = await openJob(client, INSERT);
    const remove = async (): Promise<number> => (await client.send(`jobs/ingest/${id}`, { method: 'DELETE' })).status;

    expect(await remove()).toBe(400);
    await putRows(client, id, csvOf(1));
    await setState(client, id, 'UploadComplete');
    await emulator.ingestJobs.get(id)?.tick();
    expect(await remove()).toBe(400);
    await emulator.ingestJobs.get(id)?.tick();
    expect(await remove()).toBe(204);
    expect(await errorOf(client.send(`jobs/ingest/${id}`))).toMatchObject({ status: 404, errorCode: 'NOT_FOUND' });
    expect(scene.names()).toEqual(['N0']);

    const waiting = await openJob(client, INSERT);
    await setState(client, waiting, 'UploadComplete');
    expect((await client.send(`jobs/ingest/${waiting}`, { method: 'DELETE' })).status).toBe(204);
  });

  it.each([
    ['Aborted', { state: 'Aborted' }],
    ['Failed', { state: 'Failed', errorMessage: expect.any(String) }],
    ['gone', [{ errorCode: 'NOT_FOUND' }]],
  ] as const)('is %s when it was open for a day', async (openEnd, status) => {
    await restart({ ingest: { openEnd }, session: { ttlMs: 1e9 } });
    const id = await openJob(client, INSERT);

    emulator.clock.advance(86_399_999);
    expect(await statusOf(client, id)).toMatchObject({ state: 'Open' });
    emulator.clock.advance(1);
    expect(await statusOf(client, id)).toMatchObject(status);
  });

  it('is gone a week after its end', async () => {
    await restart({ session: { ttlMs: 1e9 } });
    const { id } = await load(client, INSERT, csvOf(1));

    emulator.clock.advance(7 * 86_400_000 - 1);
    expect(await resultRows(client, id, 'successfulResults')).toHaveLength(1);
    emulator.clock.advance(1);
    expect((await client.send(`jobs/ingest/${id}`)).status).toBe(404);
  });

  it('is listed, without counters, page by page', async () => {
    await restart({ jobs: { listRows: 2 } });
    const ids = [];
    for (let job = 0; job < 3; job += 1) ids.push(await openJob(client, INSERT));

    const first = (await client.get('jobs/ingest')) as { records: object[]; nextRecordsUrl: string };
    const second = (await client.get(first.nextRecordsUrl)) as { records: object[] };

    expect([...first.records, ...second.records]).toMatchObject(ids.map((id) => ({ id, jobType: 'V2Ingest' })));
    expect(first.records[0]).toHaveProperty('contentUrl');
    expect(first.records[0]).not.toHaveProperty('retries');
    expect(second).toMatchObject({ done: true, nextRecordsUrl: null });
    expect(await client.get('jobs/ingest?jobType=Classic')).toMatchObject({ records: [] });
  });

  it('is known by an id of 15 characters, and to its own list alone', async () => {
    const id = await openJob(client, INSERT);

    expect(await statusOf(client, id.slice(0, 15))).toMatchObject({ id });
    expect((await client.send(`jobs/query/${id}`)).status).toBe(404);
  });
});

describe('allowances', () => {
  it('count a batch per 10,000 rows, and rows', async () => {
    await load(client, INSERT, csvOf(10_001));

    expect(emulator.quotas.used('DailyBulkApiBatches')).toBe(2);
    expect(await client.get('limits')).toMatchObject({ DailyBulkApiBatches: { Max: 15_000, Remaining: 14_998 } });
  });

  it('fail the job that uses them up, which tells nothing about its other rows', async () => {
    await restart({ quotas: { DailyBulkApiBatches: 1 } });

    const { id, ...status } = await load(client, INSERT, csvOf(10_200));

    expect(status).toMatchObject({ state: 'Failed', numberRecordsProcessed: 10_000 });
    expect(status.errorMessage).toMatch(/^ExceededQuota : /);
    expect(await resultText(client, id, 'unprocessedrecords')).toBe('Name\n');
    expect(await client.post('jobs/ingest', INSERT)).toMatchObject([{ errorCode: 'EXCEEDEDQUOTA' }]);
  });

  it('end with the rows of a day', async () => {
    await restart({ ingest: { dailyRecords: 250 }, session: { ttlMs: 1e9 } });

    expect(await load(client, INSERT, csvOf(300))).toMatchObject({ state: 'Failed', numberRecordsProcessed: 200 });
    emulator.clock.advance(86_400_000);
    expect(await load(client, INSERT, csvOf(250))).toMatchObject({ state: 'JobComplete' });
  });
});
