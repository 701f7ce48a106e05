import { DuckDBInstance } from '@duckdb/node-api';

import { BENCH_COLUMNS } from '../csv/csv-columns.ts';
import { csvInput } from '../csv/csv-input.ts';
import { tableFacts } from '../csv/duckdb-table.ts';
import { measurePrepared } from '../harness/measure.ts';
import { jsonPath } from './json-lines.ts';

await measurePrepared(
  async () => await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect(),
  async (connection, given) => {
    const columns = Object.entries(BENCH_COLUMNS).map(([name, { sql }]) => `'${name}': '${sql}'`);
    await connection.run(`CREATE TABLE result AS SELECT * FROM read_json('${jsonPath(csvInput.parse(given).path)}',
      format = 'newline_delimited', columns = { ${columns.join(', ')} })`);
    return async () => await tableFacts(connection);
  },
);
