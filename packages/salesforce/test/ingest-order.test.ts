import { lockRows, rowsWith } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import { ingestOrg, items, load } from './ingest-org.ts';
import { rejectionOf } from './thrown.ts';

const upsert = { operation: 'upsert', externalId: 'Key__c', duplicateKeys: 'send' } as const;
const FIRST = 10;
/** Not in the same 200 rows, of which an org would reject one. */
const SECOND = 250;
const LAST = 480;
const isTwin = (n: number): boolean => n === FIRST || n === SECOND || n === LAST;

describe('rows with one key that are all sent', () => {
  it('take effect in their order, whether their parents are null or not', async () => {
    await using target = await ingestOrg();
    const rows = items(500, (n) => ({ box: n === SECOND ? null : 'red', ...(isTwin(n) ? { Key__c: 'twin' } : {}) }));

    const { writtenRows, retriedRows } = await load(target, { rows, ingest: upsert });

    expect(target.rows("SELECT Number__c FROM Item__c WHERE Key__c = 'twin'")).toEqual([[LAST]]);
    // Both wait for the first, and then the last for the second.
    expect({ writtenRows, retriedRows }).toEqual({ writtenRows: 500, retriedRows: 3 });
  });

  it('are not overtaken by one that was locked', async () => {
    await using target = await ingestOrg();
    const lock = lockRows(rowsWith('Number__c', [String(FIRST)]));
    target.emulator.faults.add({ match: { method: 'POST', path: /\/jobs\/ingest$/, nth: 1 }, action: lock });
    const rows = items(500, (n) => (isTwin(n) ? { Key__c: 'twin' } : {}));

    const error = await rejectionOf(load(target, { rows, ingest: upsert }));

    expect(error).toMatchObject({ code: 'ROWS_REJECTED', details: { rows: { writtenRows: 499, rejectedRows: 1 } } });
    expect(target.rows("SELECT Number__c FROM Item__c WHERE Key__c = 'twin'")).toEqual([[LAST]]);
  });
});

describe('rows of one part that take several uploads', () => {
  it.each(['reject', 'lastWins', 'send'] as const)(
    'are not overtaken by an earlier one with their key that was locked, with duplicateKeys: %s',
    async (duplicateKeys) => {
      await using target = await ingestOrg();
      const lock = lockRows(rowsWith('Number__c', ['0']));
      target.emulator.faults.add({ match: { method: 'POST', path: /\/jobs\/ingest$/, nth: 1 }, action: lock });
      const rows = items(20, (n) => (n === 15 ? { Key__c: 'key-0' } : {}));

      const error = await rejectionOf(
        load(target, { rows, ingest: { ...upsert, duplicateKeys, maxUploadBytes: 500 } }),
      );

      expect(error).toMatchObject({ code: 'ROWS_REJECTED', details: { rows: { writtenRows: 19, rejectedRows: 1 } } });
      expect(target.rows("SELECT Number__c FROM Item__c WHERE Key__c = 'key-0'")).toEqual([[15]]);
    },
  );

  it.each([400, 700])(
    'are not overtaken by one that waited for a parent to be null or not, in uploads of %i bytes',
    async (maxUploadBytes) => {
      await using target = await ingestOrg();
      const isTriplet = (n: number): boolean => n === 0 || n === 1 || n === 8;
      const rows = items(12, (n) => ({ box: n === 1 ? null : 'red', ...(isTriplet(n) ? { Key__c: 'twin' } : {}) }));

      const { writtenRows } = await load(target, { rows, ingest: { ...upsert, maxUploadBytes } });

      expect(writtenRows).toBe(12);
      expect(target.rows("SELECT Number__c FROM Item__c WHERE Key__c = 'twin'")).toEqual([[8]]);
    },
  );
});
