import { rejectRows, rowsWith } from '@sluice/salesforce-emulator';
import { memorySink, MemoryTarget } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';

import { ingestOrg, items, load } from './ingest-org.ts';

const INVALID = { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Not this one' };
const REFUSED = [3, 50, 51, 199];

/** How result files may hold what was sent. */
const RESULTS = (['typed', 'stored', 'sent'] as const).flatMap((resultValues) =>
  (['matched', 'fieldsOnly'] as const).flatMap((resultColumns) =>
    (['64.0', '49.0'] as const).map((apiVersion) => ({ resultValues, resultColumns, apiVersion })),
  ),
);

describe.each(RESULTS)(
  'results that hold values as $resultValues, columns as $resultColumns, in version $apiVersion',
  (form) => {
    it('are joined to the rows they are of, whatever headers these were sent under', async () => {
      const { apiVersion, ...ingest } = form;
      await using target = await ingestOrg({ emulator: { ingest }, org: { apiVersion } });
      target.emulator.faults.add({
        match: { method: 'POST', path: /\/jobs\/ingest$/, times: 2 },
        action: rejectRows(
          rowsWith(
            'Key__c',
            REFUSED.map((n) => `key-${n}`),
          ),
          INVALID,
        ),
      });
      const rejected = new MemoryTarget();
      const written = new MemoryTarget();
      const rows = items(200, (n) => ({
        Text__c: `  Zeile ${n}\r\n\tzwei `,
        Number__c: n * 1_000_000,
        box: n % 3 === 0 ? null : 'red',
      }));

      const receipt = await load(target, {
        rows,
        maxRejects: 10,
        rejected: memorySink(rejected),
        written: memorySink(written),
      });

      expect(receipt).toMatchObject({ writtenRows: 196, rejectedRows: 4 });
      expect(rejected.published?.map((row) => row['Key__c'])).toEqual(REFUSED.map((n) => `key-${n}`));
      const ids = new Map(target.rows('SELECT Id, Key__c FROM Item__c').map(([id, key]) => [key, id]));
      expect(written.published?.map((row) => ids.get(row['Key__c']) === row['_id'])).toEqual(
        Array.from({ length: 196 }, () => true),
      );
    });
  },
);
