import { availableParallelism } from 'node:os';

import { DuckDBInstance } from '@duckdb/node-api';

import { measurePrepared } from '../harness/measure.ts';
import { RowFacts } from '../query/row-facts.ts';
import { BENCH_COLUMNS } from './csv-columns.ts';
import { csvInput } from './csv-input.ts';

await measurePrepared(
  async (given) => {
    const threads = csvInput.parse(given).threads || availableParallelism();
    const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
    return await instance.connect();
  },
  async (connection, given) => {
    const { path } = csvInput.parse(given);
    const columns = Object.entries(BENCH_COLUMNS).map(([name, { sql }]) => `'${name}': '${sql}'`);
    await connection.run(`
      CREATE TABLE result AS SELECT * FROM read_csv('${path}', auto_detect = false, header = true, delim = ',',
        quote = '"', escape = '"', columns = { ${columns.join(', ')} })`);
    return async () => {
      const facts = new RowFacts();
      const result = await connection.stream(
        'SELECT Id, Description__c, Amount__c::VARCHAR, epoch_ms(Started_At__c)::VARCHAR FROM result',
      );
      for await (const rows of result.yieldRows()) {
        for (const [id, description, amount, startedMs] of rows) {
          facts.add({
            id: textOf(id) ?? '',
            description: textOf(description),
            amount: textOf(amount),
            startedMs: startedMs === null ? null : Number(startedMs),
          });
        }
      }
      return facts.facts();
    };
  },
);

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
