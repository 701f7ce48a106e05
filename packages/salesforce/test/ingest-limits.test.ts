import { describe, expect, it } from 'vitest';

import { ingestOrg, items, load, numbersIn, unfinishedJobs } from './ingest-org.ts';
import { rejectionOf } from './thrown.ts';

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

describe('the bulk batches an org has left', () => {
  it('is refused ahead of everything where no bulk batch is left', async () => {
    await using target = await ingestOrg({ emulator: { quotas: { DailyBulkApiBatches: 0 } } });
    const error = await rejectionOf(load(target, { rows: items(2) }));

    expect(error).toMatchObject({
      code: 'QUOTA_EXCEEDED',
      message: expect.stringContaining('0 bulk batches left for 24 hours (DailyBulkApiBatches)'),
    });
    expect(target.emulator.ingestJobs.all).toEqual([]);
  });

  it('stop a run before it closes a job that they do not suffice for', async () => {
    await using target = await ingestOrg({ emulator: { quotas: { DailyBulkApiBatches: 1 } } });
    const ingest = { writeBatchSize: 10_500 };

    const error = await rejectionOf(load(target, { rows: items(10_400), batchRows: 5000, ingest }));

    expect(error).toMatchObject({
      code: 'QUOTA_EXCEEDED',
      retryable: false,
      message: expect.stringContaining('1 bulk batches left for 24 hours (DailyBulkApiBatches), and 2 are needed'),
    });
    expect(numbersIn(target)).toEqual([]);
    expect(unfinishedJobs(target)).toEqual([]);
  });

  it('are asked for again when what was left is used up', async () => {
    await using target = await ingestOrg({ emulator: { quotas: { DailyBulkApiBatches: 6 } } });
    const ingest = { writeBatchSize: 10, maxConcurrentConnections: 1 };

    const error = await rejectionOf(load(target, { rows: items(100), batchRows: 10, ingest }));

    expect(error).toMatchObject({ code: 'QUOTA_EXCEEDED' });
    expect(numbersIn(target)).toEqual(range(60));
    expect(unfinishedJobs(target)).toEqual([]);
  });

  it('RW-04: are not known to a user who may not see limits, and the run goes on', async () => {
    await using target = await ingestOrg({ emulator: { viewSetup: false } });

    const receipt = await load(target, { rows: items(30), ingest: { writeBatchSize: 10 } });

    expect(receipt.writtenRows).toBe(30);
    expect(receipt.notes.filter(({ code }) => code === 'LIMITS_HIDDEN')).toHaveLength(1);
    expect(target.emulator.requests.matching({ path: '/limits' })).toHaveLength(1);
  });
});

describe('the requests of a load', () => {
  it.each([1, 2, 3])('are at most %i at once, and so are its jobs', async (most) => {
    await using target = await ingestOrg();
    let requests = 0;
    let mostRequests = 0;
    let mostJobs = 0;
    const colours = ['red', null, 'blue'] as const;
    target.emulator.faults.add({
      match: { path: /\/jobs\/ingest/ },
      action: {
        before() {
          mostRequests = Math.max(mostRequests, (requests += 1));
          const active = target.emulator.ingestJobs.all.filter(
            ({ state }) => state === 'UploadComplete' || state === 'InProgress',
          );
          mostJobs = Math.max(mostJobs, active.length);
          return undefined;
        },
        after: (reply) => ((requests -= 1), reply),
      },
    });
    const rows = items(300, (n) => ({ box: colours[n % 3]! }));

    const receipt = await load(target, { rows, ingest: { maxConcurrentConnections: most, writeBatchSize: 20 } });

    expect(receipt.writtenRows).toBe(300);
    expect(mostRequests).toBeLessThanOrEqual(most);
    expect(mostJobs).toBeLessThanOrEqual(most);
    expect(mostRequests).toBe(most);
  });

  it('are four a job, besides those that ask whether it is over, where every row is written', async () => {
    await using target = await ingestOrg();

    const receipt = await load(target, { rows: items(400), ingest: { writeBatchSize: 100 } });

    const { requests, ingestJobs } = target.emulator;
    const polls = requests.matching({ method: 'GET', path: /\/jobs\/ingest\/750\w+$/ }).length;
    expect(ingestJobs.all).toHaveLength(4);
    expect(requests.matching({ path: /\/jobs\/ingest/ })).toHaveLength(4 * 4 + polls);
    // The login is none, and the rest is asked once a run.
    expect(receipt.apiCalls).toEqual({ [Object.keys(receipt.apiCalls)[0]!]: 4 * 4 + polls + 5 });
  });
});
