import { copy, fromBatches, type Receipt, secret } from '@sluice/core';
import { createOrg, startEmulator } from '@sluice/salesforce-emulator';
import { Field, makeData, RecordBatch, Schema, Struct, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { salesforce } from '../src/index.ts';
import { rejectionOf } from './thrown.ts';

const LOOKUPS = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];

/** Rows whose lookups are null where the bits of their numbers are set; whole jobs, since nobody asks in between. */
async function loadRows(
  numbers: readonly number[],
  ignoreNullValues = false,
): Promise<{ readonly outcome: Promise<Receipt>; readonly jobRows: () => readonly number[] } & AsyncDisposable> {
  const references = LOOKUPS.map((name) => {
    const field = { type: 'reference' as const, referenceTo: ['Box__c'], relationshipName: `${name}__r` };
    return [`${name}__c`, field] as const;
  });
  const records = createOrg({
    objects: {
      Box__c: { fields: { Code__c: { type: 'string', length: 20, externalId: true, unique: true } } },
      Item__c: { fields: Object.fromEntries(references) },
    },
    rows: { Box__c: [{ Code__c: 'red' }] },
  });
  const emulator = await startEmulator({ org: records });
  const org = salesforce({
    environmentUrl: emulator.url,
    clientId: emulator.clientId,
    clientSecret: secret.value(emulator.clientSecret),
    apiVersion: '64.0',
    proxy: false,
  });
  const schema = new Schema(LOOKUPS.map((name) => new Field(`${name}__r.Code__c`, new Utf8(), true)));
  const children = LOOKUPS.map((_name, bit) => {
    const values = numbers.map((number) => ((number >> bit) % 2 === 1 ? null : 'red'));
    return vectorFromArray(values, new Utf8()).data[0]!;
  });
  const batch = new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: numbers.length, children }),
  );
  const outcome = copy({
    from: fromBatches(schema, [batch]),
    to: org.ingest({ object: 'Item__c', ignoreNullValues, poll: { firstMs: 1, startMs: 1, maxMs: 5 } }),
  });
  return {
    outcome,
    jobRows: () => emulator.ingestJobs.all.map(({ processedRows }) => processedRows),
    async [Symbol.asyncDispose]() {
      await org[Symbol.asyncDispose]();
      await emulator[Symbol.asyncDispose]();
      records[Symbol.dispose]();
    },
  };
}

describe('rows whose lookups are null in many combinations', () => {
  it('go into a job for each combination, however the rows are mixed', async () => {
    await using load = await loadRows([0, 5, 2, 0, 5, 0, 2, 5, 5]);

    expect(await load.outcome).toMatchObject({ writtenRows: 9, rejectedRows: 0 });
    expect(load.jobRows()).toEqual([3, 4, 2]);
  });

  it('are refused beyond 64 of them in a part, with none of the part written', async () => {
    await using load = await loadRows(Array.from({ length: 65 }, (_, n) => n));

    expect(await rejectionOf(load.outcome)).toMatchObject({
      code: 'QUOTA_EXCEEDED',
      message: expect.stringContaining('more than 64 combinations of A__r.Code__c, B__r.Code__c'),
      hint: expect.stringContaining('ignoreNullValues'),
    });
    expect(load.jobRows()).toEqual([0]);
  });

  it('need no more than one job where a null clears nothing', async () => {
    await using load = await loadRows(
      Array.from({ length: 128 }, (_, n) => n),
      true,
    );

    expect(await load.outcome).toMatchObject({ writtenRows: 128, rejectedRows: 0 });
    expect(load.jobRows()).toEqual([128]);
  });
});
