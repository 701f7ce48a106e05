import { type AddedFault, scheduledFault, type ScheduledFault } from '@sluice/salesforce-emulator';

import type { QuerySource, SalesforceOrg } from '../../src/index.ts';
import { emulatedOrg, itemText, type EmulatedOrg } from '../emulated-org.ts';
import type { StoredRow } from '../parquet-cells.ts';
import { anyIs } from './fault-traits.ts';

export type Paging = 'parallel' | 'sequence';

/** How the org and its client are set up. */
export interface Setting {
  readonly paging: Paging;
  readonly gzip: boolean;
}

export const ITEM_COUNT = 120;
/** More pages than one list of links holds. */
const PAGE_ROWS = 20;
export const QUERY = 'SELECT Id, Number__c, Text__c, Price__c FROM Item__c';
/** Virtual; a real fraction of a second. */
const QUERY_TIMEOUT_MS = 400_000;
/** Real. Where nothing stalls, no wait is to end by itself, however busy the machine. */
const STALL_MS = 250;
const NO_STALL_MS = 60_000;

export interface FaultyOrg extends EmulatedOrg {
  readonly added: readonly AddedFault[];
}

/** An org of its own, with the faults in their places. */
export async function faultyOrg(faults: readonly ScheduledFault[], { gzip }: Setting): Promise<FaultyOrg> {
  const timeoutMs = anyIs(faults, 'stalls') ? STALL_MS : NO_STALL_MS;
  const emulated = await emulatedOrg({
    items: ITEM_COUNT,
    emulator: { results: { pageRows: PAGE_ROWS } },
    org: { gzip, responseTimeoutMs: timeoutMs, stallTimeoutMs: timeoutMs },
  });
  return { ...emulated, added: faults.map((fault) => emulated.emulator.faults.add(scheduledFault(fault))) };
}

export function itemsOf(org: SalesforceOrg, faults: readonly ScheduledFault[], { paging }: Setting): QuerySource {
  return org.query(QUERY, {
    parallelPages: paging === 'parallel',
    ...(anyIs(faults, 'hangs') ? { queryTimeoutMs: QUERY_TIMEOUT_MS } : {}),
  });
}

/** How rows differ from the items of the org, each there once, cell by cell. */
export function rowProblems(rows: readonly StoredRow[]): readonly string[] {
  const byNumber = new Map(rows.map((row) => [row['Number__c'], row]));
  const wrong = Array.from({ length: ITEM_COUNT }, (_, n) => n).filter((n) => {
    const row = byNumber.get(n);
    return row?.['Text__c'] !== itemText(n) || row['Price__c'] !== (n / 4).toFixed(2);
  });
  const ids = new Set(rows.map((row) => row['Id']));
  return [
    ...(rows.length === ITEM_COUNT && ids.size === ITEM_COUNT ? [] : [`${rows.length} rows, ${ids.size} ids`]),
    ...(wrong.length === 0 ? [] : [`wrong or missing: items ${wrong.slice(0, 5).join(', ')}`]),
  ];
}
