import { copy, fromBatches, type Receipt, read, type SluiceError } from '@sluice/core';
import { postgres } from '@sluice/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type PostgresServer, startPostgres } from '../../../test/servers/postgres-server.ts';
import { type AdminSession, openAdmin } from './admin-session.ts';
import { serverOfVersion } from './old-server.ts';
import { batchOf, type Columns, type Load, loadInto, numbers, refused, stagingTables, texts } from './small-loads.ts';

let server: PostgresServer;
let admin: AdminSession;

beforeAll(async () => {
  server = await startPostgres();
  admin = await openAdmin(server);
  await admin.rows('CREATE ROLE clerk LOGIN');
});
afterAll(async () => {
  await admin[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await admin.rows(`
    DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT CREATE, USAGE ON SCHEMA public TO clerk;
    ALTER ROLE clerk RESET ALL`);
});

const load = async (columns: Columns, options: Load): Promise<Receipt> =>
  await loadInto(server.options, columns, options);
const loadAsClerk = async (columns: Columns, options: Load): Promise<Receipt> =>
  await loadInto({ ...server.options, user: 'clerk' }, columns, options);
const rowsOf = async (table = 'items') => await admin.rows(`SELECT * FROM "${table}" ORDER BY 1`);
const columnsCalled = (...names: string[]): Columns => Object.fromEntries(names.map((name) => [name, numbers(1)]));
const manyColumns = (count: number): Columns => columnsCalled(...Array.from({ length: count }, (_, i) => `c${i}`));

interface Refusal {
  readonly setup?: string;
  readonly columns?: Columns;
  readonly load: Load;
  readonly isClerk?: true;
  readonly error: Pick<SluiceError, 'code'> & { readonly told: string };
}

const append = { table: 'items', mode: 'append' } as const;
const REFUSALS: Readonly<Record<string, Refusal>> = {
  'the name of a sequence': {
    setup: 'CREATE SEQUENCE items',
    load: { table: 'items' },
    error: { code: 'TARGET_EXISTS', told: 'is not a table' },
  },
  'the name of a type': {
    setup: `CREATE TYPE items AS ENUM ('a')`,
    load: { table: 'items' },
    error: { code: 'TARGET_EXISTS', told: 'is not a table' },
  },
  'a view': {
    setup: 'CREATE VIEW items AS SELECT 1 AS id',
    load: append,
    error: { code: 'CONFIG_INVALID', told: '"items" is not a table' },
  },
  'a foreign table': {
    setup: `CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE items (id integer) SERVER s`,
    load: append,
    error: { code: 'CONFIG_INVALID', told: '"items" is not a table' },
  },
  'an identity that the server always gives': {
    setup: 'CREATE TABLE items (id integer GENERATED ALWAYS AS IDENTITY)',
    load: append,
    error: { code: 'CONFIG_INVALID', told: 'id is computed by the server' },
  },
  'a type without an exact conversion': {
    setup: 'CREATE TABLE items (id interval)',
    load: append,
    error: { code: 'TYPE_UNSUPPORTED', told: 'id is interval, which cannot hold every value of Int' },
  },
  'to empty a table that another refers to': {
    setup: 'CREATE TABLE items (id integer PRIMARY KEY); CREATE TABLE notes (item integer REFERENCES items)',
    load: { table: 'items', mode: 'overwrite' },
    error: { code: 'CONFIG_INVALID', told: 'notes refers to it' },
  },
  'more columns than a table has': {
    columns: manyColumns(1601),
    load: { table: 'items' },
    error: { code: 'CONFIG_INVALID', told: '1601 columns are more than the 1600' },
  },
  'a name of the server’s own': {
    columns: columnsCalled('xmin'),
    load: { table: 'items' },
    error: { code: 'CONFIG_INVALID', told: 'xmin' },
  },
  'a name of our own': {
    setup: 'CREATE TABLE items (_sluice_row integer)',
    columns: columnsCalled('_sluice_row'),
    load: append,
    error: { code: 'CONFIG_INVALID', told: '_sluice_row' },
  },
  'a column with a name of 64 bytes': {
    columns: columnsCalled('ä'.repeat(32)),
    load: { table: 'items' },
    error: { code: 'CONFIG_INVALID', told: '64 bytes' },
  },
  'a column that is there under quotes and semicolons alone': {
    setup: `CREATE TABLE items ("id""; DROP TABLE items; --" integer)`,
    columns: columnsCalled('id"; DROP TABLE items;'),
    load: append,
    error: { code: 'FIELD_UNKNOWN', told: 'did you mean id"; DROP TABLE items; --?' },
  },
  'books of another role': {
    setup: 'CREATE TABLE items (id integer); GRANT INSERT ON items TO clerk; CREATE TABLE sluice_runs (run text)',
    load: append,
    isClerk: true,
    error: { code: 'PERMISSION_DENIED', told: 'sluice_runs' },
  },
  'a sequence of another role': {
    setup: 'CREATE TABLE items (id integer, nr serial); GRANT INSERT ON items TO clerk',
    load: append,
    isClerk: true,
    error: { code: 'PERMISSION_DENIED', told: 'USAGE on the sequence public.items_nr_seq' },
  },
  'a column that the role may not write': {
    setup: 'CREATE TABLE items (id integer, name text); GRANT INSERT (name) ON items TO clerk',
    load: append,
    isClerk: true,
    error: { code: 'PERMISSION_DENIED', told: 'INSERT on' },
  },
  'a role that only reads': {
    setup: 'CREATE TABLE items (id integer); ALTER ROLE clerk SET default_transaction_read_only = on',
    load: append,
    isClerk: true,
    error: { code: 'TARGET_UNWRITABLE', told: 'takes no writes from this role' },
  },
};

describe('ahead of the first row', () => {
  it.each(Object.keys(REFUSALS))('%s is refused, and nothing is left', async (what) => {
    const { setup, columns = columnsCalled('id'), load: options, isClerk, error } = REFUSALS[what]!;
    if (setup !== undefined) await admin.rows(setup);
    let isRead = false;
    const user = isClerk === true ? { user: 'clerk' } : {};
    const found = await refused(loadInto({ ...server.options, ...user }, columns, options, () => (isRead = true)));

    expect(found).toMatchObject({ code: error.code, message: expect.stringContaining(error.told) });
    expect(isRead).toBe(false);
    expect(found.details).toBeUndefined();
    expect(await stagingTables(admin)).toEqual([]);
  });

  it.each([
    ['a database that is not there', { database: 'nothing' }, 'OBJECT_UNKNOWN'],
    ['a role that is not there', { user: 'nobody' }, 'AUTH_REJECTED'],
    ['a server without TLS, where it is asked for', { tls: 'verify' }, 'CONFIG_INVALID'],
  ] as const)('%s is told', async (_what, other, code) => {
    const db = postgres({ ...server.options, ...other });
    expect(await refused(Array.fromAsync(read(db.query('SELECT 1'))))).toMatchObject({ code });
  });

  it.each([
    [
      'a second statement',
      'SELECT 1) AS q; DROP TABLE items; SELECT * FROM (SELECT 1',
      'cannot insert multiple commands',
    ],
    ['a parameter', 'SELECT $1::integer', 'requires 1'],
    ['no column', 'SELECT', 'gives no column'],
  ])('a query with %s is refused, and nothing of it is run', async (_what, query, told) => {
    await admin.rows('CREATE TABLE items (id integer)');

    const found = await refused(Array.fromAsync(read(postgres(server.options).query(query))));

    expect(found).toMatchObject({ retryable: false, message: expect.stringContaining(told) });
    expect(found.code).toMatch(/^(QUERY|CONFIG)_INVALID$/);
    expect(await rowsOf()).toEqual([]);
  });

  it('a server that is too old is told by its version, and one that is not is asked on', async () => {
    await using old = await serverOfVersion(13);
    const db = postgres({ ...server.options, port: old.port });

    expect(await refused(Array.fromAsync(read(db.query('SELECT 1'))))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'PostgreSQL at 127.0.0.1 is version 13; at least 14 is needed',
    });
  });
});

describe('a table', () => {
  it('of as many columns as there can be is made and read', async () => {
    await load(manyColumns(1600), { table: 'items' });

    const [row] = await Array.fromAsync(read(postgres(server.options).table({ table: 'items' })).rows());
    expect(Object.keys(row!)).toHaveLength(1600);
  });

  it('of partitions takes rows where they belong, and rejects what belongs nowhere', async () => {
    await admin.rows(`
      CREATE TABLE items (id integer PRIMARY KEY) PARTITION BY RANGE (id);
      CREATE TABLE few PARTITION OF items FOR VALUES FROM (0) TO (10);
      CREATE TABLE more PARTITION OF items FOR VALUES FROM (10) TO (20)`);
    const receipt = await load(
      { id: numbers(1, 11, 21) },
      { table: 'items', mode: 'upsert', keys: ['id'], maxRejects: 1 },
    );

    expect(receipt).toMatchObject({ writtenRows: 2, rejectedRows: 1 });
    expect([await rowsOf('few'), await rowsOf('more')]).toEqual([[{ id: 1 }], [{ id: 11 }]]);
  });

  it('of domains rejects the rows that break their conditions', async () => {
    await admin.rows(`
      CREATE DOMAIN positive AS integer CHECK (value > 0); CREATE DOMAIN code AS varchar(3) NOT NULL;
      CREATE TABLE items (id positive, code code)`);
    const receipt = await load(
      { id: numbers(1, -1, 3, 4), code: texts('a', 'b', 'long', null) },
      { ...append, maxRejects: 3 },
    );

    expect(receipt.rejects.map(({ message }) => message)).toEqual([
      'a value of code is longer than the 3 characters of the column',
      'a value of code is null, which the column or the key refuses',
      'the constraint positive_check does not hold',
    ]);
    expect(await rowsOf()).toEqual([{ id: 1, code: 'a' }]);
  });

  it.each([
    ['a check that is put off until the commit', 'c', '23503'],
    ['a trigger that raises an error', 'r', 'P0001'],
    ['a trigger that does so at the commit', 'd', 'P0001'],
  ])('rejects the rows that %s refuses, without a word of their values', async (_what, column, code) => {
    await admin.rows(`
      CREATE TABLE parents (id integer PRIMARY KEY); INSERT INTO parents VALUES (1);
      CREATE TABLE items (id integer, c integer REFERENCES parents DEFERRABLE INITIALLY DEFERRED, r integer, d integer);
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF NEW.r > 1 OR NEW.d > 1 THEN RAISE EXCEPTION 'a secret %', NEW.id; END IF; RETURN NEW; END $$;
      CREATE TRIGGER now BEFORE INSERT ON items FOR EACH ROW WHEN (NEW.r > 1) EXECUTE FUNCTION refuse();
      CREATE CONSTRAINT TRIGGER late AFTER INSERT ON items DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.d > 1) EXECUTE FUNCTION refuse()`);
    const columns = { id: numbers(1, 2, 3), [column]: numbers(1, 4711, 1) };
    const receipt = await load(columns, { ...append, maxRejects: 1 });

    expect(receipt).toMatchObject({ writtenRows: 2, rejects: [{ code, rows: 1, firstRow: 1 }] });
    expect(JSON.stringify(receipt)).not.toMatch(/secret|4711/);
    expect(await rowsOf()).toHaveLength(2);
  });

  it.each([
    ['a trigger', 'CREATE TRIGGER drop BEFORE INSERT ON items FOR EACH ROW WHEN (NEW.id > 1) EXECUTE FUNCTION leave()'],
    ['a rule', 'CREATE RULE drop AS ON INSERT TO items DO INSTEAD NOTHING'],
  ])('that %s keeps rows from fails the run, since they would be lost in silence', async (_what, setup) => {
    await admin.rows(`
      CREATE TABLE items (id integer);
      CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; ${setup}`);

    expect(await refused(load({ id: numbers(1, 2) }, append))).toMatchObject({
      code: 'COUNT_MISMATCH',
      message: expect.stringContaining('a trigger or rule leaves rows out'),
    });
    expect(await rowsOf()).toEqual([]);
    expect(await stagingTables(admin)).toEqual([]);
  });

  it.each([
    ['reject', { writtenRows: 2, rejectedRows: 1 }, 'first'],
    ['lastWins', { writtenRows: 3, rejectedRows: 0 }, 'last'],
  ] as const)('made by an upsert takes one of the rows with one key, too: %s', async (duplicateKeys, counts, kept) => {
    const receipt = await load(
      { id: numbers(5, 6, 5), name: texts('first', 'other', 'last') },
      { table: 'items', createTable: true, mode: 'upsert', keys: ['id'], duplicateKeys, maxRejects: 1 },
    );

    expect(receipt).toMatchObject(counts);
    expect(await rowsOf()).toEqual([
      { id: 5, name: kept },
      { id: 6, name: 'other' },
    ]);
    expect(await admin.rows(`SELECT 1 FROM pg_indexes WHERE indexname = 'items_pkey'`)).toHaveLength(1);
  });

  it('is told of a script that ends the transaction that was to hold it and the rows', async () => {
    await admin.rows('CREATE TABLE items (id integer)');
    const error = await refused(load({ id: numbers(1) }, { ...append, preCopyScript: 'COMMIT; BEGIN' }));

    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('ends the transaction') });
    expect(await rowsOf()).toEqual([]);
    expect(await stagingTables(admin)).toEqual([]);
  });

  it('may be written where the role has the columns alone, whatever its settings say', async () => {
    await admin.rows(`
      CREATE TABLE items (id integer, "we\\ird's" text, nr serial); GRANT INSERT (id, "we\\ird's") ON items TO clerk;
      GRANT USAGE ON SEQUENCE items_nr_seq TO clerk;
      ALTER ROLE clerk SET standard_conforming_strings = off; ALTER ROLE clerk SET search_path = nowhere;
      ALTER ROLE clerk SET client_encoding = LATIN1; ALTER ROLE clerk SET DateStyle = 'SQL, DMY';
      ALTER ROLE clerk SET default_transaction_isolation = serializable`);
    await loadAsClerk({ id: numbers(1), "we\\ird's": texts('ä\\€') }, append);

    expect(await rowsOf()).toEqual([{ id: 1, "we\\ird's": 'ä\\€', nr: 1 }]);
  });
});

describe('while another session is at work', () => {
  const waiting = async (): Promise<boolean> =>
    (await admin.rows(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'sluice' AND wait_event_type = 'Lock'`))
      .length > 0;

  it('a load that waits for a lock on its table is cancelled by its signal, and leaves nothing', async () => {
    await admin.rows('CREATE TABLE items (id integer)');
    await using other = await openAdmin(server);
    await other.rows('BEGIN; LOCK TABLE items');
    const stop = new AbortController();
    const loading = load({ id: numbers(1) }, { ...append, signal: stop.signal });
    const ended = loading.catch((reason: unknown) => reason);
    while (!(await waiting()));
    stop.abort(new Error('stopped'));

    expect(await ended).toBe(stop.signal.reason);
    expect(await stagingTables(admin)).toEqual([]);
    await other.rows('COMMIT');
    expect(await rowsOf()).toEqual([]);
  });

  it('a load that may not wait longer for a lock fails in a way that may pass, and leaves nothing', async () => {
    await admin.rows(`
      CREATE TABLE items (id integer); GRANT ALL ON items TO clerk; ALTER ROLE clerk SET lock_timeout = '20ms'`);
    await using other = await openAdmin(server);
    await other.rows('BEGIN; LOCK TABLE items');
    const retry = { attempts: 2, baseMs: 1, maxMs: 1 };

    expect(await refused(loadAsClerk({ id: numbers(1) }, { ...append, retry }))).toMatchObject({
      code: 'REMOTE_UNAVAILABLE',
      retryable: true,
    });
    expect(await stagingTables(admin)).toEqual([]);
    await other.rows('ROLLBACK');
    await loadAsClerk({ id: numbers(1) }, append);
    expect(await rowsOf()).toEqual([{ id: 1 }]);
  });

  it.each([
    ['is there without rows', 'CREATE TABLE items (id integer)'],
    ['is missing', 'SELECT 1'],
  ])('a table that %s is created by the first of two runs alone, whatever its role sees', async (_what, setup) => {
    await admin.rows(`${setup}; ALTER ROLE clerk SET default_transaction_isolation = 'repeatable read'`);
    await admin.rows(
      `DO $$ BEGIN EXECUTE 'ALTER TABLE items OWNER TO clerk'; EXCEPTION WHEN undefined_table THEN END $$`,
    );
    const batch = batchOf({ id: numbers(1) });
    const late = copy({
      from: fromBatches(batch.schema, async function* () {
        await load({ id: numbers(2) }, { table: 'items', mode: 'create' });
        yield batch;
      }),
      to: postgres({ ...server.options, user: 'clerk' }).load({ table: 'items' }),
      mode: 'create',
    });

    expect(await refused(late)).toMatchObject({ code: 'TARGET_EXISTS' });
    expect(await rowsOf()).toEqual([{ id: 2 }]);
    expect(await stagingTables(admin)).toEqual([]);
  });

  it('nobody empties a table that a run reads, or changes its columns, until the run is over', async () => {
    await admin.rows('CREATE TABLE items AS SELECT i AS id FROM generate_series(1, 5000) i');
    const changes = ['TRUNCATE items', 'ALTER TABLE items ALTER COLUMN id TYPE bigint'];
    let [count, refusals] = [0, 0];
    for await (const batch of read(postgres(server.options).table({ table: 'items' }), { batchRows: 1000 })) {
      count += batch.numRows;
      for (const change of count > 1000 ? [] : changes) {
        await admin.rows(`SET lock_timeout = '20ms'; ${change}`).catch(() => refusals++);
      }
    }

    expect([count, refusals]).toEqual([5000, 2]);
    for (const change of changes) await admin.rows(change);
  });

  it('the bounds that the server sets on time are lifted, that on locks excepted', async () => {
    const bounds = ['statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout', 'lock_timeout'];
    await admin.rows(bounds.map((bound) => `ALTER ROLE clerk SET ${bound} = '1min'`).join('; '));
    const db = postgres({ ...server.options, user: 'clerk' });
    const asked = bounds.map((bound) => `current_setting('${bound}') AS ${bound}`).join(', ');

    expect(await Array.fromAsync(read(db.query(`SELECT ${asked}`)).rows())).toEqual([
      {
        statement_timeout: '0',
        transaction_timeout: '0',
        idle_in_transaction_session_timeout: '0',
        lock_timeout: '1min',
      },
    ]);
  });
});
