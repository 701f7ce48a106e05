import pg from 'pg';
import QueryStream from 'pg-query-stream';

import { measure } from '../harness/measure.ts';
import { RowFacts } from '../query/row-facts.ts';
import { postgresInput } from './postgres-input.ts';

interface BenchRow {
  readonly Id: string;
  readonly Description__c: string | null;
  readonly Amount__c: string | null;
  readonly Started_At__c: Date | null;
}

await measure(async (given) => {
  const { host, port, database, user, table } = postgresInput.parse(given);
  const client = new pg.Client({ host, port, database, user });
  await client.connect();
  const rows: BenchRow[] = [];
  // Its default of 100 rows a time is slower.
  const stream = client.query(new QueryStream(`SELECT * FROM ${table}`, [], { batchSize: 1000 }));
  // As the driver makes them of the table's columns.
  for await (const row of stream) rows.push(row as BenchRow);
  await client.end();
  return () => {
    const facts = new RowFacts();
    for (const { Id: id, Description__c: description, Amount__c: amount, Started_At__c: started } of rows) {
      facts.add({ id, description, amount, startedMs: started?.getTime() ?? null });
    }
    return facts.facts();
  };
});
