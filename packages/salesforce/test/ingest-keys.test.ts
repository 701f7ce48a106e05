import { Float64, type RecordBatch } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { ingestEncoder } from '../src/ingest-rows/encode/ingest-encoder.ts';
import type { IngestRequest } from '../src/ingest-rows/ingest-plan.ts';
import { batchOf, orderPlan, text } from './ingest-rows.ts';

const upsert = { operation: 'upsert', externalId: 'Ext__c' } as const;

/** What of a part is uploaded, line by line in its order, and rows rejected with their messages. */
async function upload(batches: readonly RecordBatch[], request: Partial<IngestRequest>) {
  const { schema } = batches[0]!;
  const encoder = ingestEncoder(await orderPlan(schema, request), schema);
  const bytes: Buffer[] = [];
  const rejects = batches.flatMap((batch) => {
    const { encoded, rejects: refused } = encoder.encode(batch);
    bytes.push(...encoded.map((rows) => Buffer.from(rows.bytes)));
    return refused.map(({ row, code, message }) => [row, code, message] as const);
  });
  const whole = Buffer.concat(bytes);
  const arranged = encoder.arrangement(0);
  const ranges = arranged?.ranges ?? [{ fromByte: 0, toByte: whole.length }];
  const sent = ranges.map(({ fromByte, toByte }) => whole.subarray(fromByte, toByte).toString()).join('');
  return { lines: sent.split('\n').slice(0, -1), rejects, rows: arranged?.rows, facts: encoder.facts };
}

function keyed(...keys: readonly (string | null)[]): RecordBatch {
  return batchOf({ Ext__c: text(...keys), Name: text(...keys.map((_, index) => `n${index}`)) });
}

describe('rows with the same key', () => {
  it('are rejected but for the first of the part, over all its batches', async () => {
    const { lines, rejects } = await upload([keyed('a', 'b', 'A '), keyed('b', 'c')], upsert);

    expect(lines).toEqual(['a,n0', 'b,n1', 'c,n1']);
    expect(rejects).toEqual([
      [2, 'KEY_DUPLICATE', 'Ext__c: expected a key that no earlier row of the job has'],
      [3, 'KEY_DUPLICATE', 'Ext__c: expected a key that no earlier row of the job has'],
    ]);
  });

  it('give way to the last, and are counted', async () => {
    const request = { ...upsert, duplicateKeys: 'lastWins' } as const;

    const { lines, rejects, rows, facts } = await upload([keyed('a', 'b', 'A'), keyed('b', 'c')], request);

    expect(lines).toEqual(['A,n2', 'b,n0', 'c,n1']);
    expect(rejects).toEqual([]);
    expect(rows).toBe(3);
    expect(facts.supersededRows).toBe(2);
  });

  it('are all sent when asked', async () => {
    const { lines } = await upload([keyed('a', 'a')], { ...upsert, duplicateKeys: 'send' });

    expect(lines).toEqual(['a,n0', 'a,n1']);
  });

  it('follow in another job where the parent of one is null and that of an earlier one is not', async () => {
    const batch = batchOf({
      Ext__c: text('a', 'b', 'a', 'A', 'b'),
      'Account__r.Ext__c': text('p', 'p', null, 'p', 'p'),
    });

    const { lines, rejects } = await upload([batch], { ...upsert, duplicateKeys: 'send' });

    expect(lines).toEqual(['a,p', 'b,p', 'b,p']);
    const message = 'Ext__c: expected the same parents, null or not, as an earlier row of the job with its key has';
    expect(rejects).toEqual([
      [2, 'KEY_POSTPONED', message],
      [3, 'KEY_POSTPONED', message],
    ]);
  });

  it('do not count where the first was rejected for another reason', async () => {
    const batch = batchOf({ Ext__c: text('a', 'a'), Name: text('#N/A', 'x') });

    expect((await upload([batch], upsert)).lines).toEqual(['a,x']);
  });

  it('RW-23: tell upper from lower case where the field does', async () => {
    const batch = batchOf({ Case__c: text('a', 'A', 'a') });

    const { rejects } = await upload([batch], { operation: 'upsert', externalId: 'Case__c' });

    expect(rejects.map(([row]) => row)).toEqual([2]);
  });

  it('are compared as ids of 18 characters, and numbers by what they are worth', async () => {
    const ids = batchOf({
      Id: text('a00000000000001', 'a00000000000001AAA', 'A00000000000001'),
      Name: text('1', '2', '3'),
    });
    const numbers = batchOf({ Number__c: [new Float64(), [5, 5.0, 6]] });

    expect((await upload([ids], { operation: 'update' })).rejects.map(([row]) => row)).toEqual([1]);
    expect((await upload([ids.select(['Id'])], { operation: 'delete' })).rejects.map(([row]) => row)).toEqual([1]);
    expect(
      (await upload([numbers], { operation: 'upsert', externalId: 'Number__c' })).rejects.map(([row]) => row),
    ).toEqual([1]);
  });
});

describe('rows grouped by a parent', () => {
  it('are sent one after another, groups by their first row', async () => {
    const batch = (...parents: readonly (string | null)[]) =>
      batchOf({ Name: text(...parents.map((_, index) => `n${index}`)), 'Account__r.Ext__c': text(...parents) });
    const request = { groupBy: 'Account__r.Ext__c', ignoreNullValues: true };

    const { lines, rows } = await upload([batch('A', 'B', null, 'A'), batch('B', null, 'C')], request);

    expect(lines).toEqual(['n0,A', 'n3,A', 'n1,B', 'n0,B', 'n2,', 'n1,', 'n2,C']);
    expect(rows).toBe(7);
  });
});

it('sends of each key what a map would hold, however rows are batched', async () => {
  const key = fc.constantFrom('a', 'A', 'b', 'ß', 'SS', 'İ', 'c ');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(key, { minLength: 1 }), { minLength: 1 }), async (parts) => {
      const batches = parts.map((keys) => keyed(...keys));
      const lines = parts.flatMap((keys) => keys.map((name, index) => `${name},n${index}`));
      const folded = lines.map((line) => line.slice(0, line.lastIndexOf(',')).trim().toLowerCase());
      const firsts = lines.filter((_, index) => folded.indexOf(folded[index]!) === index);
      const lasts = lines.filter((_, index) => folded.lastIndexOf(folded[index]!) === index);

      expect((await upload(batches, upsert)).lines).toEqual(firsts);
      expect((await upload(batches, { ...upsert, duplicateKeys: 'lastWins' })).lines).toEqual(lasts);
    }),
    { seed: inject('seed'), numRuns: 60 },
  );
});
