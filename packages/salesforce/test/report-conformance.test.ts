import { secret } from '@sluice/core';
import { decimalType } from '@sluice/core/decimal';
import {
  afterBytes,
  changeJson,
  createOrg,
  dropAt,
  type Emulator,
  type FaultAction,
  type FieldInput,
  startEmulator,
  truncateAt,
} from '@sluice/salesforce-emulator';
import type { SourceFixture, SourceHarness, TestColumn, TestTable } from '@sluice/testkit';
import { valuesOf } from '@sluice/testkit';
import { describeSource } from '@sluice/testkit/vitest';
import { Bool, DateDay, Field, Int64, TimeMillisecond, TimestampMillisecond, Utf8 } from 'apache-arrow';
import { inject } from 'vitest';

import { salesforce } from '../src/index.ts';
import { orgFaults } from './remote-faults.ts';

/** Fewer than a long check makes: the log is in the memory that it measures. */
const LOGGED_REQUESTS = 1000;
const SECRET = '9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08';
const RUN = /includeDetails=true/;
const identity = 'Row_Id__c';
/** With the digits that a report's numbers have. */
const AMOUNTS = ['0', '0.01', '-0.01', '1234567.5', '-99999999999.25', null].map((text) =>
  text === null ? null : `${text}${text.includes('.') ? '' : '.'}`.padEnd(text.replace(/\..*/, '').length + 19, '0'),
);

interface Column extends TestColumn {
  readonly input: FieldInput;
}

const COLUMNS: readonly Column[] = [
  { field: new Field(identity, new Utf8(), true), input: { type: 'string', length: 80 } },
  {
    field: new Field('Text__c', new Utf8(), true),
    values: valuesOf(new Utf8()).filter((value) => value !== ''),
    input: { type: 'textarea', length: 131_072 },
  },
  {
    field: new Field('Number__c', new Int64(), true),
    values: [0n, 7n, -2_147_483_648n, 2_147_483_647n, null],
    input: { type: 'int', digits: 10 },
  },
  {
    field: new Field('Amount__c', decimalType(38, 18), true),
    values: AMOUNTS,
    input: { type: 'currency', precision: 38, scale: 18 },
  },
  { field: new Field('Flag__c', new Bool(), true), values: [true, false, true], input: { type: 'boolean' } },
  { field: new Field('Day__c', new DateDay(), true), input: { type: 'date' } },
  {
    field: new Field('At__c', new TimestampMillisecond('UTC'), true),
    values: ['2024-02-29T23:59:59.000Z', '1970-01-01T00:00:00.000Z', null],
    input: { type: 'datetime' },
  },
  { field: new Field('Time__c', new TimeMillisecond(), true), input: { type: 'time' } },
];

type Started = Emulator & { readonly records: ReturnType<typeof createOrg> };

/** An org with a report that has the rows of the table. */
async function reportOrg({ schema, rows }: TestTable): Promise<Started> {
  const names = schema.fields.map(({ name }) => name);
  const fields = Object.fromEntries(
    COLUMNS.filter(({ field }) => names.includes(field.name)).map(({ field, input }) => [field.name, input]),
  );
  const records = createOrg({
    objects: { Item__c: { fields } },
    reports: { Items: { name: 'Items', object: 'Item__c', columns: [...names] } },
    // Cells of these types are text, numbers and booleans.
    rows: { Item__c: rows as never },
    keepWhiteSpace: true,
  });
  return Object.assign(await startEmulator({ org: records, clientSecret: SECRET, loggedRequests: LOGGED_REQUESTS }), {
    records,
  });
}

interface Body {
  readonly reportMetadata: { readonly detailColumns: readonly string[] };
  readonly factMap: { readonly 'T!T': object };
}

function faultsOf(emulator: Emulator): NonNullable<SourceFixture['faults']> {
  const inRun = (action: FaultAction) => () => emulator.faults.add({ match: { path: RUN, nth: 1 }, action });
  const noAccess = { errorCode: 'FORBIDDEN', message: 'You don’t have permission to run reports.' };
  // One request brings all rows, so that no session can end among them.
  const { expireSession: _, ...faults } = orgFaults(emulator, noAccess);
  return {
    ...faults,
    cut: inRun(dropAt(afterBytes(200))),
    truncate: inRun(truncateAt(afterBytes(200))),
    miscount: () =>
      emulator.faults.add({
        match: { path: RUN },
        // What the emulator answers.
        action: changeJson((body) => {
          const { factMap, ...rest } = body as Body;
          const facts = { ...factMap['T!T'], aggregates: [{ label: '1,000', value: 1000 }] };
          return { ...rest, factMap: { ...factMap, 'T!T': facts } };
        }),
      }),
    schemaChange: () =>
      emulator.faults.add({
        match: { path: RUN },
        // As above.
        action: changeJson((body) => {
          const { reportMetadata, ...rest } = body as Body;
          const [first = '', ...others] = reportMetadata.detailColumns;
          return { ...rest, reportMetadata: { ...reportMetadata, detailColumns: [`${first}_2`, ...others] } };
        }),
      }),
  };
}

const harness: SourceHarness = {
  kind: 'source',
  name: 'salesforce report',
  columns: COLUMNS,
  identity,
  longRows: 20_000,
  manyRows: 120,
  secrets: [SECRET],
  badOptions: [
    {
      what: 'an id that is none of a report',
      mentions: '00O',
      make: () =>
        salesforce({
          environmentUrl: 'https://example.my.salesforce.com',
          clientId: 'id',
          clientSecret: secret.value(SECRET),
          apiVersion: '64.0',
        }).report('001Hs000000fxSKIAY'),
    },
  ],
  async fixture(table) {
    const emulator = await reportOrg(table);
    const stack = new AsyncDisposableStack();
    stack.defer(() => emulator.records[Symbol.dispose]());
    stack.use(emulator);
    return {
      source() {
        const org = stack.use(
          salesforce({
            environmentUrl: emulator.url,
            clientId: emulator.clientId,
            clientSecret: secret.value(SECRET),
            apiVersion: '64.0',
            proxy: false,
          }),
        );
        const report = org.report(emulator.records.reports[0]!.id);
        // Each instance stands for a process of its own, connections included.
        return { ...report, [Symbol.asyncDispose]: () => org[Symbol.asyncDispose]() };
      },
      requests: () => emulator.requests.all.at(-1)?.number ?? 0,
      peakRequests: () => emulator.requests.peak,
      leftovers: async () => [],
      faults: faultsOf(emulator),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  },
};

describeSource(harness, { seed: inject('seed'), long: inject('long'), record: 'conformance/report.json' });
