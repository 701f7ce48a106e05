import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

import pg from 'pg';
import { from } from 'pg-copy-streams';

import { type PostgresServer, startPostgres } from '../../test/servers/postgres-server.ts';
import { type BenchFile, createBenchFile } from '../csv/bench-file.ts';
import type { Contender } from '../harness/contender.ts';
import { createTable, CSV_FORM, runSql } from './bench-table.ts';

/** Nothing is left to run beside the contenders, and log files are not what is measured. */
const SETTINGS = ['autovacuum=off', 'shared_buffers=256MB', 'max_wal_size=4GB', 'checkpoint_timeout=1h'];

export interface BenchDatabase extends AsyncDisposable {
  readonly options: PostgresServer['options'];
  /** What the table `bench_rows` was made of. */
  readonly csv: BenchFile;
}

/** A server of this run's own with the benchmark's rows in a table, loaded by what is not ours. */
export async function openBenchDatabase(rows: number): Promise<BenchDatabase> {
  await using opening = new AsyncDisposableStack();
  const csv = opening.use(await createBenchFile(rows));
  const { options } = opening.use(await startPostgres({ settings: SETTINGS }));
  await runSql(options, createTable('bench_rows'));
  await loadCsv(options, csv.path);
  await runSql(options, 'ALTER TABLE bench_rows ADD PRIMARY KEY ("Id")', 'VACUUM ANALYZE bench_rows');
  const opened = opening.move();
  return { options, csv, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

async function loadCsv({ host, port, database, user }: PostgresServer['options'], path: string): Promise<void> {
  const client = new pg.Client({ host, port, database, user });
  await client.connect();
  await pipeline(createReadStream(path), client.query(from(`COPY bench_rows FROM STDIN ${CSV_FORM}`)));
  await client.end();
}

export type ContenderOf = (name: string, file: string, more?: Partial<Contender>) => Contender;

/** Contenders of this folder, with where the database is besides their own input. */
export function contendersOf({ options, csv }: BenchDatabase): ContenderOf {
  return (name, file, more = {}) => ({
    name,
    modulePath: fileURLToPath(new URL(file, import.meta.url)),
    ...more,
    input: { ...options, path: csv.path, table: 'bench_rows', ...more.input },
  });
}
