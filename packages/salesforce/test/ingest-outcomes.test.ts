import {
  afterRows,
  claimRecordsProcessed,
  failJob,
  failJobByLocks,
  failTrigger,
  lockRows,
  rejectRows,
  rowsWith,
  truncateAt,
  vanishJob,
  type FaultAction,
} from '@sluice/salesforce-emulator';
import { memorySink, MemoryTarget } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';

import { ingestOrg, items, load, numbersIn, unfinishedJobs } from './ingest-org.ts';
import { rejectionOf } from './thrown.ts';

const CREATE = { method: 'POST', path: /\/jobs\/ingest$/ } as const;
const UPLOAD = { method: 'PUT', path: /\/batches$/ } as const;
const CLOSE = { method: 'PATCH', path: /\/jobs\/ingest\/750\w+$/ } as const;
const POLL = { method: 'GET', path: /\/jobs\/ingest\/750\w+$/ } as const;

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, n) => n + from);
const numbered = (...numbers: readonly number[]) => rowsWith('Number__c', numbers.map(String));
const INVALID = { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Not this one', fields: ['Number__c'] };

describe('rows that an org rejects', () => {
  it('fail the run once all verdicts are in, and the others are written', async () => {
    await using target = await ingestOrg();
    target.emulator.faults.add({ match: CREATE, action: rejectRows(numbered(7, 8, 250), INVALID) });

    const error = await rejectionOf(load(target, { rows: items(300) }));

    expect(error).toMatchObject({
      code: 'ROWS_REJECTED',
      message: expect.stringContaining('3 × FIELD_CUSTOM_VALIDATION_EXCEPTION in Number__c: Not this one'),
    });
    expect(numbersIn(target)).toHaveLength(297);
  });

  it('are reported with their reasons, grouped and counted, and kept as dead letters', async () => {
    await using target = await ingestOrg();
    target.emulator.faults.add({ match: CREATE, action: rejectRows(numbered(7, 8, 250), INVALID) });
    const letters = new MemoryTarget();

    const receipt = await load(target, { rows: items(300), maxRejects: 10, rejected: memorySink(letters) });

    expect(receipt).toMatchObject({ writtenRows: 297, rejectedRows: 3 });
    expect(receipt.rejects).toEqual([
      expect.objectContaining({
        stage: 'commit',
        code: INVALID.statusCode,
        rows: 3,
        firstRow: 7,
        columns: ['Number__c'],
      }),
    ]);
    expect(letters.published).toEqual(
      [7, 8, 250].map((n) =>
        expect.objectContaining({
          Number__c: n,
          _stage: 'commit',
          _code: INVALID.statusCode,
          _message: INVALID.message,
        }),
      ),
    );
  });

  it('RW-24: by a failing trigger share one text, which is told once with its count', async () => {
    await using target = await ingestOrg();
    target.emulator.faults.add({
      match: CREATE,
      action: failTrigger(numbered(7), 'Box_Trigger: too many SOQL queries'),
    });

    const receipt = await load(target, { rows: items(500), maxRejects: Infinity });

    expect(receipt.rejects).toEqual([
      expect.objectContaining({ code: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', rows: 200 }),
    ]);
    expect(numbersIn(target)).toEqual(range(200, 500));
  });
});

describe('rows that are locked', () => {
  it('are sent again, alone, until the org takes them', async () => {
    await using target = await ingestOrg();
    target.emulator.faults.add({ match: CREATE, action: lockRows(numbered(3, 4, 120), { attempts: 2 }) });

    const receipt = await load(target, { rows: items(200) });

    expect(receipt).toMatchObject({ readRows: 200, writtenRows: 200, rejectedRows: 0 });
    expect(numbersIn(target)).toEqual(range(0, 200));
    expect(target.emulator.ingestJobs.all.map(({ processedRows }) => processedRows)).toEqual([200, 3, 3]);
    expect(unfinishedJobs(target)).toEqual([]);
  });

  it('are rejected when they still are after so many attempts', async () => {
    await using target = await ingestOrg();
    target.emulator.faults.add({ match: CREATE, action: lockRows(numbered(3), { attempts: 100 }) });

    const receipt = await load(target, { rows: items(50), maxRejects: 1, rowAttempts: 3 });

    expect(receipt).toMatchObject({ writtenRows: 49, rejectedRows: 1 });
    expect(receipt.rejects).toEqual([expect.objectContaining({ code: 'UNABLE_TO_LOCK_ROW', rows: 1, firstRow: 3 })]);
    expect(target.emulator.ingestJobs.all).toHaveLength(3);
  });

  it('RW-25: are as good as those that an org under maintenance rejects', async () => {
    await using target = await ingestOrg();
    const statusCode = 'INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE';
    const rejection = { statusCode, message: 'Cannot insert, update, or delete during maintenance' };
    target.emulator.faults.add({ match: { ...CREATE, nth: 1 }, action: rejectRows(() => true, rejection) });

    const receipt = await load(target, { rows: items(50) });

    expect(receipt).toMatchObject({ writtenRows: 50, rejectedRows: 0, retriedRows: 50 });
    expect(numbersIn(target)).toEqual(range(0, 50));
  });

  it('never overtake a later row with their key', async () => {
    await using target = await ingestOrg();
    const rows = items(20, (n) => ({ Key__c: `key-${n % 10}`, Text__c: `version ${n}` }));
    target.emulator.faults.add({ match: { ...CREATE, nth: 1 }, action: lockRows(numbered(...range(0, 10))) });
    const ingest = { operation: 'upsert', externalId: 'Key__c', writeBatchSize: 10 } as const;

    const receipt = await load(target, { rows, ingest });

    expect(receipt).toMatchObject({ writtenRows: 20 });
    expect(numbersIn(target)).toEqual(range(10, 20));
  });
});

describe('rows that are written', () => {
  it('come with their ids, and whether they are new, where somebody asks for them', async () => {
    await using target = await ingestOrg();
    const ingest = { operation: 'upsert', externalId: 'Key__c' } as const;
    await load(target, { rows: items(10), ingest });
    const ids = new MemoryTarget();

    await load(target, { rows: items(15), ingest, written: memorySink(ids) });

    const known = new Map(target.rows('SELECT Number__c, Id FROM Item__c').map(([n, id]) => [n, id]));
    expect(ids.published).toHaveLength(15);
    for (const { Number__c: n, _id: id, _created: created } of ids.published ?? []) {
      expect([id, created]).toEqual([known.get(Number(n)), Number(n) >= 10]);
    }
  });
});

describe('the ids of written rows', () => {
  it('are all there when their result set ends early as it is read for them', async () => {
    await using target = await ingestOrg();
    target.emulator.faults.add({ match: { path: /\/successfulResults/, nth: 2 }, action: truncateAt(afterRows(9)) });
    const ids = new MemoryTarget();

    const receipt = await load(target, { rows: items(30), written: memorySink(ids) });

    expect(receipt).toMatchObject({ writtenRows: 30 });
    expect(ids.published).toHaveLength(30);
  });
});

describe('a job that fails', () => {
  it.each<[string, FaultAction]>([
    ['for a reason that may pass', failJob('InternalServerError : Retried more than twenty times', { afterRows: 200 })],
    ['by locks', failJobByLocks({ afterRows: 200 })],
    ['by locks before its first row', failJobByLocks()],
  ])('%s has the rows it did not come to sent again', async (_, action) => {
    await using target = await ingestOrg();
    target.emulator.faults.add({ match: { ...CREATE, nth: 1 }, action });

    const receipt = await load(target, { rows: items(450) });

    expect(receipt).toMatchObject({ readRows: 450, writtenRows: 450, rejectedRows: 0 });
    expect(numbersIn(target)).toEqual(range(0, 450));
    expect(unfinishedJobs(target)).toEqual([]);
  });

  it('for a reason that will not pass has its rows rejected with it, and sends none again', async () => {
    await using target = await ingestOrg();
    target.emulator.faults.add({ match: CREATE, action: failJob('InvalidBatch : Field name not found : Nope__c') });

    const receipt = await load(target, { rows: items(30), maxRejects: Infinity });

    expect(receipt.rejects).toEqual([
      expect.objectContaining({
        code: 'JOB_FAILED',
        message: 'InvalidBatch : Field name not found : Nope__c',
        rows: 30,
      }),
    ]);
    expect(target.emulator.ingestJobs.all).toHaveLength(1);
  });
});

describe('a job that goes away', () => {
  it.each([
    ['as it is closed', CLOSE],
    ['while it is processed', POLL],
    ['while its results are read', { path: /\/successfulResults/ }],
  ])('%s leaves its rows in doubt, and no others', async (_, match) => {
    await using target = await ingestOrg();
    target.emulator.faults.add({ match: { ...match, nth: 1 }, action: vanishJob() });
    if (!('method' in match)) {
      // What is under way may still come to its end: the results are asked for once more.
      target.emulator.faults.add({ match: { ...match, nth: 1 }, action: truncateAt(afterRows(3)) });
    }

    const ingest = { writeBatchSize: 30, maxConcurrentConnections: 1 };
    const receipt = await load(target, { rows: items(90), ingest, maxInDoubt: 30 });

    expect(receipt).toMatchObject({ writtenRows: 60, inDoubtRows: 30, rejectedRows: 0 });
    expect(receipt.inDoubt).toEqual([{ split: 0, from: 0, to: 30 }]);
    expect(numbersIn(target).filter((n) => n >= 30)).toEqual(range(30, 90));
  });

  it('fails the run unless it is allowed to, with its rows named', async () => {
    await using target = await ingestOrg();
    target.emulator.faults.add({ match: { ...CLOSE, nth: 1 }, action: vanishJob() });

    const error = await rejectionOf(load(target, { rows: items(30) }));

    expect(error).toMatchObject({
      code: 'ROWS_IN_DOUBT',
      message: '30 rows are in doubt, and the run allows none: rows 0 to 29 of split 0',
      details: { rows: { readRows: 30, writtenRows: 0, inDoubtRows: 30 } },
    });
  });

  it('before it is closed has its rows sent again', async () => {
    await using target = await ingestOrg();
    target.emulator.faults.add({ match: { ...UPLOAD, nth: 1 }, action: vanishJob() });

    const receipt = await load(target, { rows: items(90) });

    expect(receipt).toMatchObject({ writtenRows: 90, rejectedRows: 0 });
    expect(numbersIn(target)).toEqual(range(0, 90));
  });
});

describe('result sets', () => {
  it('that are cut short wherever they are read leave in doubt what they do not tell, and say so', async () => {
    await using target = await ingestOrg();
    target.emulator.faults.add({ match: { path: /\/successfulResults/ }, action: truncateAt(afterRows(9)) });

    const receipt = await load(target, { rows: items(30), maxInDoubt: Infinity });

    expect(receipt).toMatchObject({ writtenRows: 0, rejectedRows: 0, inDoubtRows: 30 });
    expect(receipt.notes).toContainEqual(expect.objectContaining({ code: 'INGEST_RESULTS_UNBALANCED' }));
    expect(target.emulator.requests.matching({ path: /\/successfulResults/ })).toHaveLength(3);
  });
});

describe('the counts of a job', () => {
  it.each<[string, FaultAction]>([
    ['too many', claimRecordsProcessed((rows) => rows + 1)],
    ['too few', claimRecordsProcessed((rows) => Math.max(0, rows - 1))],
    ['nothing', claimRecordsProcessed(null)],
  ])('that say %s are outweighed by its result rows', async (_, action) => {
    await using target = await ingestOrg();
    target.emulator.faults.add({ match: POLL, action });

    const receipt = await load(target, { rows: items(90) });

    expect(receipt).toMatchObject({ writtenRows: 90, rejectedRows: 0, inDoubtRows: 0 });
  });
});
