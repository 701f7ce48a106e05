import { secret } from '@sluice/core';
import {
  afterRows,
  changeHeader,
  createOrg,
  dropAt,
  type Emulator,
  type FaultAction,
  type FieldInput,
  startEmulator,
  truncateAt,
  withBody,
} from '@sluice/salesforce-emulator';
import type { SourceFixture, SourceHarness, TestColumn, TestTable } from '@sluice/testkit';
import { valuesOf } from '@sluice/testkit';
import { describeSource } from '@sluice/testkit/vitest';
import { Bool, DateDay, Decimal, Field, Int32, TimeMillisecond, TimestampMillisecond, Utf8 } from 'apache-arrow';
import { inject } from 'vitest';

import { type BulkQueryOptions, salesforce } from '../src/index.ts';
import { answeredFrom, orgFaults } from './remote-faults.ts';

/** Fewer than a long check makes: the log is in the memory that it measures. */
const LOGGED_REQUESTS = 1000;
const SECRET = '9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08';
const RESULTS = /\/results/;
const identity = 'Row_Id__c';

/** Text as an org can hold it: none is null, and what is around it is trimmed, unless the org is told not to. */
const TEXTS = valuesOf(new Utf8()).filter((value) => value !== '');
const CURRENCIES = ['0.00', '0.01', '-0.01', '9999999999999999.99', '-9999999999999999.99', '1.10', null];

interface Column extends TestColumn {
  readonly input: FieldInput;
}

const COLUMNS: readonly Column[] = [
  { field: new Field(identity, new Utf8(), true), input: { type: 'string', length: 80 } },
  { field: new Field('Text__c', new Utf8(), true), values: TEXTS, input: { type: 'textarea', length: 131_072 } },
  { field: new Field('Number__c', new Int32(), true), input: { type: 'int', digits: 10 } },
  {
    field: new Field('Price__c', new Decimal(2, 18, 128), true),
    values: CURRENCIES,
    input: { type: 'currency', precision: 18, scale: 2 },
  },
  { field: new Field('Flag__c', new Bool(), true), values: [true, false, true], input: { type: 'boolean' } },
  { field: new Field('Day__c', new DateDay(), true), input: { type: 'date' } },
  { field: new Field('At__c', new TimestampMillisecond('UTC'), true), input: { type: 'datetime' } },
  { field: new Field('Time__c', new TimeMillisecond(), true), input: { type: 'time' } },
];

/** An org with an object that has the rows of the table. */
async function itemsOrg({
  schema,
  rows,
}: TestTable): Promise<Emulator & { readonly records: ReturnType<typeof createOrg> }> {
  const names = new Set(schema.fields.map(({ name }) => name));
  const fields = Object.fromEntries(
    COLUMNS.filter(({ field }) => names.has(field.name)).map(({ field, input }) => [field.name, input]),
  );
  const records = createOrg({
    objects: { Item__c: { fields } },
    // Cells of these types are text, numbers and booleans.
    rows: { Item__c: rows as never },
    exactDecimals: true,
    keepWhiteSpace: true,
    keepMilliseconds: true,
  });
  const emulator = await startEmulator({
    org: records,
    clientSecret: SECRET,
    results: { pageRows: 25 },
    loggedRequests: LOGGED_REQUESTS,
  });
  return Object.assign(emulator, { records });
}

/** The name of a column is another in the header row. */
function renamed(from: string, to: string): FaultAction {
  return {
    async after(reply) {
      const body = Buffer.concat(await Array.fromAsync(reply.body ?? []));
      return withBody(reply, [Buffer.from(body.toString('utf8').replace(from, to))]);
    },
  };
}

function faultsOf(emulator: Emulator): NonNullable<SourceFixture['faults']> {
  const once = (action: FaultAction) => () => emulator.faults.add({ match: { path: RESULTS, nth: 3 }, action });
  return {
    ...orgFaults(emulator),
    cut: once(dropAt(afterRows(7))),
    truncate: once(truncateAt(afterRows(7))),
    miscount: () =>
      emulator.faults.add({
        match: { path: RESULTS },
        action: changeHeader('Sforce-NumberOfRecords', (count) =>
          count === undefined ? null : String(Number(count) + 1),
        ),
      }),
    lost: () => answeredFrom(emulator, 404, () => emulator.jobs.all.forEach(({ id }) => emulator.jobs.remove(id))),
    schemaChange: () => emulator.faults.add({ match: { path: RESULTS }, action: renamed('Text__c', 'Test__c') }),
  };
}

function harness(
  name: string,
  options: BulkQueryOptions,
  variants: Readonly<Record<string, BulkQueryOptions>>,
): SourceHarness {
  return {
    kind: 'source',
    name,
    columns: COLUMNS,
    identity,
    manyRows: 120,
    // The memory of long copies is measured by itself, in a process without the org.
    longRows: 200_000,
    secrets: [SECRET],
    badOptions: [
      {
        what: 'a page of no rows',
        mentions: 'pageSize',
        make: () =>
          salesforce({
            environmentUrl: 'https://example.my.salesforce.com',
            clientId: 'id',
            clientSecret: secret.value(SECRET),
            apiVersion: '64.0',
          }).query('SELECT Id FROM Account', { pageSize: 0 }),
      },
    ],
    async fixture(table) {
      const emulator = await itemsOrg(table);
      const stack = new AsyncDisposableStack();
      stack.defer(() => emulator.records[Symbol.dispose]());
      stack.use(emulator);
      const names = table.schema.fields.map(({ name }) => name).join(', ');
      const source = (more: BulkQueryOptions = options) => {
        const org = stack.use(
          salesforce({
            environmentUrl: emulator.url,
            clientId: emulator.clientId,
            clientSecret: secret.value(SECRET),
            apiVersion: '64.0',
            proxy: false,
          }),
        );
        const query = org.query(`SELECT ${names} FROM Item__c`, more);
        // Each instance stands for a process of its own, connections included.
        return { ...query, [Symbol.asyncDispose]: () => org[Symbol.asyncDispose]() };
      };
      return {
        source: () => source(),
        requests: () => emulator.requests.all.at(-1)?.number ?? 0,
        peakRequests: () => emulator.requests.peak,
        leftovers: async () => emulator.jobs.all.map(({ id }) => id),
        faults: faultsOf(emulator),
        variants: Object.fromEntries(Object.entries(variants).map(([way, more]) => [way, () => source(more)])),
        [Symbol.asyncDispose]: () => stack.disposeAsync(),
      };
    },
  };
}

const seed = inject('seed');
const long = inject('long');
const inSequence: BulkQueryOptions = { parallelPages: false };
const ways = { 'pages of 7 rows': { pageSize: 7 }, 'pages in sequence': inSequence, 'pages in parallel': {} };

describeSource(harness('salesforce query, parallel pages', {}, ways), {
  seed,
  long,
  record: 'conformance/query-parallel.json',
});
describeSource(harness('salesforce query, pages in sequence', inSequence, ways), {
  seed,
  long,
  record: 'conformance/query-sequence.json',
});
