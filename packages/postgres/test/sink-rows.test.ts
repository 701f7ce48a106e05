import { copy, fromBatches, type Receipt, type SluiceError } from '@sluice/core';
import { postgres } from '@sluice/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type PostgresServer, startPostgres } from '../../../test/servers/postgres-server.ts';
import { type AdminSession, openAdmin } from './admin-session.ts';
import { batchOf, type Columns, type Load, loadInto, numbers, refused, stagingTables, texts } from './small-loads.ts';

let server: PostgresServer;
let admin: AdminSession;

beforeAll(async () => {
  server = await startPostgres();
  admin = await openAdmin(server);
});
afterAll(async () => {
  await admin[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await admin.rows('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
});

const load = async (columns: Columns, options: Load): Promise<Receipt> =>
  await loadInto(server.options, columns, options);

const rowsOf = async (table = 'items') => await admin.rows(`SELECT * FROM "${table}" ORDER BY 1`);

describe('a table that is made for the rows', () => {
  it('has the keys as its primary key, and no trace of the staging', async () => {
    await load({ id: numbers(1, 2), name: texts('a', null) }, { table: 'items', mode: 'create', keys: ['id'] });

    expect(await rowsOf()).toEqual([
      { id: 1, name: 'a' },
      { id: 2, name: null },
    ]);
    const keys = await admin.rows(
      `SELECT contype FROM pg_constraint WHERE conrelid = 'items'::regclass AND contype = 'p'`,
    );
    expect(keys).toHaveLength(1);
    expect(await admin.rows(`SELECT obj_description('items'::regclass) AS comment`)).toEqual([{ comment: null }]);
    expect(await stagingTables(admin)).toEqual([]);
  });

  it('is called by any name', async () => {
    const table = `it's "quoted"; DROP TABLE x`;
    await load({ 'sel"ect': numbers(1) }, { table, mode: 'create' });

    expect(await admin.rows(`SELECT * FROM "${table.replaceAll('"', '""')}"`)).toEqual([{ 'sel"ect': 1 }]);
  });

  it.each([
    ['has 64 bytes', 'n'.repeat(64), '64 bytes'],
    ['holds a NUL character', 'a\0b', 'NUL'],
  ])('is refused where its name %s', async (_what, table, told) => {
    expect(await refused(load({ id: numbers(1) }, { table, mode: 'create' }))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(told),
    });
  });

  it('is refused where it is there already and has rows', async () => {
    await admin.rows('CREATE TABLE items (id integer); INSERT INTO items VALUES (7)');

    expect(await refused(load({ id: numbers(1) }, { table: 'items' }))).toMatchObject({ code: 'TARGET_EXISTS' });
    expect(await rowsOf()).toEqual([{ id: 7 }]);
    expect(await stagingTables(admin)).toEqual([]);
  });
});

describe('a table that is there', () => {
  beforeEach(async () => {
    await admin.rows(`
      CREATE TABLE items (id integer PRIMARY KEY, name varchar(5), size integer CHECK (size < 100));
      INSERT INTO items VALUES (1, 'old', 1), (2, 'old', 2)`);
  });

  it('keeps its rows, its defaults and its constraints in every mode', async () => {
    await load({ id: numbers(3), name: texts('new') }, { table: 'items', mode: 'append' });
    await load({ id: numbers(2), name: texts('newer') }, { table: 'items', mode: 'upsert', keys: ['id'] });

    expect(await rowsOf()).toEqual([
      { id: 1, name: 'old', size: 1 },
      { id: 2, name: 'newer', size: 2 },
      { id: 3, name: 'new', size: null },
    ]);

    await load({ id: numbers(9), name: texts('only') }, { table: 'items', mode: 'overwrite' });
    expect(await rowsOf()).toEqual([{ id: 9, name: 'only', size: null }]);
  });

  it('runs the script first, in the transaction of the rows', async () => {
    const preCopyScript = 'DELETE FROM items WHERE id = 1';
    await load({ id: numbers(1), name: texts('again') }, { table: 'items', mode: 'append', preCopyScript });
    const failing = load({ id: numbers(2) }, { table: 'items', mode: 'append', preCopyScript: 'DELETE FROM items' });

    expect(await failing.then(() => 'written')).toBe('written');
    const broken = load({ id: numbers(3) }, { table: 'items', mode: 'append', preCopyScript: 'DELETE FROM nothing' });
    expect(await refused(broken)).toMatchObject({ code: 'OBJECT_UNKNOWN' });
    expect(await rowsOf()).toEqual([{ id: 2, name: null, size: null }]);
  });

  it('rejects values that do not fit, and writes the others', async () => {
    const receipt = await load(
      { id: numbers(3, 4, null), name: texts('abcde', 'abcdef', 'x') },
      { table: 'items', mode: 'append', maxRejects: 5 },
    );

    expect(receipt).toMatchObject({ readRows: 3, writtenRows: 1, rejectedRows: 2 });
    expect(receipt.rejects.map(({ message }) => message)).toEqual([
      'a value of name is longer than the 5 characters of the column',
      'a value of id is null, which the column or the key refuses',
    ]);
    expect(await rowsOf()).toHaveLength(3);
  });

  it('is left as it was where a constraint refuses a row, whose values are not told', async () => {
    const taken = await refused(load({ id: numbers(3, 1) }, { table: 'items', mode: 'append' }));
    const large = await refused(load({ id: numbers(3), size: numbers(12_345) }, { table: 'items', mode: 'append' }));

    expect(taken).toMatchObject({
      code: 'ROWS_REJECTED',
      message:
        '1 row was rejected, and the run allows none: ' +
        '1 × 23505: the constraint items_pkey does not hold (first: row 1 of split 0)',
    });
    expect(large).toMatchObject({ code: 'ROWS_REJECTED', message: expect.stringContaining('items_size_check') });
    expect(JSON.stringify(large)).not.toContain('12345');
    expect(await rowsOf()).toHaveLength(2);
    expect(await stagingTables(admin)).toEqual([]);
  });

  it.each([
    [3, 'written 497, rejected 3', 499],
    [2, 'ROWS_REJECTED', 2],
  ])('takes the others where a constraint refuses 3 rows and the run allows %i: %s', async (maxRejects, told, rows) => {
    const ids = Array.from({ length: 500 }, (_, i) => i + 3);

    const outcome = await load(
      { id: numbers(...ids), size: numbers(...ids.map((id) => (id % 100 === 1 && id < 400 ? 100 : 1))) },
      { table: 'items', mode: 'append', maxRejects },
    ).then(
      ({ writtenRows, rejectedRows }) => `written ${writtenRows}, rejected ${rejectedRows}`,
      (error: SluiceError) => error.code,
    );

    expect(outcome).toBe(told);
    expect(await rowsOf()).toHaveLength(rows);
    expect(await stagingTables(admin)).toEqual([]);
  });

  it('finds each row that a constraint refuses, and writes the others', async () => {
    const ids = Array.from({ length: 2000 }, (_, i) => i + 1);
    const receipt = await load(
      { id: numbers(...ids), size: numbers(...ids.map((id) => (id % 500 === 0 ? 100 : 1))) },
      { table: 'items', mode: 'append', maxRejects: Infinity },
    );

    expect(receipt).toMatchObject({ readRows: 2000, writtenRows: 1994, rejectedRows: 6 });
    expect(receipt.rejects).toEqual([
      expect.objectContaining({
        code: '23514',
        rows: 4,
        firstRow: 499,
        message: 'the constraint items_size_check does not hold',
      }),
      expect.objectContaining({
        code: '23505',
        rows: 2,
        firstRow: 0,
        message: 'the constraint items_pkey does not hold',
      }),
    ]);
    expect(await rowsOf()).toHaveLength(1996);
  });

  it.each([
    ['reject', { writtenRows: 2, rejectedRows: 1 }, 'first'],
    ['lastWins', { writtenRows: 3, rejectedRows: 0 }, 'last'],
  ] as const)('takes one of the rows with one key: %s', async (duplicateKeys, counts, kept) => {
    const receipt = await load(
      { id: numbers(5, 6, 5), name: texts('first', 'other', 'last') },
      { table: 'items', mode: 'upsert', keys: ['id'], duplicateKeys, maxRejects: 1 },
    );

    expect(receipt).toMatchObject(counts);
    expect(await admin.rows('SELECT name FROM items WHERE id = 5')).toEqual([{ name: kept }]);
  });

  it.each(['reject', 'lastWins'] as const)('rejects rows without a key, by %s too', async (duplicateKeys) => {
    await admin.rows('ALTER TABLE items ADD code integer UNIQUE');
    const receipt = await load(
      { id: numbers(5, 6, 7), code: numbers(null, 1, null) },
      { table: 'items', mode: 'upsert', keys: ['code'], duplicateKeys, maxRejects: 2 },
    );

    expect(receipt).toMatchObject({ writtenRows: 1, rejectedRows: 2 });
    expect(receipt.rejects).toMatchObject([{ code: 'VALUE_INVALID', columns: ['code'], rows: 2, firstRow: 0 }]);
    expect(await admin.rows('SELECT id, code FROM items WHERE id > 2')).toEqual([{ id: 6, code: 1 }]);
  });

  it.each([
    [2, 'COUNT_MISMATCH'],
    [3, 'written 2'],
  ])(
    'of nothing but keys, some of them known, fails a run of which a trigger keeps a new one out: %i',
    async (id, outcome) => {
      await admin.rows(`
      DROP TABLE items; CREATE TABLE items (id integer PRIMARY KEY CHECK (id < 9)); INSERT INTO items VALUES (1);
      CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
      CREATE TRIGGER drop BEFORE INSERT ON items FOR EACH ROW WHEN (NEW.id = 2) EXECUTE FUNCTION leave()`);
      const run = load({ id: numbers(1, id, 9) }, { table: 'items', mode: 'upsert', keys: ['id'], maxRejects: 1 });

      expect(
        await run.then(
          ({ writtenRows }) => `written ${writtenRows}`,
          (error: SluiceError) => error.code,
        ),
      ).toBe(outcome);
    },
  );

  it('is refused before the first row, with all that is wrong', async () => {
    await admin.rows(
      'DELETE FROM items; ALTER TABLE items ADD total integer GENERATED ALWAYS AS (size * 2) STORED, ADD need text NOT NULL',
    );
    const error = await refused(
      load({ ids: numbers(1), total: numbers(1), name: numbers(1) }, { table: 'items', mode: 'append' }),
    );

    expect(error.message).toContain('ids is not in the table; did you mean id?');
    expect(error.message).toContain('total is computed by the server');
    expect(error.message).toContain('name is character varying(5), which cannot hold every value of Int');
    expect(error.message).toContain('need takes no null, and no column is given for it');
    expect(await stagingTables(admin)).toEqual([]);
  });

  it.each<readonly [string, Load, Partial<SluiceError>]>([
    [
      'a table that is not there',
      { table: 'item', mode: 'append' },
      { code: 'OBJECT_UNKNOWN', hint: 'Did you mean items?' },
    ],
    ['a schema that is not there', { table: 'items', schema: 'other' }, { code: 'OBJECT_UNKNOWN' }],
    ['keys that no index makes unique', { table: 'items', mode: 'upsert', keys: ['name'] }, { code: 'CONFIG_INVALID' }],
    ['keys that are no columns', { table: 'items', mode: 'upsert', keys: ['key'] }, { code: 'FIELD_UNKNOWN' }],
  ])('is not mistaken: %s is refused', async (_what, options, error) => {
    expect(await refused(load({ id: numbers(1), name: texts('x') }, options))).toMatchObject(error);
  });
});

describe('a role', () => {
  it('that lacks a privilege is refused before the first row', async () => {
    await admin.rows(`
      DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN;
      CREATE TABLE items (id integer); GRANT SELECT ON items TO reader; GRANT USAGE, CREATE ON SCHEMA public TO reader`);
    const batch = batchOf({ id: numbers(1) });
    const db = postgres({ ...server.options, user: 'reader' });
    const run = copy({ from: fromBatches(batch.schema, [batch]), to: db.load({ table: 'items' }), mode: 'append' });

    expect(await refused(run)).toMatchObject({
      code: 'PERMISSION_DENIED',
      message: 'PostgreSQL: the role lacks INSERT on "public"."items"',
    });
  });

  it('that is not there is refused', async () => {
    const batch = batchOf({ id: numbers(1) });
    const db = postgres({ ...server.options, user: 'nobody' });
    const run = copy({ from: fromBatches(batch.schema, [batch]), to: db.load({ table: 'items' }) });

    expect(await refused(run)).toMatchObject({ code: 'AUTH_REJECTED' });
  });
});
