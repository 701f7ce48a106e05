import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';
import * as z from 'zod';

import { readCsv } from '../csv/duckdb-table.ts';
import { measurePrepared } from '../harness/measure.ts';
import { parquetFacts } from './parquet-facts.ts';

await measurePrepared(
  async () => ({
    connection: await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect(),
    folder: await mkdtemp(join(tmpdir(), 'sluice-bench-')),
  }),
  async ({ connection, folder }, given) => {
    const { path } = z.object({ path: z.string() }).parse(given);
    await connection.run(`COPY (${readCsv(path)}) TO '${folder}/rows.parquet' (FORMAT parquet, COMPRESSION zstd)`);
    return async () => {
      try {
        return await parquetFacts(folder);
      } finally {
        await rm(folder, { recursive: true });
      }
    };
  },
);
