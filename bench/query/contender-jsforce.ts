import jsforce from 'jsforce';

import { measure } from '../harness/measure.ts';
import { csvRow } from './expected-facts.ts';
import { API_VERSION, queryInput } from './query-input.ts';
import { RowFacts } from './row-facts.ts';

await measure(async (given) => {
  const { url, clientId, clientSecret, soql } = queryInput.parse(given);
  const connection = new jsforce.Connection({
    oauth2: { loginUrl: url, clientId, clientSecret },
    instanceUrl: url,
    version: API_VERSION,
  });
  await connection.authorize({ grant_type: 'client_credentials' });
  connection.bulk2.pollInterval = 50;
  connection.bulk2.pollTimeout = 600_000;
  const stream = await connection.bulk2.query(soql);
  // Records of text, as its documentation has them.
  const records = (await stream.toArray()) as Readonly<Record<string, string>>[];
  return () => {
    const facts = new RowFacts();
    for (const record of records) facts.add(csvRow(record));
    return facts.facts();
  };
});
