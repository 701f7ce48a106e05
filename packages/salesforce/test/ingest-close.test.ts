import {
  answerWith,
  dropBeforeHeaders,
  failJob,
  hangJob,
  loseReply,
  vanishJob,
  type FaultAction,
} from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import { runIngestJob, type JobEnd } from '../src/bulk-ingest/close-job.ts';
import { uploadRows } from '../src/bulk-ingest/ingest-job.ts';
import { partMemo } from '../src/bulk-ingest/part-memo.ts';
import { abortIngestJob } from '../src/bulk-ingest/void-job.ts';
import type { JobReference } from '../src/bulk-job/bulk-job.ts';
import { emulatedIngest, openJob, type EmulatedIngest } from './ingest-client.ts';
import { testRun, type TestRun } from './run-context.ts';
import { rejectionOf } from './thrown.ts';

const JOB = /\/jobs\/ingest\/750\w+$/;
const PATIENCE = { poll: { firstMs: 1000, startMs: 1000, maxMs: 30_000 }, jobTimeoutMs: undefined };

async function uploadedJob(org: EmulatedIngest, run: TestRun): Promise<JobReference> {
  const job = await openJob(org, run);
  const bytes = Buffer.from('Number__c\n1\n2\n3\n');
  await uploadRows(org.client.http, job, { bytes }, run.ctx, run.ctx.signal);
  return job;
}

async function closed(org: EmulatedIngest, run: TestRun, job: JobReference): Promise<JobEnd> {
  return await runIngestJob(org.client.http, job, partMemo(run.ctx.memo), PATIENCE, run.ctx);
}

const closings = (org: EmulatedIngest): number => org.emulator.requests.matching({ method: 'PATCH' }).length;

describe('closing an ingest job', () => {
  it.each<[string, FaultAction, number]>([
    ['dropped before the org sees it', dropBeforeHeaders(), 2],
    ['answered, and the answer is lost', loseReply(), 1],
    ['answered, and the answer is lost by a reset', loseReply({ reset: true }), 1],
    ['answered by a gateway after its effect', answerWith(504, { body: 'html', afterEffect: true }), 1],
    ['answered by a gateway without effect', answerWith(502, { body: 'html' }), 2],
    ['refused for now', answerWith(503), 2],
  ])('takes effect once when the request is %s', async (_, action, requests) => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await uploadedJob(org, run);
    org.emulator.faults.add({ match: { method: 'PATCH', path: JOB, nth: 1 }, action });

    const end = await closed(org, run, job);

    expect(end).toMatchObject({ kind: 'ended', job: { state: 'JobComplete', processedRows: 3 } });
    expect(org.records.countRows('Item__c')).toBe(3);
    expect(closings(org)).toBe(requests);
  });

  it('is refused when a login page answers, and the job is still open', async () => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await uploadedJob(org, run);
    org.emulator.faults.add({ match: { method: 'PATCH', path: JOB }, action: answerWith(200, { body: 'html' }) });

    const error = await rejectionOf(closed(org, run, job));

    expect(error).toMatchObject({ code: 'RESPONSE_INVALID' });
    expect(org.emulator.ingestJobs.get(job.id)?.state).toBe('Open');
  });

  it('asks first in a process that finds it begun, and closes no job twice', async () => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await uploadedJob(org, run);
    await closed(org, run, job);

    const again = await closed(org, run.resumed(), job);

    expect(again).toMatchObject({ kind: 'ended', job: { state: 'JobComplete' } });
    expect(closings(org)).toBe(1);
  });

  it('notes down that it closes the job before it does', async () => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await uploadedJob(org, run);
    const known: unknown[] = [];
    org.emulator.faults.add({
      match: { method: 'PATCH', path: JOB },
      action: { before: () => void known.push(partMemo(run.ctx.memo).state.closing) },
    });

    await closed(org, run, job);

    expect(known).toEqual([[job.id]]);
  });

  it.each<[string, FaultAction, 'PATCH' | 'GET', 'lost' | 'void']>([
    ['vanishes as it is closed', vanishJob(), 'PATCH', 'lost'],
    ['vanishes while it is processed', vanishJob(), 'GET', 'lost'],
  ])('that %s is lost', async (_, action, method, kind) => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await uploadedJob(org, run);
    org.emulator.faults.add({ match: { method, path: JOB, nth: 1 }, action });

    expect(await closed(org, run, job)).toEqual({ kind });
  });

  it('that was gone before has had no effect', async () => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await uploadedJob(org, run);
    org.emulator.ingestJobs.remove(job.id);

    expect(await closed(org, run, job)).toEqual({ kind: 'void' });
  });

  it('that was gone when a closing request went unanswered is lost', async () => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await uploadedJob(org, run);
    org.emulator.faults.add({ match: { method: 'PATCH', path: JOB, nth: 1 }, action: dropBeforeHeaders() });
    org.emulator.faults.add({
      match: { method: 'GET', path: JOB, nth: 1 },
      action: { before: ({ ingestJobs }) => ingestJobs.remove(job.id) as undefined },
    });

    expect(await closed(org, run, job)).toEqual({ kind: 'lost' });
  });

  it('that ended while it was open is taken as it is', async () => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await uploadedJob(org, run);
    await org.emulator.ingestJobs.get(job.id)!.abort();

    expect(await closed(org, run, job)).toMatchObject({ kind: 'ended', job: { state: 'Aborted' }, wasClosed: false });
  });

  it('that fails is over', async () => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await uploadedJob(org, run);
    org.emulator.faults.add({
      match: { method: 'GET', path: JOB, nth: 1 },
      action: failJob('InternalServerError : x'),
    });

    expect(await closed(org, run, job)).toMatchObject({
      kind: 'ended',
      wasClosed: true,
      job: { state: 'Failed', errorMessage: 'InternalServerError : x' },
    });
  });

  it('aborts a job whose time is up', async () => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await uploadedJob(org, run);
    org.emulator.faults.add({ match: { method: 'PATCH', path: JOB, nth: 1 }, action: hangJob() });
    const patience = { ...PATIENCE, jobTimeoutMs: 60_000 };

    const error = await rejectionOf(runIngestJob(org.client.http, job, partMemo(run.ctx.memo), patience, run.ctx));

    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', message: expect.stringContaining(job.id) });
    expect(org.emulator.ingestJobs.get(job.id)?.state).toBe('Aborted');
  });

  it('RW-26: asks at growing, jittered intervals', async () => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await uploadedJob(org, run);
    let polls = 0;
    org.emulator.faults.add({ match: { method: 'PATCH', path: JOB, nth: 1 }, action: hangJob() });
    org.emulator.faults.add({
      match: { method: 'GET', path: JOB },
      action: {
        before: ({ ingestJobs }) => {
          polls += 1;
          if (polls === 12) for (const known of ingestJobs.all) known.release();
          return undefined;
        },
      },
    });

    await closed(org, run, job);

    const { sleepsMs } = run.clock;
    const ideal = (n: number): number => (n === 0 ? 1000 : Math.min(30_000, 1000 * 1.5 ** (n - 1)));
    expect(sleepsMs.length).toBeGreaterThan(12);
    expect(sleepsMs.every((ms, n) => ms >= ideal(n) * 0.75 && ms <= ideal(n) * 1.25)).toBe(true);
  });
});

describe('aborting an ingest job', () => {
  it.each<[string, FaultAction]>([
    ['dropped before the org sees it', dropBeforeHeaders()],
    ['answered, and the answer is lost', loseReply()],
    ['refused for now', answerWith(503)],
  ])('ends it when the request is %s', async (_, action) => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await uploadedJob(org, run);
    org.emulator.faults.add({ match: { method: 'PATCH', path: JOB, nth: 1 }, action });

    expect(await abortIngestJob(org.client.http, job, run.ctx)).toMatchObject({ state: 'Aborted' });
  });

  it('leaves one that is over, and does not miss one that is gone', async () => {
    await using org = await emulatedIngest();
    const run = testRun();
    const done = await uploadedJob(org, run);
    await closed(org, run, done);
    const gone = await openJob(org, run);
    org.emulator.ingestJobs.remove(gone.id);

    const states = [];
    for (const job of [done, gone]) states.push((await abortIngestJob(org.client.http, job, run.ctx))?.state);

    expect(states).toEqual(['JobComplete', undefined]);
  });
});
