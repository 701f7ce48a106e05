import { SluiceError } from '@sluice/core';
import { jsonReply } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import type { QueryHandle } from '../src/index.ts';
import { allRows, deliveriesOf, emulatedOrg, ITEMS, missingItems, startedQuery } from './emulated-org.ts';
import { testRun } from './run-context.ts';
import { rejectionOf } from './thrown.ts';

const JOBS = /\/jobs\/query$/;
const JOB = /\/jobs\/query\/750\w+$/;

function handleIn(error: unknown): QueryHandle {
  const details = SluiceError.is(error) ? error.details : undefined;
  // The test says what it expects there.
  return (details as { readonly handle: QueryHandle }).handle;
}

describe('a query job', () => {
  it('is remembered before it is asked about', async () => {
    await using emulated = await emulatedOrg({ items: 5 });
    const run = testRun();
    const known: unknown[] = [];
    emulated.emulator.faults.add({
      match: { method: 'GET', path: JOB, nth: 1 },
      action: { before: () => void known.push(run.memo.get('query.job')) },
    });

    await startedQuery(emulated.org, run);

    expect(known).toEqual([expect.objectContaining({ id: emulated.emulator.jobs.all[0]?.id, apiVersion: '64.0' })]);
  });

  it('RW-26: is asked about at growing, jittered intervals up to half a minute', async () => {
    await using emulated = await emulatedOrg({ items: 5, emulator: { jobs: { hold: true } } });
    const run = testRun();
    let polls = 0;
    emulated.emulator.faults.add({
      match: { method: 'GET', path: JOB },
      action: {
        before: ({ jobs }) => {
          polls += 1;
          if (polls === 20) for (const job of jobs.all) job.release();
          return undefined;
        },
      },
    });

    await startedQuery(emulated.org, run);

    const { sleepsMs } = run.clock;
    const ideal = Array.from({ length: sleepsMs.length }, (_, n) =>
      n === 0 ? 1000 : Math.min(30_000, 1000 * 1.5 ** (n - 1)),
    );
    expect(sleepsMs.every((ms, n) => ms >= ideal[n]! * 0.75 && ms <= ideal[n]! * 1.25)).toBe(true);
    expect(new Set(sleepsMs.map((ms, n) => (ms / ideal[n]!).toFixed(3))).size).toBeGreaterThan(15);
    expect(Math.max(...sleepsMs)).toBeLessThanOrEqual(37_500);
  });

  it.each([
    ['QUERY_TIMEOUT: Your query request was running for too long.', 'Narrow the query'],
    ['InvalidBatch : Failed to process query: QUERY_TOO_COMPLICATED: too much', 'formula fields'],
    ['Something else', ''],
  ])('that failed says why: %s', async (message, hint) => {
    await using emulated = await emulatedOrg({ items: 5 });
    emulated.emulator.faults.add({
      match: { method: 'GET', path: JOB, nth: 1 },
      action: { before: ({ jobs }) => jobs.all[0]?.failWith(message) as undefined },
    });
    const run = testRun();
    const source = emulated.org.query(ITEMS);
    const { state } = await source.plan(run.ctx);

    const error = await rejectionOf(Array.fromAsync(source.splits(state, run.ctx)));
    const left = await source.finish(state, 'abandoned', run.ctx);

    expect(error).toMatchObject({ code: 'JOB_FAILED', message: expect.stringContaining(message), retryable: false });
    expect((SluiceError.is(error) ? error.hint : undefined) ?? '').toContain(hint);
    expect(left).toEqual([]);
    expect(emulated.emulator.jobs.all).toEqual([]);
  });

  it('RW-25: is still there when the org was away for some minutes', async () => {
    await using emulated = await emulatedOrg({ items: 5 });
    emulated.emulator.faults.add({
      match: { method: 'GET', path: JOB, nth: 2, times: 20 },
      action: { before: () => ({ status: 503, headers: {}, body: [] }) },
    });
    const run = testRun();
    const startMs = run.clock.now();

    const started = await startedQuery(emulated.org, run);

    expect(missingItems(await allRows(started, run.ctx), 5)).toEqual([]);
    expect(run.clock.now() - startMs).toBeGreaterThan(120_000);
  });

  it('aborted by somebody else fails the run', async () => {
    await using emulated = await emulatedOrg({ items: 5, emulator: { jobs: { hold: true } } });
    emulated.emulator.faults.add({
      match: { method: 'GET', path: JOB, nth: 2 },
      action: { before: ({ jobs }) => jobs.all[0]?.abort() as undefined },
    });

    const error = await rejectionOf(startedQuery(emulated.org, testRun()));

    expect(error).toMatchObject({ code: 'JOB_FAILED', message: expect.stringContaining('aborted by someone else') });
  });

  it('deleted by somebody else is gone, while it is awaited and while it is read', async () => {
    await using emulated = await emulatedOrg({ items: 100, emulator: { results: { pageRows: 30 } } });
    const { emulator, org } = emulated;
    const run = testRun();
    const { source, plan, splits } = await startedQuery(org, run);
    const remove = (): void => {
      for (const { id } of emulator.jobs.all) emulator.jobs.remove(id);
    };
    remove();

    const whileRead = await rejectionOf(deliveriesOf(source, plan, splits[1]!, run.ctx));
    const onResume = await rejectionOf(Array.fromAsync(source.splits(plan, run.resumed().ctx, splits[0])));
    emulator.faults.add({
      match: { method: 'GET', path: JOB, nth: 1 },
      action: { before: () => remove() as undefined },
    });
    const whileAwaited = await rejectionOf(startedQuery(org, testRun()));

    for (const error of [whileRead, onResume, whileAwaited]) {
      expect(error).toMatchObject({ code: 'JOB_GONE', retryable: false, hint: expect.stringContaining('7 days') });
    }
    expect(await source.finish(plan, 'abandoned', run.ctx)).toEqual([]);
  });

  it('goes on when waiting for it is given up, and can be attached to', async () => {
    await using emulated = await emulatedOrg({ items: 50, emulator: { jobs: { hold: true } } });
    const { emulator, org } = emulated;
    const run = testRun();
    const source = org.query(ITEMS, { waitTimeoutMs: 60_000 });
    const { state } = await source.plan(run.ctx);
    const startMs = run.clock.now();

    const error = await rejectionOf(Array.fromAsync(source.splits(state, run.ctx)));
    const waitedMs = run.clock.now() - startMs;
    const left = await source.finish(state, 'abandoned', run.ctx);
    const handle = handleIn(error);
    const job = emulator.jobs.get(handle.job);
    const stateBetween = job?.state;
    job?.release();
    const other = testRun();
    const attached = await startedQuery(org, other, ITEMS, { handle });
    const rows = await allRows(attached, other.ctx);
    const leftByOther = await attached.source.finish(attached.plan, 'committed', other.ctx);

    expect(error).toMatchObject({ code: 'WAIT_TIMEOUT', retryable: false });
    expect(waitedMs).toBe(60_000);
    expect(stateBetween).toBe('UploadComplete');
    expect(left).toEqual([expect.objectContaining({ kind: 'query job', id: handle.job, handle })]);
    expect(missingItems(rows, 50)).toEqual([]);
    expect(emulator.jobs.all.map(({ id }) => id)).toEqual([handle.job]);
    expect(leftByOther).toEqual([]);
  });

  it('given up waiting for is taken up again when the run is resumed', async () => {
    await using emulated = await emulatedOrg({ items: 50, emulator: { jobs: { hold: true } } });
    const { emulator, org } = emulated;
    const run = testRun();
    const source = org.query(ITEMS, { waitTimeoutMs: 5_000 });
    const { state } = await source.plan(run.ctx);
    await rejectionOf(Array.fromAsync(source.splits(state, run.ctx)));
    for (const job of emulator.jobs.all) job.release();

    const resumed = run.resumed();
    const splits = await Array.fromAsync(source.splits(state, resumed.ctx));
    const rows = await allRows({ source, plan: state, splits }, resumed.ctx);
    const left = await source.finish(state, 'committed', resumed.ctx);

    expect(missingItems(rows, 50)).toEqual([]);
    expect(emulator.requests.matching({ method: 'POST', path: JOBS })).toHaveLength(1);
    expect(left).toEqual([]);
    expect(emulator.jobs.all).toEqual([]);
  });

  it('is aborted and deleted when its own time is up', async () => {
    await using emulated = await emulatedOrg({ items: 5, emulator: { jobs: { hold: true } } });
    const { emulator, org } = emulated;
    const run = testRun();
    const source = org.query(ITEMS, { queryTimeoutMs: 90_000 });
    const { state } = await source.plan(run.ctx);

    const error = await rejectionOf(Array.fromAsync(source.splits(state, run.ctx)));

    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', retryable: false });
    expect(emulator.requests.all.slice(-2).map(({ method }) => method)).toEqual(['PATCH', 'DELETE']);
    expect(emulator.jobs.all).toEqual([]);
    expect(await source.finish(state, 'abandoned', run.ctx)).toEqual([]);
  });

  it('that is complete is read however late a resumed run comes', async () => {
    await using emulated = await emulatedOrg({ items: 20 });
    const run = testRun();
    const { source, plan } = await startedQuery(emulated.org, run, ITEMS, { queryTimeoutMs: 2_000 });
    const later = run.resumed(3_600_000);

    const splits = await Array.fromAsync(source.splits(plan, later.ctx));

    expect(missingItems(await allRows({ source, plan, splits }, later.ctx), 20)).toEqual([]);
  });

  it('is aborted and deleted when the run is cancelled while it waits', async () => {
    await using emulated = await emulatedOrg({ items: 5, emulator: { jobs: { hold: true } } });
    const { emulator, org } = emulated;
    const run = testRun();
    const source = org.query(ITEMS);
    const { state } = await source.plan(run.ctx);
    const reason = new Error('enough');
    emulator.faults.add({
      match: { method: 'GET', path: JOB, nth: 3 },
      action: { before: () => run.abort(reason) as undefined },
    });

    const error = await rejectionOf(Array.fromAsync(source.splits(state, run.ctx)));
    const left = await source.finish(state, 'abandoned', run.resumed().ctx);

    expect(error).toBe(reason);
    expect(left).toEqual([]);
    expect(emulator.jobs.all).toEqual([]);
  });

  it('stays when it is to be kept, and is named', async () => {
    await using emulated = await emulatedOrg({ items: 5 });
    const run = testRun();
    const { source, plan } = await startedQuery(emulated.org, run, ITEMS, { keepJob: true });

    const left = await source.finish(plan, 'committed', run.ctx);

    const [job] = emulated.emulator.jobs.all;
    expect(left).toEqual([
      expect.objectContaining({ kind: 'query job', id: job?.id, handle: expect.objectContaining({ job: job?.id }) }),
    ]);
  });

  it('that cannot be deleted is named with what to do', async () => {
    await using emulated = await emulatedOrg({ items: 5 });
    const run = testRun();
    const { source, plan } = await startedQuery(emulated.org, run);
    emulated.emulator.faults.add({
      match: { method: 'DELETE' },
      action: { before: () => jsonReply([{ errorCode: 'INSUFFICIENT_ACCESS', message: 'no' }], { status: 403 }) },
    });

    const left = await source.finish(plan, 'committed', run.ctx);

    expect(left).toEqual([
      expect.objectContaining({
        kind: 'query job',
        id: emulated.emulator.jobs.all[0]?.id,
        reason: expect.stringContaining('INSUFFICIENT_ACCESS'),
        hint: expect.stringContaining('Bulk Data Load Jobs'),
      }),
    ]);
  });

  it('is cleaned up as often as is asked for', async () => {
    await using emulated = await emulatedOrg({ items: 5 });
    const run = testRun();
    const { source, plan } = await startedQuery(emulated.org, run);

    for (let n = 0; n < 3; n += 1) expect(await source.finish(plan, 'committed', run.ctx)).toEqual([]);
  });

  it('that was never created leaves nothing to clean up', async () => {
    await using emulated = await emulatedOrg({ items: 5 });
    const run = testRun();
    const source = emulated.org.query(ITEMS);
    const { state } = await source.plan(run.ctx);

    expect(await source.finish(state, 'abandoned', run.ctx)).toEqual([]);
  });
});
