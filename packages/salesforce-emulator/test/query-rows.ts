import { createOrg } from '../src/org/create-org.ts';
import type { ObjectInput } from '../src/org/org-definition.ts';
import { type Cell, type Org, type QueryOptions, type RecordInput, SoqlFault } from '../src/org/org.ts';

export const NOW_MS = Date.UTC(2026, 2, 18, 15, 30); // a Wednesday

const DEFAULTS: QueryOptions = { includeDeleted: false, api: 'rest', nowMs: NOW_MS, orderSeed: 1 };

/** Every row of a query. */
export function rowsOf(org: Org, soql: string, options: Partial<QueryOptions> = {}): readonly (readonly Cell[])[] {
  using result = org.query(soql, { ...DEFAULTS, ...options });
  return [...result.rows(0, result.totalRows)];
}

/** As `sort` does by default, nulls last. */
export function byText(a: Cell, b: Cell): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : Number(left > right);
}

/** The first column of a query, sorted, for queries whose order does not matter. */
export function columnOf(org: Org, soql: string, options: Partial<QueryOptions> = {}): readonly Cell[] {
  return rowsOf(org, soql, options)
    .map(([cell = null]) => cell)
    .sort(byText);
}

export function headersOf(org: Org, soql: string, options: Partial<QueryOptions> = {}): readonly string[] {
  using result = org.query(soql, { ...DEFAULTS, ...options });
  return result.columns.map(({ header }) => header);
}

export function countOf(org: Org, soql: string): number | undefined {
  using result = org.query(soql, DEFAULTS);
  return result.count;
}

/** The fault a statement is answered with; a statement that is accepted fails the test. */
export function faultOf(org: Org, soql: string, options: Partial<QueryOptions> = {}): SoqlFault {
  try {
    org.query(soql, { ...DEFAULTS, ...options })[Symbol.dispose]();
  } catch (error) {
    if (error instanceof SoqlFault) return error;
    throw error;
  }
  throw new Error(`accepted: ${soql}`);
}

/** An org with one object `Thing__c` of the given fields and records. */
export function orgOf(fields: ObjectInput['fields'], records: Iterable<RecordInput>): Org {
  return createOrg({ objects: { Thing__c: { fields } }, rows: { Thing__c: records } });
}
