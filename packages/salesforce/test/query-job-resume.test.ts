import { createOrg, startEmulator } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import type { QueryHandle } from '../src/index.ts';
import { allRows, deliveriesOf, emulatedOrg, ITEMS, missingItems, startedQuery } from './emulated-org.ts';
import { testRun } from './run-context.ts';
import { rejectionOf } from './thrown.ts';

describe('a resumed run', () => {
  it('reads its job with the version it was created with', async () => {
    await using emulated = await emulatedOrg({ items: 40, emulator: { results: { pageRows: 15 } } });
    const run = testRun();
    const { plan, splits } = await startedQuery(emulated.org, run);

    const upgraded = emulated.connect({ apiVersion: '66.0' }).query(ITEMS);
    const resumed = run.resumed();
    const rest = await Array.fromAsync(upgraded.splits(plan, resumed.ctx, splits[0]));
    const rows = await allRows({ source: upgraded, plan, splits: [splits[0]!, ...rest] }, resumed.ctx);

    expect(missingItems(rows, 40)).toEqual([]);
    expect(await upgraded.finish(plan, 'committed', resumed.ctx)).toEqual([]);
    expect(emulated.emulator.jobs.all).toEqual([]);
  });

  it('is refused in another org, before it reads or creates anything', async () => {
    await using emulated = await emulatedOrg({ items: 40 });
    using otherRecords = createOrg({ organization: { id: '00DHs00000ZZZZZMAM' } });
    await using other = await startEmulator({
      org: otherRecords,
      clientId: emulated.emulator.clientId,
      clientSecret: emulated.emulator.clientSecret,
    });
    const run = testRun();
    const { plan, splits } = await startedQuery(emulated.org, run);
    const elsewhere = emulated.connect({ environmentUrl: other.url }).query(ITEMS);
    const resumed = run.resumed();

    const errors = [
      await rejectionOf(Array.fromAsync(elsewhere.splits(plan, resumed.ctx))),
      await rejectionOf(deliveriesOf(elsewhere, plan, splits[0]!, resumed.ctx)),
    ];
    const left = await elsewhere.finish(plan, 'abandoned', resumed.ctx);

    for (const error of errors) expect(error).toMatchObject({ code: 'RUN_MISMATCH' });
    expect(left).toEqual([expect.objectContaining({ kind: 'query job', reason: expect.stringContaining('org') })]);
    expect(other.requests.all.every(({ path }) => !path.includes('/jobs/'))).toBe(true);
  });

  it('is refused with a plan, a split or a position it cannot read', async () => {
    await using emulated = await emulatedOrg({ items: 5 });
    const run = testRun();
    const { source, plan, splits } = await startedQuery(emulated.org, run);
    const later = { v: 2 } as never;

    const errors = [
      await rejectionOf(Array.fromAsync(source.splits({ ...plan, ...(later as object) }, run.ctx))),
      await rejectionOf(deliveriesOf(source, plan, later, run.ctx)),
      await rejectionOf(deliveriesOf(source, plan, splits[0]!, run.ctx, later)),
    ];
    run.memo.set('query.job', { v: 2 });
    errors.push(await rejectionOf(Array.fromAsync(source.splits(plan, run.ctx))));

    for (const error of errors) expect(error).toMatchObject({ code: 'POSITION_UNSUPPORTED' });
  });
});

describe('a handle', () => {
  it('of another query, or of another org, is refused', async () => {
    await using emulated = await emulatedOrg({ items: 5 });
    const run = testRun();
    const { source, plan } = await startedQuery(emulated.org, run, ITEMS, { keepJob: true });
    const [left] = await source.finish(plan, 'committed', run.ctx);
    // The test before it says so.
    const handle = left?.handle as QueryHandle;

    const errors = [
      await rejectionOf(startedQuery(emulated.org, testRun(), 'SELECT Id FROM Item__c', { handle })),
      await rejectionOf(
        startedQuery(emulated.org, testRun(), ITEMS, { handle: { ...handle, orgId: '00DHs00000ZZZZZMAM' } }),
      ),
    ];

    for (const error of errors) expect(error).toMatchObject({ code: 'RUN_MISMATCH' });
    expect(() => emulated.org.query(ITEMS, { handle: { ...handle, job: '../../limits' } })).toThrow(/handle\.job/);
  });

  it('to a job that is to be removed has it removed', async () => {
    await using emulated = await emulatedOrg({ items: 5 });
    const run = testRun();
    const { source, plan } = await startedQuery(emulated.org, run, ITEMS, { keepJob: true });
    const [left] = await source.finish(plan, 'committed', run.ctx);
    const other = testRun();

    const attached = await startedQuery(emulated.org, other, ITEMS, {
      handle: left?.handle as QueryHandle,
      keepJob: false,
    });
    await attached.source.finish(attached.plan, 'committed', other.ctx);

    expect(emulated.emulator.jobs.all).toEqual([]);
  });
});
