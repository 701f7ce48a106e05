import { SluiceError } from '@sluice/core';
import { afterRows, answerWith, dropAt, hangJob, loseReply, stallUpload } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import { ingestOrg, itemBatch, items, itemSchema, load, numbersIn } from './ingest-org.ts';
import { testRun } from './run-context.ts';
import { rejectionOf } from './thrown.ts';

const JOB = /\/jobs\/ingest\/750\w+$/;
const BATCHES = /\/batches$/;

describe('a load that is cancelled', () => {
  it('while rows are uploaded leaves no job unfinished, and writes nothing', async () => {
    await using target = await ingestOrg();
    const controller = new AbortController();
    target.emulator.faults.add({ match: { method: 'PUT', path: BATCHES, nth: 1 }, action: stallUpload(10) });

    const run = rejectionOf(load(target, { rows: items(100), signal: controller.signal }));
    await target.emulator.requests.waitFor(({ method }) => method === 'PUT');
    const reason = new Error('enough');
    controller.abort(reason);

    expect(await run).toBe(reason);
    expect(numbersIn(target)).toEqual([]);
    expect(target.emulator.ingestJobs.all.map(({ state }) => state)).toEqual(['Aborted']);
  });

  it('while a job is processed stops the job', async () => {
    await using target = await ingestOrg();
    const controller = new AbortController();
    target.emulator.faults.add({ match: { method: 'PATCH', path: JOB, nth: 1 }, action: hangJob({ afterRows: 200 }) });

    const run = rejectionOf(load(target, { rows: items(500), signal: controller.signal, cleanupMs: 500 }));
    await target.emulator.requests.waitFor(
      ({ method, path, status }) =>
        method === 'GET' &&
        JOB.test(path) &&
        status === 200 &&
        target.emulator.ingestJobs.all[0]?.processedRows === 200,
    );
    controller.abort(new Error('enough'));
    await run;

    expect(target.emulator.ingestJobs.all.map(({ state }) => state)).toEqual(['Aborted']);
    expect(numbersIn(target)).toHaveLength(200);
  });
});

describe('a load that ends because of something else', () => {
  it.each(['AUTH_REJECTED', 'QUOTA_EXCEEDED'] as const)(
    'names a job that was being created, also when that was %s',
    async (code) => {
      await using target = await ingestOrg();
      const controller = new AbortController();
      target.emulator.faults.add({
        match: { method: 'POST', path: /\/jobs\/ingest$/ },
        action: {
          after: (reply) => {
            controller.abort(new SluiceError(code, 'of another request'));
            return reply;
          },
        },
      });

      const run = load(target, { rows: items(30), signal: controller.signal });

      expect(await rejectionOf(run)).toBe(controller.signal.reason);
      expect(run.leftBehind).toEqual([expect.objectContaining({ kind: 'ingest job, id unknown' })]);
    },
  );
});

describe('a load that fails for good', () => {
  it.each([
    ['results cannot be read', dropAt(afterRows(3))],
    ['results are refused', answerWith(403)],
  ])('when %s leaves in doubt what the org may have written', async (_, action) => {
    await using target = await ingestOrg();
    target.emulator.faults.add({ match: { path: /\/successfulResults/ }, action });

    const error = await rejectionOf(load(target, { rows: items(30) }));

    expect(numbersIn(target)).toHaveLength(30);
    expect(error).toMatchObject({
      details: {
        rows: { readRows: 30, inDoubtRows: 30, unsentRows: 0 },
        leftBehind: [expect.objectContaining({ kind: 'ingest job' })],
      },
    });
  });
});

describe('a part', () => {
  const schema = itemSchema(items(1));
  const intent = { mode: 'create' } as const;
  const part = { split: 0, part: 0 };
  const batch = itemBatch(items(20));

  it('that is committed when another job turns out to be gone is not taken for unsent', async () => {
    await using target = await ingestOrg();
    const run = testRun();
    const gone = new SluiceError('JOB_GONE', 'another job');
    target.emulator.faults.add({
      match: { method: 'PATCH', path: JOB, nth: 1 },
      action: {
        after: (reply) => {
          run.abort(gone);
          return reply;
        },
      },
    });
    const sink = target.org.ingest({ object: 'Item__c' });
    const aim = await sink.open(schema, intent, run.ctx);
    const writer = await sink.writer(aim, schema, part, run.ctx);
    await writer.write(batch);
    const message = await writer.prepare();

    const staged = {
      part,
      message,
      memo: run.ctx.memo,
      rows: async function* () {
        yield batch;
      },
    };
    expect(await rejectionOf(Array.fromAsync(sink.commit(aim, schema, [staged], run.ctx)))).toBe(gone);
    expect(target.emulator.ingestJobs.all.map(({ state }) => state)).toEqual(['UploadComplete']);
  });

  it('that is aborted ends the job of a writer whose process died, by what was remembered', async () => {
    await using target = await ingestOrg();
    const run = testRun();
    const sink = target.org.ingest({ object: 'Item__c' });
    const aim = await sink.open(schema, intent, run.ctx);
    const writer = await sink.writer(aim, schema, part, run.ctx);
    await writer.write(batch);

    const later = run.resumed();
    const outcome = await target
      .connect()
      .ingest({ object: 'Item__c' })
      .abort(aim, schema, [{ part, message: undefined, memo: later.ctx.memo }], later.ctx);

    expect(outcome).toEqual({ leftBehind: [], results: [] });
    expect(target.emulator.ingestJobs.all.map(({ state }) => state)).toEqual(['Aborted']);
    await writer[Symbol.asyncDispose]();
  });

  it('that is aborted deletes what it ends when jobs are not to be kept', async () => {
    await using target = await ingestOrg();
    const run = testRun();
    const sink = target.org.ingest({ object: 'Item__c', deleteJobs: true });
    const aim = await sink.open(schema, intent, run.ctx);
    const writer = await sink.writer(aim, schema, part, run.ctx);
    await writer.write(batch);

    await writer[Symbol.asyncDispose]();

    expect(target.emulator.ingestJobs.all).toEqual([]);
  });

  it('that is aborted names a job that cannot be ended, and one that may be there', async () => {
    await using target = await ingestOrg();
    const run = testRun({ attempts: 2 });
    target.emulator.faults.add({ match: { method: 'POST', path: /\/jobs\/ingest$/, nth: 1 }, action: loseReply() });
    const sink = target.org.ingest({ object: 'Item__c' });
    const aim = await sink.open(schema, intent, run.ctx);
    const writer = await sink.writer(aim, schema, part, run.ctx);
    await writer.write(batch);
    const message = await writer.prepare();
    target.emulator.faults.add({ match: { path: JOB }, action: answerWith(503) });
    const [, job] = target.emulator.ingestJobs.all;

    const staged = {
      part,
      message,
      memo: run.ctx.memo,
      rows: async function* () {
        yield batch;
      },
    };
    const { leftBehind } = await sink.abort(aim, schema, [staged], run.ctx);

    expect(leftBehind).toEqual([
      expect.objectContaining({ kind: 'ingest job', id: job?.id, reason: expect.stringContaining('503') }),
      expect.objectContaining({ kind: 'ingest job, id unknown', id: expect.stringContaining('Item__c at ') }),
    ]);
    target.emulator.faults.clear();
    expect((await sink.abort(aim, schema, [staged], run.ctx)).leftBehind).toEqual([
      expect.objectContaining({ kind: 'ingest job, id unknown' }),
    ]);
    expect(job?.state).toBe('Aborted');
  });

  it('is not aborted in another org, so that no job of it is touched', async () => {
    await using target = await ingestOrg();
    const run = testRun();
    const sink = target.org.ingest({ object: 'Item__c' });
    const aim = await sink.open(schema, intent, run.ctx);

    const error = await rejectionOf(sink.abort({ ...aim, orgId: '00DHs0000000999EAA' }, schema, [], run.ctx));

    expect(error).toMatchObject({ code: 'RUN_MISMATCH' });
    expect(SluiceError.is(error)).toBe(true);
  });
});
