import { secret, type Context, type Delivery, type Json } from '@sluice/core';
import { createOrg, startEmulator, type Emulator, type StartEmulatorOptions } from '@sluice/salesforce-emulator';

import {
  salesforce,
  type BulkQueryOptions,
  type OrgOptions,
  type QueryPosition,
  type QuerySource,
  type QuerySplit,
  type QueryState,
  type SalesforceOrg,
} from '../src/index.ts';
import type { TestRun } from './run-context.ts';

export interface EmulatedOrg extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly org: SalesforceOrg;
  /** Another client of the same org. */
  connect(options?: Partial<OrgOptions>): SalesforceOrg;
}

export interface EmulatedOrgOptions {
  readonly emulator?: StartEmulatorOptions;
  readonly org?: Partial<OrgOptions>;
  /** Rows of `Item__c`; without, the org is the one over real data. */
  readonly items?: number;
}

/** Text with everything that CSV makes awkward. */
export function itemText(n: number): string {
  return `Größe "${n}",\nzweite Zeile 🚀 ${'x'.repeat(n % 40)}.`;
}

export async function emulatedOrg({
  emulator: given,
  org: options,
  items,
}: EmulatedOrgOptions = {}): Promise<EmulatedOrg> {
  const records = items === undefined ? undefined : itemsOrg(items);
  const emulator = await startEmulator({ ...given, ...(records === undefined ? {} : { org: records }) });
  const opened: SalesforceOrg[] = [];
  const connect = (more: Partial<OrgOptions> = {}): SalesforceOrg => {
    const client = salesforce({
      environmentUrl: emulator.url,
      clientId: emulator.clientId,
      clientSecret: secret.value(emulator.clientSecret),
      apiVersion: '64.0',
      proxy: false,
      ...options,
      ...more,
    });
    opened.push(client);
    return client;
  };
  return {
    emulator,
    org: connect(),
    connect,
    async [Symbol.asyncDispose]() {
      for (const client of opened) await client[Symbol.asyncDispose]();
      await emulator[Symbol.asyncDispose]();
      records?.[Symbol.dispose]();
    },
  };
}

function itemsOrg(count: number) {
  const field = (type: string, more: object = {}) => ({ type, ...more }) as never;
  return createOrg({
    objects: {
      Item__c: {
        fields: {
          Number__c: field('int'),
          Text__c: field('textarea', { length: 32_768 }),
          Price__c: field('currency', { precision: 18, scale: 2 }),
          Kind__c: field('picklist', { picklistValues: ['red', 'green', 'blue'] }),
        },
      },
    },
    rows: {
      Item__c: Array.from({ length: count }, (_, n) => ({
        Number__c: n,
        Text__c: itemText(n),
        Price__c: n / 4,
        Kind__c: ['red', 'green', 'blue', null][n % 4],
      })),
    },
  });
}

export const ITEMS = 'SELECT Number__c, Text__c FROM Item__c';

/** Plans and finds all splits, each through JSON, as the journal keeps them. */
export async function startedQuery(
  org: SalesforceOrg,
  run: TestRun,
  query = ITEMS,
  options: BulkQueryOptions = {},
): Promise<{ readonly source: QuerySource; readonly plan: QueryState; readonly splits: readonly QuerySplit[] }> {
  const source = org.query(query, options);
  const { state } = await source.plan(run.ctx);
  const plan = kept(state);
  const splits: QuerySplit[] = [];
  for await (const split of source.splits(plan, run.ctx)) splits.push(kept(split));
  return { source, plan, splits };
}

export interface ReadRow {
  readonly [column: string]: unknown;
}

export function rowsOf({ batch }: Delivery<Json>): readonly ReadRow[] {
  return Array.from({ length: batch.numRows }, (_, row) => {
    const cells = batch.schema.fields.map(({ name }, column) => [name, batch.getChildAt(column)?.get(row) as unknown]);
    return Object.fromEntries(cells) as ReadRow;
  });
}

/** Every delivery of a split. */
export async function deliveriesOf(
  source: QuerySource,
  plan: QueryState,
  split: QuerySplit,
  ctx: Context,
  from?: QueryPosition,
): Promise<readonly Delivery<QueryPosition>[]> {
  return await Array.fromAsync(source.read(plan, split, ctx, from));
}

/** All rows of all splits. */
export async function allRows(
  { source, plan, splits }: Awaited<ReturnType<typeof startedQuery>>,
  ctx: Context,
): Promise<readonly ReadRow[]> {
  const rows: ReadRow[] = [];
  for (const split of splits) {
    for (const delivery of await deliveriesOf(source, plan, split, ctx)) rows.push(...rowsOf(delivery));
  }
  return rows;
}

/** Items as a page with another order and case of columns. */
export function csvOfItems(count: number): Buffer {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const rows = Array.from({ length: count }, (_, n) => `${quoted(itemText(n))},${quoted(String(n))}\n`);
  return Buffer.from(`"TEXT__C","number__C"\n${rows.join('')}`);
}

/** Fails unless the rows are the items 0 to `count - 1`, each once, with their texts. */
export function missingItems(rows: readonly ReadRow[], count: number): readonly string[] {
  const seen = new Map(rows.map((row) => [row['Number__c'], row['Text__c']]));
  const problems = Array.from({ length: count }, (_, n) => (seen.get(n) === itemText(n) ? [] : [`item ${n}`])).flat();
  return rows.length === count ? problems : [...problems, `${rows.length} rows`];
}

/** Through JSON, as everything goes that a run keeps. */
export function kept<T extends Json>(value: T): T {
  // What comes back is what went in.
  return JSON.parse(JSON.stringify(value)) as T;
}
