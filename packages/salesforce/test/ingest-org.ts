import { copy, fromBatches, secret, type CopyOptions, type Receipt, type Run } from '@sluice/core';
import { createOrg, startEmulator, type Emulator, type StartEmulatorOptions } from '@sluice/salesforce-emulator';
import { Field, Int32, makeData, RecordBatch, Schema, Struct, Utf8, vectorFromArray } from 'apache-arrow';

import { salesforce, type IngestOptions, type OrgOptions, type SalesforceOrg } from '../src/index.ts';

export interface IngestOrg extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly org: SalesforceOrg;
  /** Another client of the same org. */
  connect(options?: Partial<OrgOptions>): SalesforceOrg;
  /** The cells of a query, read past the API. */
  rows(soql: string): readonly (readonly unknown[])[];
}

export interface IngestOrgOptions {
  readonly emulator?: StartEmulatorOptions;
  readonly org?: Partial<OrgOptions>;
}

/** An org with items to write, each of which may belong to one of three boxes. */
export async function ingestOrg(options: IngestOrgOptions = {}): Promise<IngestOrg> {
  const records = createOrg({
    objects: {
      Box__c: { fields: { Code__c: { type: 'string', length: 20, externalId: true, unique: true } } },
      Item__c: {
        fields: {
          Key__c: { type: 'string', length: 40, externalId: true, unique: true },
          Number__c: { type: 'int', digits: 10 },
          Text__c: { type: 'textarea', length: 32_768 },
          Box__c: { type: 'reference', referenceTo: ['Box__c'], relationshipName: 'Box__r' },
        },
      },
    },
    rows: { Box__c: [{ Code__c: 'red' }, { Code__c: 'green' }, { Code__c: 'blue' }] },
  });
  const emulator = await startEmulator({ ...options.emulator, org: records });
  const opened: SalesforceOrg[] = [];
  const connect = (more: Partial<OrgOptions> = {}): SalesforceOrg => {
    const client = salesforce({
      environmentUrl: emulator.url,
      clientId: emulator.clientId,
      clientSecret: secret.value(emulator.clientSecret),
      apiVersion: '64.0',
      proxy: false,
      ...options.org,
      ...more,
    });
    opened.push(client);
    return client;
  };
  return {
    emulator,
    org: connect(),
    connect,
    rows(soql) {
      const query = { includeDeleted: false, api: 'rest', nowMs: emulator.clock.now(), orderSeed: 1 } as const;
      using result = records.query(soql, query);
      return [...result.rows(0, result.totalRows)];
    },
    async [Symbol.asyncDispose]() {
      for (const client of opened) await client[Symbol.asyncDispose]();
      await emulator[Symbol.asyncDispose]();
      records[Symbol.dispose]();
    },
  };
}

export interface Item {
  readonly Key__c: string | null;
  readonly Number__c: number | null;
  readonly Text__c: string | null;
  /** A code; undefined for all where the column is not to be there. */
  readonly box?: string | null;
}

/** Items 0 to `count - 1`, each with text that CSV makes awkward. */
export function items(count: number, change: (n: number) => Partial<Item> = () => ({})): readonly Item[] {
  return Array.from({ length: count }, (_, n) => ({
    Key__c: `key-${n}`,
    Number__c: n,
    Text__c: `Größe "${n}",\nzweite Zeile 🚀`,
    ...change(n),
  }));
}

export function itemSchema(rows: readonly Item[]): Schema {
  const fields = [new Field('Key__c', new Utf8(), true), new Field('Number__c', new Int32(), true)];
  fields.push(new Field('Text__c', new Utf8(), true));
  if (rows[0]?.box !== undefined) fields.push(new Field('Box__r.Code__c', new Utf8(), true));
  return new Schema(fields);
}

export function itemBatch(rows: readonly Item[]): RecordBatch {
  const schema = itemSchema(rows);
  const children = schema.fields.map(({ name, type }) => {
    // The names of the schema are those of an item, but for one.
    const values = rows.map((row) => (name === 'Box__r.Code__c' ? row.box : row[name as keyof Item]) ?? null);
    return vectorFromArray(values, type).data[0]!;
  });
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: rows.length, children }));
}

export interface Load extends Partial<Omit<CopyOptions, 'from' | 'to'>> {
  readonly rows: readonly Item[];
  readonly ingest?: Partial<IngestOptions>;
  readonly batchRows?: number;
  /** Of the source. Default 1. */
  readonly org?: SalesforceOrg;
}

/** A copy of items into `Item__c`, impatient as no program is. */
export function load(target: IngestOrg, { rows, ingest, org = target.org, batchRows = 50, ...options }: Load): Run {
  const schema = itemSchema(rows);
  const batches = (): RecordBatch[] =>
    Array.from({ length: Math.ceil(rows.length / batchRows) }, (_, n) =>
      itemBatch(rows.slice(n * batchRows, (n + 1) * batchRows)),
    );
  return copy({
    from: fromBatches(schema, batches),
    to: org.ingest({ object: 'Item__c', poll: { firstMs: 1, startMs: 1, maxMs: 5 }, ...ingest }),
    retry: { baseMs: 1, maxMs: 5 },
    ...options,
  });
}

/** A copy of columns of text into `Item__c`. */
export function loadColumns(
  target: IngestOrg,
  columns: Readonly<Record<string, readonly (string | null)[]>>,
  ingest: Partial<IngestOptions>,
): Promise<Receipt> {
  const schema = new Schema(Object.keys(columns).map((name) => new Field(name, new Utf8(), true)));
  const children = Object.values(columns).map((values) => vectorFromArray(values, new Utf8()).data[0]!);
  const length = Object.values(columns)[0]?.length ?? 0;
  const batch = new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, children }));
  return copy({
    from: fromBatches(schema, [batch]),
    to: target.org.ingest({ object: 'Item__c', poll: { firstMs: 1, startMs: 1, maxMs: 5 }, ...ingest }),
    retry: { baseMs: 1, maxMs: 5 },
  });
}

/** The numbers of the items in the org, ascending. */
export function numbersIn(target: IngestOrg): readonly number[] {
  return target
    .rows('SELECT Number__c FROM Item__c')
    .map(([n]) => Number(n))
    .sort((a, b) => a - b);
}

/** Ingest jobs that are not over. */
export function unfinishedJobs({ emulator }: IngestOrg): readonly string[] {
  return emulator.ingestJobs.all.filter(({ isTerminal }) => !isTerminal).map(({ id }) => id);
}
