import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Contender, Suite, SuiteOptions } from '../harness/contender.ts';
import { type BenchOrg, startOrg } from './bench-org.ts';
import { expectedFacts } from './expected-facts.ts';
import { rawQuery } from './raw-query.ts';

const DEFAULT_ROWS = 500_000;

/** A query over HTTP, from the login to typed columns or files, against the nearest peer and against the bare download. */
export async function openQuerySuite({ rows = DEFAULT_ROWS }: SuiteOptions): Promise<Suite> {
  await using opening = new AsyncDisposableStack();
  const { org } = opening.use(await startOrg(rows));
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  opening.defer(() => rm(folder, { recursive: true }));
  const path = join(folder, 'rows.csv');
  await writeFile(path, rawQuery(org));
  const used = opening.move();
  return {
    name: 'query',
    title: '20 columns through a query job',
    rows,
    bytes: org.csvBytes,
    expected: await expectedFacts(org),
    contenders: contendersOf(org, path),
    [Symbol.asyncDispose]: () => used.disposeAsync(),
  };
}

function contendersOf(input: BenchOrg, path: string): readonly Contender[] {
  const contender = (name: string, file: string, more: Partial<Contender> = {}): Contender => ({
    name,
    modulePath: modulePath(file),
    ...more,
    input: { ...input, ...more.input },
  });
  return [
    contender('sluice to Parquet (zstd)', 'contender-sluice-parquet.ts', { isOurs: true, input: { gzip: true } }),
    contender('sluice to Parquet (zstd), no gzip', 'contender-sluice-parquet.ts', {
      isOurs: true,
      input: { gzip: false },
    }),
    contender('sluice to Arrow', 'contender-sluice-arrow.ts', {
      isOurs: true,
      input: { gzip: true },
      caveat: 'keeps all batches in memory',
    }),
    contender('jsforce bulk2.query', 'contender-jsforce.ts', {
      caveat: 'records of text without types, all in memory, and nothing written',
    }),
    contender('DuckDB, local file', 'contender-duckdb-file.ts', {
      input: { path },
      caveat: 'one thread, from a file on disk to Parquet (zstd): nothing is downloaded',
    }),
    contender('undici download', 'contender-download.ts', { caveat: 'bytes that nobody looks at: the floor' }),
  ];
}

function modulePath(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
