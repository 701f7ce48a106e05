import { read, secret } from '@sluice/core';
import { salesforce } from '@sluice/salesforce';
import type { Emulator } from '@sluice/salesforce-emulator';

const QUERIES = [
  'SELECT Code__c, Name, Continent__c, Keywords__c FROM Country__c',
  'SELECT Symbol__c, Name, Sector__c, Price__c, Dividend_Yield__c, Market_Cap__c FROM Company__c',
];

/** Every record the example moves, as text, so that two orgs can be held against each other. */
export async function recordsOf({ url, clientId, clientSecret }: Emulator): Promise<ReadonlySet<string>> {
  await using org = salesforce({
    environmentUrl: url,
    apiVersion: '60.0',
    clientId,
    clientSecret: secret.value(clientSecret),
  });
  const records = new Set<string>();
  for (const query of QUERIES) {
    for await (const row of read(org.query(query, { poll: { firstMs: 100, startMs: 100 } })).rows()) {
      records.add(JSON.stringify(row));
    }
  }
  return records;
}
