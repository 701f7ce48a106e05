import { read, type Row } from '@sluice/core';
import type { SalesforceOrg } from '@sluice/salesforce';

import { LOADS } from './load-org.ts';
import { count } from './show-progress.ts';

/**
 * Reads both orgs and compares them record by record.
 *
 * @param expected What a record of the first is to be in the second. Default: the same.
 * @throws naming the first record that is another.
 */
export async function compareOrgs(
  from: SalesforceOrg,
  to: SalesforceOrg,
  expected: (name: string, record: Row) => Row = (_name, record) => record,
): Promise<void> {
  for (const [name, { object, externalId, columns }] of Object.entries(LOADS)) {
    const soql = `SELECT ${columns.join(', ')} FROM ${object}`;
    const [before, after] = [await recordsOf(from, soql, externalId), await recordsOf(to, soql, externalId)];
    if (before.size !== after.size) throw new Error(`${name}: ${before.size} records became ${after.size}`);
    for (const [key, record] of before) {
      const wanted = JSON.stringify(expected(name, record));
      const found = JSON.stringify(after.get(key));
      if (found !== wanted) throw new Error(`${name}: ${key} was to be ${wanted}, and is ${found}`);
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
