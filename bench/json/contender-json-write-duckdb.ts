import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';

import { DuckDBInstance } from '@duckdb/node-api';

import { csvInput } from '../csv/csv-input.ts';
import { readCsv } from '../csv/duckdb-table.ts';
import { measurePrepared } from '../harness/measure.ts';
import { jsonFacts, parsedLines } from './json-lines.ts';

await measurePrepared(
  async (given) => {
    const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
    await connection.run(`CREATE TABLE rows AS ${readCsv(csvInput.parse(given).path)}`);
    return connection;
  },
  async (connection, given) => {
    const path = `${csvInput.parse(given).path}.duckdb.jsonl`;
    await connection.run(`COPY rows TO '${path}' (FORMAT json)`);
    return async () => {
      const facts = jsonFacts(parsedLines(readFileSync(path, 'utf8')));
      await rm(path);
      return facts;
    };
  },
);
