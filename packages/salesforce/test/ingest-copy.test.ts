import { copy } from '@sluice/core';
import { describe, expect, it } from 'vitest';

import { ingestOrg, items, load, numbersIn, unfinishedJobs } from './ingest-org.ts';

const POLL = { firstMs: 1, startMs: 1, maxMs: 5 };
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

describe('a copy into an org', () => {
  it('inserts every row once', async () => {
    await using target = await ingestOrg();

    const receipt = await load(target, { rows: items(300) });

    expect(receipt).toMatchObject({ readRows: 300, writtenRows: 300, rejectedRows: 0 });
    expect(numbersIn(target)).toEqual(range(300));
    expect(target.rows("SELECT Text__c FROM Item__c WHERE Key__c = 'key-7'")).toEqual([
      ['Größe "7",\nzweite Zeile 🚀'],
    ]);
    expect(target.emulator.ingestJobs.all.map(({ state }) => state)).toEqual(['JobComplete']);
  });

  it('upserts by an external id: what is there is changed, the rest created', async () => {
    await using target = await ingestOrg();
    const ingest = { operation: 'upsert', externalId: 'Key__c' } as const;
    await load(target, { rows: items(100), ingest });

    const rows = items(150, (n) => ({ Text__c: `changed ${n}` }));
    const receipt = await load(target, { rows, ingest });

    expect(receipt).toMatchObject({ writtenRows: 150, rejectedRows: 0 });
    expect(numbersIn(target)).toEqual(range(150));
    expect(target.rows('SELECT Text__c FROM Item__c').every(([text]) => String(text).startsWith('changed '))).toBe(
      true,
    );
    expect(unfinishedJobs(target)).toEqual([]);
  });

  it('copies within one org over a single connection for each direction', async () => {
    await using target = await ingestOrg({ org: { connections: 1 } });
    await load(target, { rows: items(240, (n) => ({ box: n % 2 === 0 ? 'red' : null })) });

    const receipt = await copy({
      from: target.org.query('SELECT Key__c, Number__c, Box__r.Code__c FROM Item__c', { poll: POLL }),
      to: target.org.ingest({
        object: 'Item__c',
        operation: 'upsert',
        externalId: 'Key__c',
        writeBatchSize: 50,
        poll: POLL,
      }),
      batchRows: 30,
    });

    expect(receipt).toMatchObject({ writtenRows: 240, rejectedRows: 0 });
    expect(numbersIn(target)).toEqual(range(240));
  });

  it('does nothing for an empty input', async () => {
    await using target = await ingestOrg();

    const receipt = await load(target, { rows: [] });

    expect(receipt).toMatchObject({ readRows: 0, writtenRows: 0 });
    expect(target.emulator.ingestJobs.all).toEqual([]);
  });
});
