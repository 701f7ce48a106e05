import { Dictionary, Int32, Utf8 } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { ingestEncoder } from '../src/ingest-rows/encode/ingest-encoder.ts';
import type { RowOptions } from '../src/ingest-rows/ingest-plan.ts';
import { batchOf, orderPlan, text } from './ingest-rows.ts';

async function encode(picklists: NonNullable<RowOptions['picklists']>) {
  const batch = batchOf({
    Stage__c: [new Dictionary(new Utf8(), new Int32()), ['open', 'Open', ' won ', 'closed', null, 'new']],
    Tags__c: text('red', 'red;blue', 'blue;red;', '', 'red;pink', 'pink'),
  });
  const encoder = ingestEncoder(await orderPlan(batch.schema, { picklists }), batch.schema);
  const { encoded, rejects } = encoder.encode(batch);
  return {
    sent: encoded[0]?.rows,
    unlisted: encoder.facts.unlistedPicklistValues,
    rejects: rejects.map(({ row, columns, message }) => [row, columns, message]),
  };
}

describe('RW-10: values that a picklist does not have', () => {
  const listed = 'expected a value of the picklist';

  it('are sent, for an unrestricted picklist stores them', async () => {
    expect(await encode('ignore')).toEqual({ sent: 6, unlisted: 0, rejects: [] });
  });

  it('are counted when asked, cell by cell', async () => {
    expect(await encode('warn')).toEqual({ sent: 6, unlisted: 5, rejects: [] });
  });

  it('reject their rows when asked; values that are switched off are none', async () => {
    expect((await encode('reject')).rejects).toEqual([
      [1, ['Stage__c'], `Stage__c: ${listed}`],
      [3, ['Stage__c'], `Stage__c: ${listed}`],
      [4, ['Tags__c'], `Tags__c: ${listed}`],
      [5, ['Stage__c', 'Tags__c'], `Stage__c: ${listed}; Tags__c: ${listed}`],
    ]);
  });
});
