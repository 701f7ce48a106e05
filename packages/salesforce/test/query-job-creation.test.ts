import { ConnectionCut, jsonReply } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import { allRows, emulatedOrg, ITEMS, missingItems, startedQuery } from './emulated-org.ts';
import { testRun } from './run-context.ts';
import { rejectionOf } from './thrown.ts';

const JOBS = /\/jobs\/query$/;

describe('the creation of a query job', () => {
  it('whose answer is lost is repeated, and the orphan named', async () => {
    await using emulated = await emulatedOrg({ items: 20 });
    const { emulator, org } = emulated;
    emulator.faults.add({
      match: { method: 'POST', path: JOBS, nth: 1 },
      action: {
        after: () => {
          throw new ConnectionCut();
        },
      },
    });
    const run = testRun();

    const started = await startedQuery(org, run);
    const rows = await allRows(started, run.ctx);
    const left = await started.source.finish(started.plan, 'committed', run.ctx);

    expect(missingItems(rows, 20)).toEqual([]);
    expect(run.notes.map(({ code }) => code)).toEqual(['QUERY_JOB_UNACKNOWLEDGED']);
    expect(left).toEqual([
      expect.objectContaining({ kind: 'query job, id unknown', id: expect.stringMatching(/^Item__c at 20\d\d-/) }),
    ]);
    // The orphan is nobody's to touch.
    expect(emulator.jobs.all).toHaveLength(1);
  });

  it('that never reached the org, or that the org refused, leaves no orphan', async () => {
    await using emulated = await emulatedOrg({ items: 5 });
    emulated.emulator.faults.add({
      match: { method: 'POST', path: JOBS, nth: 1, times: 2 },
      action: { before: () => jsonReply([{ errorCode: 'SERVER_UNAVAILABLE', message: 'busy' }], { status: 503 }) },
    });
    const run = testRun();

    const { source, plan } = await startedQuery(emulated.org, run);

    expect(run.retried).toEqual(['create query job', 'create query job']);
    expect(run.notes).toEqual([]);
    expect(await source.finish(plan, 'committed', run.ctx)).toEqual([]);
  });

  it('cut off by a crash is named by the run that goes on', async () => {
    await using emulated = await emulatedOrg({ items: 5 });
    const { emulator, org } = emulated;
    const run = testRun();
    const source = org.query(ITEMS);
    const { state } = await source.plan(run.ctx);
    emulator.faults.add({
      match: { method: 'POST', path: JOBS, nth: 1 },
      action: {
        after: (reply) => {
          run.abort(new Error('crash'));
          return reply;
        },
      },
    });
    await rejectionOf(Array.fromAsync(source.splits(state, run.ctx)));
    const abandoned = await source.finish(state, 'abandoned', run.resumed().ctx);

    const resumed = run.resumed();
    await Array.fromAsync(source.splits(state, resumed.ctx));
    const left = await source.finish(state, 'committed', resumed.ctx);

    expect(abandoned).toHaveLength(1);
    expect(left).toEqual([expect.objectContaining({ kind: 'query job, id unknown' })]);
  });

  it('answered just before a crash leaves no orphan', async () => {
    await using emulated = await emulatedOrg({ items: 5 });
    const run = testRun();
    const { source, plan } = await startedQuery(emulated.org, run);
    run.memo.set('query.creating', { object: 'Item__c', atMs: 0 });

    expect(await source.finish(plan, 'abandoned', run.resumed().ctx)).toEqual([]);
  });

  it('refused by the org says what the org said', async () => {
    await using emulated = await emulatedOrg({ items: 5, emulator: { quotas: { DailyBulkV2QueryJobs: 0 } } });
    const run = testRun();
    const source = emulated.org.query(ITEMS);
    const { state, notes } = await source.plan(run.ctx);

    const error = await rejectionOf(Array.fromAsync(source.splits(state, run.ctx)));

    expect(notes.map(({ code }) => code)).toEqual(['QUERY_JOBS_USED_UP']);
    expect(error).toMatchObject({ code: 'QUOTA_EXCEEDED', message: expect.stringContaining('Max bulk v2 query jobs') });
    expect(run.memo.get('query.creating')).toBeNull();
  });
});
