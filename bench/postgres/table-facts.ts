import pg from 'pg';
import QueryStream from 'pg-query-stream';

import type { Facts } from '../harness/contender.ts';
import { RowFacts, type FactRow } from '../query/row-facts.ts';
import type { PostgresInput } from './postgres-input.ts';

/** What the rows of a table add up to, by a driver that is not ours. */
export async function tableFacts({ table, host, port, database, user }: PostgresInput): Promise<Facts> {
  const client = new pg.Client({ host, port, database, user });
  await client.connect();
  try {
    const facts = new RowFacts();
    const stream = client.query(
      new QueryStream(
        `SELECT "Id" AS id, "Description__c" AS description, "Amount__c"::text AS amount,
                (extract(epoch FROM "Started_At__c") * 1000)::float8 AS "startedMs" FROM ${table}`,
        [],
        { batchSize: 1000 },
      ),
    );
    // As the statement has it.
    for await (const row of stream) facts.add(row as FactRow);
    return facts.facts();
  } finally {
    await client.end();
  }
}
