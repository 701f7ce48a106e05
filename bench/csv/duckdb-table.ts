import type { DuckDBConnection } from '@duckdb/node-api';

import type { Facts } from '../harness/contender.ts';
import { RowFacts } from '../query/row-facts.ts';
import { BENCH_COLUMNS } from './csv-columns.ts';

/** A query of the rows of the file, typed. */
export function readCsv(path: string): string {
  const columns = Object.entries(BENCH_COLUMNS).map(([name, { sql }]) => `'${name}': '${sql}'`);
  return `SELECT * FROM read_csv('${path}', auto_detect = false, header = true, delim = ',',
    quote = '"', escape = '"', columns = { ${columns.join(', ')} })`;
}

/** What the rows of the table `result` add up to. */
export async function tableFacts(connection: DuckDBConnection): Promise<Facts> {
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
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
