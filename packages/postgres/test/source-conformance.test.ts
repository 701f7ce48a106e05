import { copy, fromBatches } from '@sluice/core';
import { postgres } from '@sluice/postgres';
import { fieldsOf, FLAT_TYPES, type SourceHarness, valuesOf } from '@sluice/testkit';
import { describeSource } from '@sluice/testkit/vitest';
import { Field, Utf8 } from 'apache-arrow';
import { afterAll, inject } from 'vitest';

import { openAdmin } from './admin-session.ts';
import { startPostgres } from './postgres-server.ts';

// The kit looks at a fixture before the first test.
const server = await startPostgres();
let tables = 0;

afterAll(async () => await server[Symbol.asyncDispose]());

const identity = new Field('row_id', new Utf8(), true);
const KEPT = new Set([
  'bool',
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
  'decimal_1_0',
  'decimal_9_2',
  'decimal_18_2',
  'decimal_38_0',
  'decimal_38_18',
  'decimal_38_38',
  'date_day',
  'time_microsecond',
  'timestamp_microsecond',
  'text',
  'binary',
]);
// No text of a table holds a NUL character.
const texts = valuesOf(new Utf8()).filter((value) => !(typeof value === 'string' && value.includes('\0')));
const columns = fieldsOf(FLAT_TYPES)
  .filter(({ name }) => KEPT.has(name))
  .map((field) => (field.name === 'text' ? { field, values: texts } : { field }));

const harness: SourceHarness = {
  kind: 'source',
  name: 'postgres, a table',
  columns: [{ field: identity }, ...columns],
  identity: identity.name,
  anySchema: true,
  maxNameBytes: 63,
  badOptions: [
    { what: 'a table without a name', mentions: 'table', make: () => postgres(server.options).table({ table: '' }) },
    {
      what: 'no rows in a split',
      mentions: 'splitRows',
      make: () => postgres(server.options).table({ table: 'x', splitRows: 0 }),
    },
  ],
  async fixture({ schema, batch }) {
    const db = postgres(server.options);
    const table = `fixture ${tables++}`;
    const admin = await openAdmin(server);
    await copy({ from: fromBatches(schema, [batch()]), to: db.load({ table, createTable: true, writers: 1 }) });
    await admin.rows(`ALTER TABLE "${table}" ALTER COLUMN row_id SET NOT NULL`);
    await admin.rows(`ANALYZE "${table}"`);
    return {
      source: () => db.table({ table, splitBy: 'row_id', splitRows: 100, snapshot: 'renew' }),
      async leftovers() {
        const found = await admin.rows<{ pid: number }>(
          `SELECT pid FROM pg_stat_activity WHERE application_name = 'sluice' AND state = 'idle in transaction'`,
        );
        return found.map(({ pid }) => `transaction of backend ${pid}`);
      },
      variants: { 'in one split': () => db.table({ table, splitBy: false, snapshot: 'renew' }) },
      async [Symbol.asyncDispose]() {
        await admin.rows(`DROP TABLE "${table}"`);
        await admin[Symbol.asyncDispose]();
      },
    };
  },
};

describeSource(harness, { seed: inject('seed'), long: inject('long'), record: 'conformance/postgres-source.json' });
