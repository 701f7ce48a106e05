import { describe, expect, it } from 'vitest';

import { ingestOrg, items, load, numbersIn, unfinishedJobs } from './ingest-org.ts';

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
});
