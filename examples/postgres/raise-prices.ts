import { copy } from '@sluice/core';

import { printReceipt } from '../demo/print-receipt.ts';
import type { OrgToDatabase } from './org-to-database.ts';

/** Companies of one sector at a higher price, as a query on the database gives them, into the org they came from. */
export async function raisePrices({ org, db, signal }: OrgToDatabase): Promise<void> {
  const raised = db.query(`
    SELECT "Symbol__c", ("Price__c" * 1.05)::numeric(18, 2) AS "Price__c" FROM companies
     WHERE "Sector__c" = 'Building Products' ORDER BY 1`);
  const receipt = await copy({
    from: raised,
    to: org.ingest({
      object: 'Company__c',
      operation: 'upsert',
      externalId: 'Symbol__c',
      poll: { firstMs: 100, startMs: 100 },
    }),
    signal,
  });
  printReceipt('companies, prices raised', receipt);
}
