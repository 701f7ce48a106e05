import { collect, copy, explain, fromBatches, limitRows, read, secret, SluiceError } from '@sluice/core';
import { decimalType } from '@sluice/core/decimal';
import { computed, constant, mapping, take } from '@sluice/core/mapping';
import { salesforce } from '@sluice/salesforce';
import { startEmulator } from '@sluice/salesforce-emulator';
import { DateDay, Int32, Utf8 } from 'apache-arrow';

const SHOWN_ROWS = 2;

/** A warehouse's columns, made of those of a query. */
const warehouse = mapping({
  columns: [
    take('Symbol__c', { as: 'symbol' }),
    take('Price__c', { as: 'price', type: decimalType(12, 2), excessDigits: 'round' }),
    take('EBITDA__c', { as: 'ebitda', type: new Int32() }),
    computed('worth_millions', {
      type: new Int32(),
      from: { worth: take('Market_Cap__c', { type: decimalType(18, 0) }) },
      function: 'whole-millions/1',
      value({ worth }, row) {
        const dollars = worth.at(row);
        return dollars === null ? null : Number(dollars / 1_000_000n);
      },
    }),
    take('CreatedDate', { as: 'created', type: new DateDay(), excessTime: 'cut' }),
    constant('source', new Utf8(), 'crm'),
  ],
});

await using emulator = await startEmulator();
await using org = salesforce({
  environmentUrl: emulator.url,
  apiVersion: '64.0',
  clientId: emulator.clientId,
  clientSecret: secret.value(emulator.clientSecret),
});
const soql = 'SELECT Symbol__c, Price__c, EBITDA__c, Market_Cap__c, CreatedDate FROM Company__c';

const sink = collect();
const receipt = await copy({
  from: org.query(soql, { poll: { firstMs: 100, startMs: 100 } }),
  map: warehouse,
  to: sink,
  maxRejects: Infinity, // the default is none
});
console.log(`${receipt.readRows} rows read = ${receipt.writtenRows} written + ${receipt.rejectedRows} rejected`);
for (const { message, rows } of receipt.rejects) console.log(`${rows} rows: ${message}`);
const { schema: columns, batches } = sink.table();
for await (const row of read(limitRows(fromBatches(columns, batches), SHOWN_ROWS)).rows()) console.log(row);

// What does not suit the source is refused before a job is started, all of it at once.
const { schema } = await explain(org.query(soql));
try {
  mapping({ columns: ['Symbol', take('Price__c', { type: new DateDay() })] }).plan(schema);
} catch (error) {
  console.log(SluiceError.is(error) ? error.message : error);
}
