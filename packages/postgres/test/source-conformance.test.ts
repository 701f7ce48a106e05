import { copy, fromBatches } from '@sluice/core';
import { postgres } from '@sluice/postgres';
import { type ArmedFault, fieldsOf, FLAT_TYPES, type SourceHarness, valuesOf } from '@sluice/testkit';
import { describeSource } from '@sluice/testkit/vitest';
import { Field, Utf8 } from 'apache-arrow';
import { afterAll, inject } from 'vitest';

import { startPostgres } from '../../../test/servers/postgres-server.ts';
import { KIT_PASSWORD, type KitLogin, kitLogin, requirePasswords } from './kit-login.ts';

// The kit looks at a fixture before the first test.
const server = await startPostgres();
await requirePasswords(server);

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
  secrets: [KIT_PASSWORD],
  async fixture({ schema, batch }) {
    const login = await kitLogin(server);
    const { admin, name, proxy } = login;
    const table = 'the fixture';
    const [from, to] = [
      fromBatches(schema, [batch()]),
      postgres(server.options).load({ table, schema: name, writers: 1 }),
    ];
    await copy({ from, to });
    await admin.rows(`
      ALTER TABLE ${name}."${table}" ALTER COLUMN row_id SET NOT NULL;
      ANALYZE ${name}."${table}"; GRANT SELECT ON ${name}."${table}" TO ${name}`);
    const db = postgres(login.options);
    const place = { table, schema: name, snapshot: 'renew' } as const;
    return {
      source: () => db.table({ ...place, splitBy: 'row_id', splitRows: 100 }),
      requests: () => proxy.connections,
      leftovers: async () => (await transactions(login)).map((pid) => `transaction of backend ${pid}`),
      variants: { 'in one split': () => db.table({ ...place, splitBy: false }) },
      faults: {
        ...login.faults,
        async forbidden() {
          await admin.rows(`REVOKE SELECT ON ${name}."${table}" FROM ${name}`);
          return login.onConnections();
        },
        expireSession: async () => await ended(login, 'TRUE'),
        cut: () => proxy.strikeRows('cut'),
        truncate: () => proxy.strikeRows('truncate'),
        miscount: () => proxy.strikeRows('miscount'),
        lost: async () => await ended(login, `state = 'idle in transaction'`),
        async schemaChange() {
          // As long as the run holds its moment, this waits.
          await ended(login, `state = 'idle in transaction'`);
          await admin.rows(`ALTER TABLE ${name}."${table}" ALTER COLUMN int32 TYPE bigint`);
          return login.onConnections();
        },
      },
      [Symbol.asyncDispose]: async () => await login[Symbol.asyncDispose](),
    };
  },
};

async function transactions({ admin, name }: KitLogin): Promise<readonly number[]> {
  const found = await admin.rows<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE usename = $1 AND state = 'idle in transaction'`,
    [name],
  );
  return found.map(({ pid }) => pid);
}

/** Ends sessions of the role. */
async function ended({ admin, name }: KitLogin, which: string): Promise<ArmedFault> {
  const found = await admin.rows(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = $1 AND ${which}`,
    [name],
  );
  return { hits: found.length };
}

describeSource(harness, { seed: inject('seed'), long: inject('long'), record: 'conformance/postgres-source.json' });
