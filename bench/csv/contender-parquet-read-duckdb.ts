import { DuckDBInstance } from '@duckdb/node-api';

import { measurePrepared } from '../harness/measure.ts';
import { csvInput } from './csv-input.ts';
import { tableFacts } from './duckdb-table.ts';
import { parquetPath } from './parquet-path.ts';

await measurePrepared(
  async () => await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect(),
  async (connection, given) => {
    const path = parquetPath(csvInput.parse(given));
    await connection.run(`CREATE TABLE result AS SELECT * FROM read_parquet('${path}')`);
    return async () => await tableFacts(connection);
  },
);
