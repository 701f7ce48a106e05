import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';

/** The file as DuckDB reads it and writes it again. */
export async function duckRewrite(file: Uint8Array, options: string): Promise<Uint8Array> {
  return await inFolder(async (folder, run) => {
    await writeFile(join(folder, 'in.parquet'), file);
    await run(`copy (from '${folder}/in.parquet') to '${folder}/out.parquet' (format parquet, ${options})`);
    return await readFile(join(folder, 'out.parquet'));
  });
}

/** A file that DuckDB writes of a query. */
export async function duckFile(query: string, options = 'compression snappy'): Promise<Uint8Array> {
  return await inFolder(async (folder, run) => {
    await run(`copy (${query}) to '${folder}/out.parquet' (format parquet, ${options})`);
    return await readFile(join(folder, 'out.parquet'));
  });
}

async function inFolder<T>(use: (folder: string, run: (sql: string) => Promise<unknown>) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-parquet-'));
  try {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    try {
      await connection.run(`set timezone = 'UTC'`);
      return await use(folder, (sql) => connection.run(sql));
    } finally {
      connection.closeSync();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
