import { read } from '@sluice/core';
import { postgres } from '@sluice/postgres';
import { fieldsOf, FLAT_TYPES, RARE_TYPES, type SinkHarness, UNION_TYPES, valuesOf } from '@sluice/testkit';
import { describeSink } from '@sluice/testkit/vitest';
import { Field, Utf8 } from 'apache-arrow';
import { afterAll, inject } from 'vitest';

import { startPostgres } from '../../../test/servers/postgres-server.ts';
import { KIT_PASSWORD, kitLogin, requirePasswords } from './kit-login.ts';

// The kit looks at a target before the first test.
const server = await startPostgres();
await requirePasswords(server);

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
  secrets: [KIT_PASSWORD],
  async target() {
    const login = await kitLogin(server);
    const { admin, name: schema, proxy } = login;
    const db = postgres(login.options);
    const table = 'the target';
    const staged = async (): Promise<readonly string[]> => {
      const found = await admin.rows<{ name: string }>(
        `SELECT relname AS name FROM pg_class WHERE obj_description(oid, 'pg_class') = $1`,
        [`staged by sluice for "${schema}"."${table}"`],
      );
      return found.map(({ name }) => name);
    };
    return {
      sink: () => db.load({ table, schema, createTable: true, partRows: 20 }),
      async rows() {
        const [found] = await admin.rows(`SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = $2`, [
          schema,
          table,
        ]);
        const source = postgres(server.options).table({ table, schema });
        return found === undefined ? [] : await Array.fromAsync(read(source).rows());
      },
      leftovers: staged,
      async columnNames() {
        const found = await admin.rows<{ name: string }>(
          `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2
            ORDER BY ordinal_position`,
          [schema, table],
        );
        return found.map(({ name }) => name);
      },
      requests: () => proxy.connections,
      stall: () => proxy.stall(),
      // No text of a table holds a NUL character.
      badRow: (row) => ({ ...row, text: 'a\0b' }),
      faults: {
        ...login.faults,
        async forbidden() {
          await admin.rows(`REVOKE CREATE ON SCHEMA ${schema} FROM ${schema}`);
          return login.onConnections();
        },
        async full() {
          await admin.rows(`
            CREATE FUNCTION ${schema}.fill() RETURNS trigger LANGUAGE plpgsql AS $$
              BEGIN RAISE EXCEPTION 'no space is left' USING ERRCODE = '53100'; END $$`);
          for (const name of await staged()) {
            await admin.rows(
              `CREATE TRIGGER fill BEFORE INSERT ON ${schema}."${name}" FOR EACH ROW EXECUTE FUNCTION ${schema}.fill()`,
            );
          }
          return login.onErrors('53100');
        },
      },
      [Symbol.asyncDispose]: async () => await login[Symbol.asyncDispose](),
    };
  },
};

describeSink(harness, { seed: inject('seed'), long: inject('long'), record: 'conformance/postgres-sink.json' });
