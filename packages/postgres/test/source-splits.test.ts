import { explain, read, type Row } from '@sluice/core';
import { postgres, type PostgresSource, type PostgresTableOptions } from '@sluice/postgres';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';

import { type PostgresServer, startPostgres } from '../../../test/servers/postgres-server.ts';
import { type AdminSession, openAdmin } from './admin-session.ts';

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

const table = (options: Partial<PostgresTableOptions> = {}): PostgresSource =>
  postgres(server.options).table({ table: 'items', ...options });

async function rowsOf(source: PostgresSource): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of read(source).rows()) rows.push(row);
  return rows;
}

/** Where the table is cut. */
async function boundsOf(source: PostgresSource): Promise<readonly string[]> {
  const { state } = await explain(source);
  // The source's own.
  return (state as { splitBy: { bounds: readonly string[] } | null }).splitBy?.bounds ?? [];
}

async function insert(type: string, keys: readonly (string | null)[], from: number): Promise<void> {
  await admin.rows(
    `INSERT INTO items SELECT $2 + place - 1, key::${type} FROM unnest($1::text[]) WITH ORDINALITY AS t (key, place)`,
    [keys, from],
  );
}

const day = fc.date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2100-01-01') });
const KEYS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  smallint: fc.integer({ min: -32_768, max: 32_767 }).map(String),
  bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  numeric: fc.oneof(fc.double({ noNaN: true, min: -1e9, max: 1e9 }).map(String), fc.constant('NaN')),
  date: fc.oneof(
    day.map((date) => date.toISOString().slice(0, 10)),
    fc.constantFrom('infinity', '-infinity'),
  ),
  'timestamp with time zone': day.map((date) => date.toISOString()),
  uuid: fc.uuid(),
  text: fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\0', '')),
};

/** Keys that are all different, that are few, of which one is most, and of which some are null. */
function keysOf(values: fc.Arbitrary<string>): fc.Arbitrary<(string | null)[]> {
  const length = { maxLength: 60 };
  const few = fc.uniqueArray(values, { minLength: 1, maxLength: 3 }).chain((some) => fc.constantFrom(...some));
  return fc.oneof(
    fc.array(values, length),
    fc.array(fc.option(values, { freq: 3 }), length),
    values.chain((most) =>
      fc.array(fc.oneof({ weight: 5, arbitrary: fc.constant(most) }, { weight: 1, arbitrary: values }), length),
    ),
    fc.array(fc.option(few, { freq: 3 }), length),
  );
}

describe('the splits of a table', () => {
  it.each(Object.entries(KEYS))('by %s are the table once, whatever the server knows of it', async (type, values) => {
    const statistics = fc.constantFrom('none', 'of now', 'of before');
    await fc.assert(
      fc.asyncProperty(keysOf(values), statistics, async (keys, known) => {
        const before = known === 'of before' ? keys.slice(0, keys.length / 3) : keys;
        await admin.rows(`DROP TABLE IF EXISTS items; CREATE TABLE items (n int, k ${type})`);
        await insert(type, before, 0);
        if (known !== 'none') await admin.rows('ANALYZE items');
        await insert(type, keys.slice(before.length), before.length);

        // Without statistics the server expects more rows than there are.
        const rows = await rowsOf(table({ splitBy: 'k', columns: ['n'], splitRows: known === 'none' ? 300 : 7 }));

        expect(rows.map(({ n }) => Number(n)).toSorted((a, b) => a - b)).toEqual([...keys.keys()]);
      }),
      { seed: inject('seed'), numRuns: 5 },
    );
  });

  it.each(['by a sample', 'by the statistics'])('are of about the same size, cut %s', async (how) => {
    await admin.rows(`CREATE TABLE items (n int PRIMARY KEY, k text);
      INSERT INTO items SELECT n * n, md5(n::text) FROM generate_series(1, 10000) AS t (n)`);
    if (how === 'by the statistics') await admin.rows('ANALYZE items');
    for (const splitBy of ['n', 'k']) {
      const bounds = await boundsOf(table({ splitBy, splitRows: 2000 }));

      expect(bounds.length).toBeGreaterThanOrEqual(4);
      const counts = await admin.rows<{ rows: string }>(
        `SELECT count(*) AS rows FROM items GROUP BY width_bucket(${splitBy}, $1::text[]::${splitBy === 'n' ? 'int' : 'text'}[])`,
        [bounds],
      );
      for (const { rows } of counts) expect(Number(rows)).toBeLessThan(2500);
    }
  });

  it('follow a table that has outgrown its statistics', async () => {
    await admin.rows(`CREATE TABLE items (n int PRIMARY KEY);
      INSERT INTO items SELECT generate_series(1, 1000); ANALYZE items;
      INSERT INTO items SELECT generate_series(1001, 9000)`);

    const bounds = (await boundsOf(table({ splitRows: 1500 }))).map(Number);

    expect(bounds.length).toBeGreaterThanOrEqual(4);
    expect(bounds.filter((bound) => bound > 1500).length).toBeGreaterThanOrEqual(3);
  });

  it('are one where the table is small, has no key, or is none', async () => {
    await admin.rows(`CREATE TABLE items (n int PRIMARY KEY); ANALYZE items;
      CREATE TABLE loose (n int); INSERT INTO loose SELECT generate_series(1, 5000);
      CREATE VIEW shown AS SELECT * FROM loose`);

    expect(await boundsOf(table({ splitRows: 5000 }))).toEqual([]);
    expect(await boundsOf(table({ table: 'loose', splitRows: 100 }))).toEqual([]);
    expect(await boundsOf(table({ table: 'shown', splitBy: 'n', splitRows: 100 }))).toEqual([]);
    expect(await rowsOf(table({ table: 'shown', splitBy: 'n', splitRows: 100 }))).toHaveLength(5000);
  });

  it('reach into the parts of a partitioned table and into tables that inherit, nulls and all', async () => {
    await admin.rows(`
      CREATE TABLE items (n int, k int) PARTITION BY HASH (n);
      CREATE TABLE items_0 PARTITION OF items FOR VALUES WITH (MODULUS 2, REMAINDER 0);
      CREATE TABLE items_1 PARTITION OF items FOR VALUES WITH (MODULUS 2, REMAINDER 1);
      INSERT INTO items SELECT n, nullif(n % 100, 7) FROM generate_series(1, 3000) AS t (n);
      CREATE TABLE parent (n int, k int);
      CREATE TABLE child () INHERITS (parent);
      INSERT INTO parent SELECT n, n FROM generate_series(1, 1000) AS t (n);
      INSERT INTO child SELECT n, nullif(n, 1500) FROM generate_series(1001, 3000) AS t (n);
      ANALYZE items; ANALYZE parent`);
    for (const name of ['items', 'parent']) {
      const source = (): PostgresSource => table({ table: name, splitBy: 'k', splitRows: 500, columns: ['n'] });

      expect((await boundsOf(source())).length).toBeGreaterThanOrEqual(3);
      const numbers = new Set((await rowsOf(source())).map(({ n }) => n));
      expect([numbers.size, (await rowsOf(source())).length]).toEqual([3000, 3000]);
    }
  });

  it('give rows of one key in one order every time', async () => {
    await admin.rows(`CREATE TABLE items (n int, k int);
      INSERT INTO items SELECT n, n % 3 FROM generate_series(1, 3000) AS t (n); ANALYZE items`);
    const source = (): PostgresSource => table({ splitBy: 'k', splitRows: 1000 });

    const rows = await rowsOf(source());

    expect(rows.map(({ n }) => n)).toEqual(
      rows.toSorted((a, b) => Number(a['k']) - Number(b['k']) || Number(a['n']) - Number(b['n'])).map(({ n }) => n),
    );
  });
});
