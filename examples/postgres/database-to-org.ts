import { copy } from '@sluice/core';
import { mapping } from '@sluice/core/mapping';

import { LOADS } from '../demo/load-org.ts';
import { printReceipt } from '../demo/print-receipt.ts';
import type { Marks, OrgToDatabase } from './org-to-database.ts';

/** Takes the rows from the marks on into an org, by their external ids. */
export async function databaseToOrg({ db, org, signal }: OrgToDatabase, since: Marks): Promise<void> {
  for (const [name, { object, externalId, columns }] of Object.entries(LOADS)) {
    const receipt = await copy({
      from: db.table({ table: name, where: `"SystemModstamp" >= timestamptz '${since[name]}'` }),
      map: mapping({ columns }),
      to: org.ingest({ object, operation: 'upsert', externalId, poll: { firstMs: 100, startMs: 100 } }),
      signal,
    });
    printReceipt(`${name} to the other org`, receipt);
  }
}
