import { read, type Row } from '@sluice/core';
import type { SalesforceOrg } from '@sluice/salesforce';

import { LOADS, RAISE, RAISED_SECTOR } from './load-org.ts';
import { count } from './show-progress.ts';

/** Reads both orgs and compares them record by record. @throws naming the first record that is another. */
export async function compareOrgs(from: SalesforceOrg, to: SalesforceOrg): Promise<void> {
  for (const [name, { object, externalId, columns }] of Object.entries(LOADS)) {
    const soql = `SELECT ${columns.join(', ')} FROM ${object}`;
    const [before, after] = [await recordsOf(from, soql, externalId), await recordsOf(to, soql, externalId)];
    if (before.size !== after.size) throw new Error(`${name}: ${before.size} records became ${after.size}`);
    for (const [key, record] of before) {
      const expected = JSON.stringify(name === 'companies' ? raised(record) : record);
      const found = JSON.stringify(after.get(key));
      if (found !== expected) throw new Error(`${name}: ${key} was to be ${expected}, and is ${found}`);
    }
    console.log(`${name}: ${count(after.size)} records are there, each as it was meant to be`);
  }
}

async function recordsOf(org: SalesforceOrg, soql: string, key: string): Promise<ReadonlyMap<string, Row>> {
  const records = new Map<string, Row>();
  const rows = read(org.query(soql, { poll: { firstMs: 100, startMs: 100 } })).rows();
  for await (const row of rows) records.set(JSON.stringify(row[key]), row);
  return records;
}

/** What raising prices is to have done. */
function raised(company: Row): Row {
  const price = company['Price__c'];
  if (company['Sector__c'] !== RAISED_SECTOR || typeof price !== 'string') return company;
  const thousandths = BigInt(price.replace('.', '')) + RAISE;
  return { ...company, Price__c: `${thousandths / 1000n}.${String(thousandths % 1000n).padStart(3, '0')}` };
}
