import { Field, makeData, RecordBatch, Schema, Struct, Utf8, vectorFromArray } from 'apache-arrow';

import type { IngestPlan } from '../src/ingest-rows/ingest-plan.ts';
import { joinResults } from '../src/ingest-rows/join/join-results.ts';

/** Joins as many failures as it is told, each with a text of its own, and prints what the process took of memory. */
const rowCount = Number(process.argv[2]);

const BATCH_ROWS = 4096;
const RESULTS_AT_ONCE = 512;
const schema = new Schema([new Field('Name', new Utf8(), true), new Field('Key__c', new Utf8(), true)]);
const plan: IngestPlan = {
  version: 1,
  object: 'Item__c',
  operation: 'insert',
  columns: schema.names.map((name) => ({ name: String(name), header: String(name), form: 'text' })),
  isArranged: false,
  options: {
    ignoreNullValues: false,
    requiredNulls: 'reject',
    duplicateKeys: 'reject',
    inexactNumbers: 'send',
    controlCharacters: 'reject',
    picklists: 'ignore',
  },
};

async function* rows(): AsyncGenerator<RecordBatch> {
  for (let from = 0; from < rowCount; from += BATCH_ROWS) {
    const length = Math.min(BATCH_ROWS, rowCount - from);
    const children = ['name', 'key'].map(
      (word) =>
        vectorFromArray(
          Array.from({ length }, (_, at) => `${word} ${from + at}`),
          new Utf8(),
        ).data[0]!,
    );
    yield new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, children }));
  }
}

/** From the last row to the first. */
async function* failures(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('"sf__Id","sf__Error",Name,Key__c\n');
  for (let end = rowCount; end > 0; end -= RESULTS_AT_ONCE) {
    const lines = Array.from({ length: Math.min(RESULTS_AT_ONCE, end) }, (_, at) => {
      const row = end - 1 - at;
      return `"","UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to record ${row} of many:--","name ${row}","key ${row}"\n`;
    });
    yield Buffer.from(lines.join(''));
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

const { rejects, rejectedRows } = await joinResults({
  plan,
  schema,
  rows,
  rowCount,
  jobs: [
    {
      variant: 0,
      submittedRows: rowCount,
      unprocessed: { code: 'UNPROCESSED', message: '', retryable: false },
      successfulResults: nothing,
      failedResults: failures,
      unprocessedRecords: nothing,
    },
  ],
  signal: new AbortController().signal,
});
let next = 0;
for await (const some of rejects()) for (const { row } of some) if (row === next) next++;
process.stdout.write(JSON.stringify({ rejectedRows, inOrder: next, peakBytes: process.resourceUsage().maxRSS * 1024 }));
