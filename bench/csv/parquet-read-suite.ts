import { DuckDBInstance } from '@duckdb/node-api';

import type { Suite, SuiteOptions } from '../harness/contender.ts';
import { openCsvSuite } from './csv-suite.ts';
import { readCsv } from './duckdb-table.ts';
import { parquetPath } from './parquet-path.ts';

const COMPRESSIONS = ['snappy', 'zstd'] as const;

/** From a Parquet file of another writer to columns in memory. */
export async function openParquetReadSuite(options: SuiteOptions): Promise<Suite> {
  const contenders = (name: string, file: string, caveat?: string) =>
    COMPRESSIONS.map((compression) => ({
      name: `${name}, ${compression}`,
      file,
      input: { compression },
      ...(caveat === undefined ? { isOurs: true } : { caveat }),
    }));
  return await openCsvSuite(
    {
      name: 'parquet-read',
      title: 'a Parquet file of 20 columns, written by DuckDB, to columns in memory',
      rows: 200_000,
      prepare: writeParquet,
      contenders: [
        ...contenders('sluice', 'contender-parquet-read-sluice.ts'),
        ...contenders(
          'DuckDB, one thread',
          'contender-parquet-read-duckdb.ts',
          'read_parquet into a table of its own layout',
        ),
        ...contenders(
          'hyparquet',
          'contender-parquet-read-hyparquet.ts',
          'arrays of values, decimals as whole numbers',
        ),
      ],
    },
    options,
  );
}

async function writeParquet(path: string): Promise<void> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    for (const compression of COMPRESSIONS) {
      await connection.run(
        `COPY (${readCsv(path)}) TO '${parquetPath({ path, compression })}' (FORMAT parquet, COMPRESSION ${compression})`,
      );
    }
  } finally {
    connection.closeSync();
  }
}
