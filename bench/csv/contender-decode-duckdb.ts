import { availableParallelism } from 'node:os';

import { DuckDBInstance } from '@duckdb/node-api';

import { measurePrepared } from '../harness/measure.ts';
import { csvInput } from './csv-input.ts';
import { readCsv, tableFacts } from './duckdb-table.ts';

await measurePrepared(
  async (given) => {
    const threads = csvInput.parse(given).threads || availableParallelism();
    const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
    return await instance.connect();
  },
  async (connection, given) => {
    await connection.run(`CREATE TABLE result AS ${readCsv(csvInput.parse(given).path)}`);
    return async () => await tableFacts(connection);
  },
);
