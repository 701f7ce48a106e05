import { read } from '@sluice/core';
import { postgres } from '@sluice/postgres';
import { fieldsOf, FLAT_TYPES, RARE_TYPES, type SinkHarness, UNION_TYPES, valuesOf } from '@sluice/testkit';
import { describeSink } from '@sluice/testkit/vitest';
import { Field, Utf8 } from 'apache-arrow';
import { afterAll, inject } from 'vitest';

import { openAdmin } from './admin-session.ts';
import { startPostgres } from './postgres-server.ts';

// The kit looks at a target before the first test.
const server = await startPostgres();
let tables = 0;

afterAll(async () => await server[Symbol.asyncDispose]());

const identity = new Field('row_id', new Utf8(), true);
// What a table keeps: one integer of each size, microseconds, plain texts.
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

const harness: SinkHarness = {
  kind: 'sink',
  name: 'postgres',
  columns: [{ field: identity }, ...columns],
  identity: identity.name,
  anySchema: true,
  maxNameBytes: 63,
  modes: ['create', 'append', 'overwrite', 'upsert'],
  refusedFields: fieldsOf({ ...UNION_TYPES, duration: RARE_TYPES['duration']! }),
  badOptions: [
    { what: 'a table without a name', mentions: 'table', make: () => postgres(server.options).load({ table: '' }) },
    { what: 'no writers', mentions: 'writers', make: () => postgres(server.options).load({ table: 'x', writers: 0 }) },
  ],
  async target() {
    const db = postgres(server.options);
    const table = `target ${tables++}`;
    const admin = await openAdmin(server);
    return {
      sink: () => db.load({ table, createTable: true, partRows: 20 }),
      async rows() {
        const [found] = await admin.rows(`SELECT 1 FROM pg_tables WHERE tablename = $1`, [table]);
        return found === undefined ? [] : await Array.fromAsync(read(db.table({ table })).rows());
      },
      async leftovers() {
        const found = await admin.rows<{ name: string }>(
          `SELECT relname AS name FROM pg_class WHERE obj_description(oid, 'pg_class') = $1`,
          [`staged by sluice for "public"."${table}"`],
        );
        return found.map(({ name }) => name);
      },
      async columnNames() {
        const found = await admin.rows<{ name: string }>(
          `SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position`,
          [table],
        );
        return found.map(({ name }) => name);
      },
      async [Symbol.asyncDispose]() {
        await admin.rows(`DROP TABLE IF EXISTS "${table}"`);
        await admin[Symbol.asyncDispose]();
      },
    };
  },
};

describeSink(harness, { seed: inject('seed'), long: inject('long'), record: 'conformance/postgres-sink.json' });
