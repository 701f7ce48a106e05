import { withBody, type FaultAction } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import { ingestOrg, items, load, loadColumns, numbersIn, unfinishedJobs } from './ingest-org.ts';
import { rejectionOf } from './thrown.ts';

const CREATE = { method: 'POST', path: /\/jobs\/ingest$/ } as const;
const UPLOAD = { method: 'PUT', path: /\/batches$/ } as const;
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

describe('the jobs of a load', () => {
  it('have so many rows at most, and are named unusual when they are small', async () => {
    await using target = await ingestOrg();

    const receipt = await load(target, { rows: items(250), ingest: { writeBatchSize: 100 } });

    expect(target.emulator.ingestJobs.all.map(({ processedRows }) => processedRows)).toEqual([100, 100, 50]);
    expect(receipt.notes).toContainEqual(expect.objectContaining({ code: 'WRITE_BATCH_SIZE_UNUSUAL' }));
    expect(numbersIn(target)).toEqual(range(250));
  });

  it('have so many bytes at most, in whole rows, multi-byte text counted as what it takes', async () => {
    await using target = await ingestOrg({ emulator: { ingest: { uploadBase64Bytes: 27_000 } } });
    const rows = items(600, (n) => ({ Text__c: '🚀'.repeat(20 + (n % 7)) }));

    const receipt = await load(target, { rows, batchRows: 37, ingest: { maxUploadBytes: 20_000 } });

    expect(receipt.writtenRows).toBe(600);
    expect(numbersIn(target)).toEqual(range(600));
    expect(target.emulator.ingestJobs.all.length).toBeGreaterThan(3);
    expect(target.emulator.ingestJobs.all.length).toBeLessThan(10);
  });

  it('are several for a part when a single batch has more bytes than an upload may', async () => {
    await using target = await ingestOrg({ emulator: { ingest: { uploadBase64Bytes: 270_000 } } });
    const rows = items(2000, (n) => ({ Text__c: `${n} ${'x'.repeat(700)}` }));
    const ingest = { maxUploadBytes: 200_000, operation: 'upsert', externalId: 'Key__c' } as const;

    const receipt = await load(target, { rows, batchRows: 2000, batchBytes: 100_000_000, ingest });

    expect(receipt).toMatchObject({ writtenRows: 2000, rejectedRows: 0 });
    expect(numbersIn(target)).toEqual(range(2000));
    expect(target.emulator.ingestJobs.all.length).toBeGreaterThan(7);
  });

  it('have one header each: rows without a parent go into another job of the part', async () => {
    await using target = await ingestOrg();
    const colours = ['red', 'green', null] as const;
    const rows = items(300, (n) => ({ box: colours[n % 3]! }));

    const receipt = await load(target, { rows });

    expect(receipt).toMatchObject({ writtenRows: 300, rejectedRows: 0 });
    expect(target.emulator.ingestJobs.all.map(({ processedRows }) => processedRows)).toEqual([200, 100]);
    const found = target.rows('SELECT Number__c, Box__r.Code__c FROM Item__c');
    expect(found.every(([n, code]) => code === colours[Number(n) % 3])).toBe(true);
    // The second upload waits for the first to end, and its length is known.
    const uploads = target.emulator.requests.matching(UPLOAD).map(({ headers }) => headers['content-length']);
    expect(uploads).toEqual([undefined, expect.stringMatching(/^\d+$/)]);
  });

  it('RW-27: are uploaded with their length once a proxy has asked for it', async () => {
    await using target = await ingestOrg({ emulator: { ingest: { requireLength: true } } });

    const receipt = await load(target, { rows: items(300), ingest: { writeBatchSize: 100 } });

    expect(receipt.writtenRows).toBe(300);
    expect(numbersIn(target)).toEqual(range(300));
    expect(target.emulator.requests.matching(UPLOAD).map(({ status }) => status)).toEqual([411, 201, 201, 201]);
    expect(unfinishedJobs(target)).toEqual([]);
  });

  it('send the last of the rows with one key, where the last is to win', async () => {
    await using target = await ingestOrg();
    const rows = items(60, (n) => ({ Key__c: `key-${n % 20}`, Text__c: `version ${n}` }));
    const ingest = { operation: 'upsert', externalId: 'Key__c', duplicateKeys: 'lastWins' } as const;

    const receipt = await load(target, { rows, ingest });

    expect(numbersIn(target)).toEqual(range(60).slice(40));
    expect(receipt).toMatchObject({ readRows: 60, rejectedRows: 0 });
    expect(receipt.notes).toContainEqual(expect.objectContaining({ code: 'ROWS_SUPERSEDED' }));
  });

  it('send rows of one parent together, where they are grouped', async () => {
    await using target = await ingestOrg();
    const colours = ['red', 'green', 'blue'] as const;
    const rows = items(90, (n) => ({ box: colours[n % 3]! }));

    const receipt = await load(target, { rows, ingest: { groupBy: 'Box__r.Code__c' } });

    expect(receipt).toMatchObject({ writtenRows: 90, rejectedRows: 0 });
    // Records get their ids in the order they are saved.
    const saved = target.rows('SELECT Box__r.Code__c FROM Item__c ORDER BY Id').map(([code]) => code);
    expect(saved.filter((code, n) => n > 0 && code !== saved[n - 1])).toHaveLength(2);
  });

  it('stay in the org, or are deleted once their results are in', async () => {
    await using target = await ingestOrg();

    await load(target, { rows: items(10) });
    expect(target.emulator.ingestJobs.all).toHaveLength(1);
    await load(target, { rows: items(10, (n) => ({ Key__c: `other-${n}` })), ingest: { deleteJobs: true } });

    expect(target.emulator.ingestJobs.all).toHaveLength(1);
  });

  it('are one after another where rows with one key must take effect in their order', async () => {
    await using target = await ingestOrg();
    let active = 0;
    let most = 0;
    target.emulator.faults.add({
      match: CREATE,
      action: { after: (reply) => ((most = Math.max(most, (active += 1))), reply) },
    });
    target.emulator.faults.add({
      match: { path: /\/successfulResults/ },
      action: { after: (reply) => ((active -= 1), reply) },
    });
    const rows = items(400, (n) => ({ Key__c: `key-${n % 50}`, Text__c: `version ${n}` }));

    await load(target, { rows, ingest: { operation: 'upsert', externalId: 'Key__c', writeBatchSize: 50 } });

    expect(most).toBe(1);
    expect(numbersIn(target)).toEqual(range(400).slice(350));
  });

  it.each([
    ['update', 'changed'],
    ['delete', 'gone'],
    ['hardDelete', 'gone'],
  ] as const)('%s records by their ids', async (operation, what) => {
    await using target = await ingestOrg({ emulator: { ingest: { hardDelete: true } } });
    await load(target, { rows: items(30) });
    const ids = target.rows('SELECT Id FROM Item__c ORDER BY Number__c').map(([id]) => String(id));

    const receipt = await loadColumns(
      target,
      { Id: ids, ...(operation === 'update' ? { Text__c: ids.map(() => 'changed') } : {}) },
      { operation },
    );

    expect(receipt).toMatchObject({ writtenRows: 30, rejectedRows: 0 });
    const texts = target.rows('SELECT Text__c FROM Item__c').map(([text]) => text);
    expect(texts).toEqual(what === 'gone' ? [] : Array.from({ length: 30 }, () => 'changed'));
  });

  it('run the assignment rule that is named', async () => {
    await using target = await ingestOrg();
    await load(target, { rows: items(3), ingest: { assignmentRuleId: '01Q000000000001' } });

    expect(target.emulator.ingestJobs.all.map(({ request }) => request.assignmentRuleId)).toEqual(['01Q000000000001']);
  });
});

describe('an upload that the org finds too large', () => {
  it('ends the run with its reason, and leaves no job unfinished', async () => {
    await using target = await ingestOrg({ emulator: { ingest: { uploadBase64Bytes: 27_000 } } });
    const rows = items(2000, (n) => ({ Text__c: `${n} ${'x'.repeat(700)}` }));

    const error = await rejectionOf(load(target, { rows }));

    expect(error).toMatchObject({ code: 'REMOTE_REFUSED', message: expect.stringContaining('413') });
    expect(unfinishedJobs(target)).toEqual([]);
  });
});

describe('the result sets of a job', () => {
  it('are read on where the org names a next page', async () => {
    await using target = await ingestOrg();
    target.emulator.faults.add({ match: { path: /\/successfulResults/ }, action: paged() });

    const receipt = await load(target, { rows: items(200) });

    expect(receipt).toMatchObject({ writtenRows: 200, rejectedRows: 0 });
    expect(receipt.notes.map(({ code }) => code)).not.toContain('INGEST_RESULTS_UNBALANCED');
    expect(target.emulator.requests.matching({ path: /successfulResults.*locator=second/ })).toHaveLength(1);
  });
});

/** Half of the rows, then the other half, each below a header row. */
function paged(): FaultAction {
  return {
    async after(reply, { request }) {
      const text = Buffer.concat(await Array.fromAsync(reply.body ?? [])).toString('utf8');
      const end = text.indexOf('\n') + 1;
      const middle = text.indexOf('\n"a', text.length / 2) + 1;
      const half = request.query.get('locator') === 'second' ? text.slice(middle) : text.slice(end, middle);
      const headers = request.query.has('locator') ? {} : { 'Sforce-Locator': 'second' };
      return {
        ...withBody(reply, [Buffer.from(text.slice(0, end) + half)]),
        headers: { ...reply.headers, ...headers },
      };
    },
  };
}
