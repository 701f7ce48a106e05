import { execFile } from 'node:child_process';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { collect, copy, Secret, SluiceError } from '@sluice/core';
import { postgres, type PostgresDatabase, type PostgresOptions } from '@sluice/postgres';
import { Type } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type PostgresServer, startPostgres } from '../../../test/servers/postgres-server.ts';

let server: PostgresServer;
let db: PostgresDatabase;

beforeAll(async () => {
  server = await startPostgres();
  db = postgres(server.options);
});
afterAll(async () => await server[Symbol.asyncDispose]());

describe('statements', () => {
  it('give what each of them gave, cells as the server writes them', async () => {
    const { results, notices } = await db.run([
      {
        sql: `CREATE TABLE item (id integer PRIMARY KEY, price numeric, seen timestamptz);
                INSERT INTO item VALUES (1, 1.50, '2026-01-31T08:05:00Z'), (2, NULL, NULL);
                DO $$ BEGIN RAISE NOTICE 'two rows'; END $$;
                SELECT * FROM item ORDER BY id`,
      },
    ]);

    expect(results.map(({ command, rowCount }) => [command, rowCount])).toEqual([
      ['CREATE', undefined],
      ['INSERT', 2],
      ['DO', undefined],
      ['SELECT', 2],
    ]);
    expect(results[3]).toMatchObject({
      fields: [
        { name: 'id', type: 'int4' },
        { name: 'price', type: 'numeric' },
        { name: 'seen', type: 'timestamptz' },
      ],
      rows: [
        ['1', '1.50', '2026-01-31 08:05:00+00'],
        ['2', null, null],
      ],
    });
    expect(notices).toEqual(['two rows']);
  });

  it('bind values, whatever is in them', async () => {
    const odd = `'; DROP TABLE item; --`;
    const { results } = await db.run([{ sql: 'SELECT $1::text AS a, $2::integer + 1 AS b', values: [odd, '41'] }]);

    expect(results[0]!.rows).toEqual([[odd, '42']]);
  });

  it('take effect together or not at all', async () => {
    await db.run([{ sql: 'CREATE TABLE pair (id integer PRIMARY KEY)' }]);
    const insert = { sql: 'INSERT INTO pair VALUES ($1::integer)', values: ['1'] };

    await expect(db.run([insert, insert])).rejects.toMatchObject({
      code: 'VALUE_INVALID',
      message: expect.stringContaining('pair_pkey') as string,
    });
    const { results } = await db.run([{ sql: 'SELECT count(*) FROM pair' }]);

    expect(results[0]!.rows).toEqual([['0']]);
  });

  it('keep as many rows as are wanted, and count the others', async () => {
    const { results } = await db.run([{ sql: 'SELECT generate_series(1, 100000) AS n' }], { maxRows: 3 });

    expect(results[0]).toMatchObject({ totalRows: 100_000, rows: [['1'], ['2'], ['3']] });
  });

  it('end with the signal', async () => {
    const stop = new AbortController();
    const running = db.run([{ sql: 'SELECT pg_sleep(60)' }], { signal: stop.signal });
    const reason = new Error('enough');
    setImmediate(() => stop.abort(reason));

    await expect(running).rejects.toBe(reason);
  });

  it('find tables by the search path, and make dates in the time zone, that are given', async () => {
    await db.run([{ sql: 'CREATE SCHEMA "Odd ""one"; CREATE TABLE "Odd ""one".hidden AS SELECT 1 AS n' }]);
    const there = postgres({ ...server.options, searchPath: '"Odd ""one", public', timeZone: 'Asia/Tokyo' });
    const sql = `SELECT n, to_char('2026-01-31T20:00:00Z'::timestamptz, 'YYYY-MM-DD') FROM hidden`;

    expect((await there.run([{ sql }])).results[0]!.rows).toEqual([['1', '2026-02-01']]);
  });
});

describe('the description of a table', () => {
  it('tells its columns and what identifies a row', async () => {
    await db.run([
      {
        sql: `CREATE TABLE described (a numeric(10,2), b uuid, c timestamptz NOT NULL,
                  UNIQUE (c), PRIMARY KEY (b, a))`,
      },
    ]);

    const { columns, uniqueKeys, hasPrimaryKey } = await db.describe({ table: 'described' });

    expect(columns.map(({ name, type, arrowType }) => [name, type, Type[arrowType.typeId]])).toEqual([
      ['a', 'numeric(10,2)', 'Decimal'],
      ['b', 'uuid', 'Utf8'],
      ['c', 'timestamp with time zone', 'Timestamp'],
    ]);
    expect(uniqueKeys).toEqual([['b', 'a'], ['c']]);
    expect(hasPrimaryKey).toBe(true);
    await expect(db.describe({ table: 'describd' })).rejects.toMatchObject({
      code: 'OBJECT_UNKNOWN',
      hint: 'Did you mean described?',
    });
  });
});

describe('encryption', () => {
  const options = (tls: NonNullable<PostgresOptions['tls']>, more: Partial<PostgresOptions> = {}): PostgresOptions => ({
    ...server.options,
    tls,
    ...more,
  });
  const outcomeOf = async (given: PostgresOptions): Promise<unknown> => {
    try {
      const rows = collect();
      await copy({ from: postgres(given).query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'), to: rows });
      return rows.table().get(0)!['ssl'];
    } catch (error) {
      return SluiceError.is(error) ? error.code : error;
    }
  };

  it('is done without where the server offers none and it is only preferred', async () => {
    expect(await outcomeOf(options('prefer'))).toBe(false);
    expect(await outcomeOf(options('encrypt'))).toBe('CONFIG_INVALID');
  });

  it('holds the certificate against its authority, its name, or neither, and shows one of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=elsewhere', '-addext', 'subjectAltName=DNS:elsewhere'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    await promisify(execFile)('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject]);
    if (process.getuid?.() === 0) await Promise.all([folder, key, cert].map((path) => chown(path, 65_534, 65_534)));
    const files = { ssl_cert_file: cert, ssl_key_file: key, ssl_ca_file: cert };
    for (const [name, file] of Object.entries(files)) await db.run([{ sql: `ALTER SYSTEM SET ${name} = '${file}'` }]);
    await db.run([{ sql: 'ALTER SYSTEM SET ssl = on' }]);
    await db.run([{ sql: 'SELECT pg_reload_conf()' }]);
    // Reloading is a signal, which takes its time.
    while ((await db.run([{ sql: 'SHOW ssl' }])).results[0]!.rows[0]![0] !== 'on');
    const ca = await readFile(cert, 'utf8');
    const own = { certificate: ca, key: new Secret(await readFile(key, 'utf8')) };

    expect(await outcomeOf(options('prefer'))).toBe(true);
    expect(await outcomeOf(options('off'))).toBe(false);
    expect(await outcomeOf(options('verify'))).toBe('CONNECTION_LOST');
    expect(await outcomeOf(options('verify', { ca }))).toBe('CONNECTION_LOST');
    expect(await outcomeOf(options('verify-ca', { ca }))).toBe(true);
    expect(await outcomeOf(options('encrypt', { clientCertificate: own }))).toBe(true);
    const shown = await postgres(options('encrypt', { clientCertificate: own })).run([
      { sql: 'SELECT client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()' },
    ]);
    await rm(folder, { recursive: true });

    expect(shown.results[0]!.rows).toEqual([['/CN=elsewhere']]);
  });
});
