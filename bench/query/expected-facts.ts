import { Readable } from 'node:stream';

import { parse } from 'csv-parse';

import type { Facts } from '../harness/contender.ts';
import type { QueryInput } from './query-input.ts';
import { rawQuery } from './raw-query.ts';
import { RowFacts } from './row-facts.ts';

/** What the rows of a query add up to by a parser that is no contender. */
export async function expectedFacts(input: QueryInput): Promise<Facts> {
  return await csvFacts(rawQuery(input));
}

/** The same of any CSV of the benchmark's columns, with a header row. */
export async function csvFacts(chunks: AsyncIterable<Uint8Array>): Promise<Facts> {
  const facts = new RowFacts();
  let csvBytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      csvBytes += chunk.byteLength;
      yield chunk;
    }
  }
  const rows = Readable.from(counted(), { objectMode: false }).pipe(parse({ columns: true }));
  for await (const row of rows) facts.add(csvRow(row as Readonly<Record<string, string>>));
  return { ...facts.facts(), csvBytes };
}

/** A row of text cells by column name. */
export function csvRow(row: Readonly<Record<string, string>>) {
  const started = row['Started_At__c'] ?? '';
  return {
    id: row['Id'] ?? '',
    description: row['Description__c'] ?? '',
    amount: row['Amount__c'] ?? '',
    startedMs: started === '' ? null : Date.parse(started),
  };
}
