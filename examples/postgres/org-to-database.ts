import { copy, read } from '@sluice/core';
import type { PostgresDatabase } from '@sluice/postgres';
import type { SalesforceOrg } from '@sluice/salesforce';

import { LOADS } from '../demo/load-org.ts';
import { printReceipt } from '../demo/print-receipt.ts';
import { showProgress } from '../demo/show-progress.ts';

export interface OrgToDatabase {
  readonly org: SalesforceOrg;
  readonly db: PostgresDatabase;
  readonly signal: AbortSignal;
}

/** How far each table had come: when the last record in it was changed in the org. */
export type Marks = Readonly<Record<string, string>>;

const FIRST_MARK = '1970-01-01T00:00:00.000Z';

/**
 * Takes each object into a table of its own, by upsert: all records at first, later those that were changed since.
 * The last record comes again each time, because others may have been changed in the same moment. Gives the marks it
 * began at.
 */
export async function orgToDatabase({ org, db, signal }: OrgToDatabase): Promise<Marks> {
  const marks: Record<string, string> = {};
  for (const [name, { object, externalId, columns }] of Object.entries(LOADS)) {
    const mark = await markOf(db, name);
    const soql = `SELECT Id, ${columns.join(', ')}, SystemModstamp FROM ${object} WHERE SystemModstamp >= ${mark}`;
    const run = copy({
      from: org.query(soql, { poll: { firstMs: 100, startMs: 100 } }),
      to: db.load({ table: name, createTable: true }),
      mode: 'upsert',
      keys: [externalId],
      signal,
    });
    showProgress(name, run.progress$);
    printReceipt(`${name} to PostgreSQL`, await run);
    marks[name] = mark;
  }
  return marks;
}

/** The mark is what the table holds, so that it moves with the rows and with nothing else. */
async function markOf(db: PostgresDatabase, table: string): Promise<string> {
  const [found] = await Array.fromAsync(
    read(db.query(`SELECT to_regclass('${table}') IS NOT NULL AS "isThere"`)).rows(),
  );
  if (found?.['isThere'] !== true) return FIRST_MARK;
  const [last] = await Array.fromAsync(
    read(
      db.query(`SELECT to_char(max("SystemModstamp") AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS mark
                  FROM "${table}"`),
    ).rows(),
  );
  const mark = last?.['mark'];
  return typeof mark === 'string' ? mark : FIRST_MARK;
}
