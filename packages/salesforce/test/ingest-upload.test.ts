import { setTimeout as delay } from 'node:timers/promises';

import { answerWith, dropUpload, loseReply, stallUpload } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import { StreamedUpload } from '../src/bulk-ingest/streamed-upload.ts';
import { emulatedIngest, openJob } from './ingest-client.ts';
import { testRun } from './run-context.ts';
import { rejectionOf } from './thrown.ts';

const BATCHES = /\/batches$/;
const HEADER = Buffer.from('Number__c\n');
const ROWS = Buffer.from('1\n2\n3\n');

describe('an upload', () => {
  it('resolves once the org has taken all rows, in the order they were written', async () => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await openJob(org, run);
    using upload = new StreamedUpload(org.client.http, job, run.ctx);

    await upload.write(HEADER);
    await upload.write(ROWS);
    await upload.write(Buffer.from('4\n'));
    await upload.finish();

    const [request] = org.emulator.requests.matching({ method: 'PUT' });
    expect(request).toMatchObject({ status: 201, headers: { 'content-type': 'text/csv; charset=UTF-8' } });
    const known = org.emulator.ingestJobs.get(job.id)!;
    expect(known.state).toBe('Open');
    known.close();
    await known.tick();
    await known.tick();
    expect(org.records.countRows('Item__c')).toBe(4);
  });

  it('waits while the org takes nothing, and holds a bounded number of chunks', async () => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await openJob(org, run);
    const { promise: until, resolve: release } = Promise.withResolvers<void>();
    org.emulator.faults.add({ match: { method: 'PUT', path: BATCHES }, action: stallUpload(1000, { until }) });
    using upload = new StreamedUpload(org.client.http, job, run.ctx);
    const chunk = Buffer.alloc(1_048_576, '1234567\n');
    let written = 0;
    const writing = (async () => {
      await upload.write(HEADER);
      for (; written < 40; written++) await upload.write(chunk);
      await upload.finish();
    })();

    await org.emulator.requests.waitFor(({ method }) => method === 'PUT');
    await idle(() => written);

    // What the kernel's socket buffers hold goes besides.
    expect(written).toBeLessThan(20);
    release();
    await writing;
    expect(written).toBe(40);
  });

  it.each([
    ['cut at once', dropUpload(0), 'CONNECTION_LOST'],
    ['cut within the rows', dropUpload(12), 'CONNECTION_LOST'],
    ['reset within the rows', dropUpload(12, { reset: true }), 'CONNECTION_LOST'],
    ['taken, with the answer lost', loseReply(), 'CONNECTION_LOST'],
    ['refused for now', answerWith(503), 'REMOTE_UNAVAILABLE'],
    ['refused as too many', answerWith(429, { errorCode: 'REQUEST_LIMIT', retryAfter: 3 }), 'RATE_LIMITED'],
    ['refused by a gateway', answerWith(504, { body: 'html' }), 'REMOTE_UNAVAILABLE'],
    ['refused with a session that has died', answerWith(401), 'AUTH_REJECTED'],
    ['refused by a proxy that wants its length', answerWith(411, { body: 'html' }), 'REMOTE_REFUSED'],
  ])('that is %s is sent once, and may be tried in another job', async (_, action, code) => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await openJob(org, run);
    org.emulator.faults.add({ match: { method: 'PUT', path: BATCHES }, action });
    using upload = new StreamedUpload(org.client.http, job, run.ctx);

    const error = await rejectionOf(
      (async () => {
        await upload.write(HEADER);
        for (let n = 0; n < 20; n++) await upload.write(ROWS);
        await upload.finish();
      })(),
    );

    expect(error).toMatchObject({ code, retryable: true });
    expect(org.emulator.requests.matching({ method: 'PUT' })).toHaveLength(1);
  });

  it.each([
    ['200 with a login page', answerWith(200, { body: 'html' })],
    ['200 with nothing', answerWith(200, { body: 'empty' })],
  ])('that is answered by %s counts as not taken', async (_, action) => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await openJob(org, run);
    org.emulator.faults.add({ match: { method: 'PUT', path: BATCHES }, action });
    using upload = new StreamedUpload(org.client.http, job, run.ctx);

    const error = await rejectionOf(
      (async () => {
        await upload.write(HEADER);
        await upload.finish();
      })(),
    );

    expect(error).toMatchObject({ code: expect.stringMatching(/^RESPONSE_INVALID|CONNECTION_LOST$/) });
  });

  it('is refused by name when the job is gone, or no longer open', async () => {
    await using org = await emulatedIngest();
    const run = testRun();
    const gone = await openJob(org, run);
    org.emulator.ingestJobs.remove(gone.id);
    const aborted = await openJob(org, run);
    await org.emulator.ingestJobs.get(aborted.id)!.abort();

    const errors = [];
    for (const job of [gone, aborted]) {
      using upload = new StreamedUpload(org.client.http, job, run.ctx);
      errors.push(await rejectionOf(upload.write(HEADER).then(async () => await upload.finish())));
    }

    expect(errors).toEqual([
      expect.objectContaining({ code: 'JOB_GONE', retryable: false, message: expect.stringContaining(gone.id) }),
      expect.objectContaining({ code: 'JOB_FAILED', retryable: false, message: expect.stringContaining(aborted.id) }),
    ]);
  });

  it('counts as lost when the connection takes nothing for too long', async () => {
    await using org = await emulatedIngest({ org: { stallTimeoutMs: 50 } });
    const run = testRun();
    const job = await openJob(org, run);
    org.emulator.faults.add({ match: { method: 'PUT', path: BATCHES }, action: stallUpload(10) });
    using upload = new StreamedUpload(org.client.http, job, run.ctx);
    const chunk = Buffer.alloc(1_048_576, '1234567\n');

    const error = await rejectionOf(
      (async () => {
        for (;;) await upload.write(chunk);
      })(),
    );

    expect(error).toMatchObject({ code: 'CONNECTION_LOST', retryable: true });
    expect(run.permits()).toBe(0);
  });

  it('may wait for its turn for any time', async () => {
    await using org = await emulatedIngest({ org: { stallTimeoutMs: 20 } });
    const run = testRun();
    const job = await openJob(org, run);
    const turn = Promise.withResolvers<void>();
    const account = (id: string) => ({
      id,
      call: async <T>(request: () => Promise<T>): Promise<T> => {
        await turn.promise;
        return await request();
      },
    });
    using upload = new StreamedUpload(org.client.http, job, { ...run.ctx, account });
    const writing = upload.write(HEADER);

    await delay(80);
    turn.resolve();
    await writing;
    await upload.finish();

    expect(org.emulator.ingestJobs.get(job.id)?.hasData).toBe(true);
  });

  it('ends with the reason of an abort', async () => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await openJob(org, run);
    org.emulator.faults.add({ match: { method: 'PUT', path: BATCHES }, action: stallUpload(10) });
    using upload = new StreamedUpload(org.client.http, job, run.ctx);
    await upload.write(HEADER);
    const ending = rejectionOf(upload.finish());
    const reason = new Error('stop');

    await org.emulator.requests.waitFor(({ method }) => method === 'PUT');
    run.abort(reason);

    expect(await ending).toBe(reason);
  });

  it('that is given up leaves the job without a row', async () => {
    await using org = await emulatedIngest();
    const run = testRun();
    const job = await openJob(org, run);
    {
      using upload = new StreamedUpload(org.client.http, job, run.ctx);
      await upload.write(HEADER);
      await upload.write(ROWS);
    }

    await org.emulator.requests.waitFor(({ method, end }) => method === 'PUT' && end !== undefined);

    expect(org.emulator.ingestJobs.get(job.id)).toMatchObject({ state: 'Open', hasData: false });
    expect(run.permits()).toBe(0);
  });
});

/** Resolves when a number has stopped to change over many turns of the event loop. */
async function idle(value: () => number): Promise<void> {
  for (let still = 0, last = value(); still < 200; still = value() === last ? still + 1 : 0) {
    last = value();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
