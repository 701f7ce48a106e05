import { secret, type Row, type RowValue } from '@sluice/core';
import {
  answerWith,
  createOrg,
  dropUpload,
  type Emulator,
  type FieldInput,
  rejectRows,
  rowsWith,
  startEmulator,
} from '@sluice/salesforce-emulator';
import { fieldsOf, NESTED_TYPES, type SinkHarness, type SinkTarget, type TestColumn, valuesOf } from '@sluice/testkit';
import { describeSink } from '@sluice/testkit/vitest';
import { Bool, DateDay, Decimal, Field, Int32, TimeMillisecond, TimestampMillisecond, Utf8 } from 'apache-arrow';
import { inject } from 'vitest';

import { type IngestOptions, salesforce } from '../src/index.ts';
import { orgFaults } from './remote-faults.ts';

/** Fewer than a long check makes: the log is in the memory that it measures. */
const LOGGED_REQUESTS = 1000;
const SECRET = '9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08';
const REFUSED = 'this text is refused';
const identity = 'Row_Id__c';

/** Text as an org takes it: blank is null, line ends are LF, NUL is refused, and so is what stands for null. */
const TEXTS = valuesOf(new Utf8()).filter(
  (value) => typeof value !== 'string' || (/^[^\0\r]+$/.test(value) && value.trim() !== '' && value !== '#N/A'),
);
const PRICES = ['0.00', '0.01', '-0.01', '9999999999999999.99', '-9999999999999999.99', '1.10', null];

interface Column extends TestColumn {
  readonly input: FieldInput;
}

const COLUMNS: readonly Column[] = [
  {
    field: new Field(identity, new Utf8(), true),
    input: { type: 'string', length: 80 },
  },
  { field: new Field('Text__c', new Utf8(), true), values: TEXTS, input: { type: 'textarea', length: 131_072 } },
  { field: new Field('Number__c', new Int32(), true), input: { type: 'int', digits: 10 } },
  {
    field: new Field('Price__c', new Decimal(2, 18, 128), true),
    values: PRICES,
    input: { type: 'currency', precision: 18, scale: 2 },
  },
  { field: new Field('Flag__c', new Bool(), true), values: [true, false, true], input: { type: 'boolean' } },
  { field: new Field('Day__c', new DateDay(), true), input: { type: 'date' } },
  { field: new Field('At__c', new TimestampMillisecond('UTC'), true), input: { type: 'datetime' } },
  { field: new Field('Time__c', new TimeMillisecond(), true), input: { type: 'time' } },
];

const NAMES = COLUMNS.map(({ field }) => field.name);

function faultsOf(emulator: Emulator): NonNullable<SinkTarget['faults']> {
  return {
    ...orgFaults(emulator),
    full: () =>
      emulator.faults.add({
        match: { method: 'POST', path: /\/jobs\/ingest$/ },
        action: answerWith(400, { errorCode: 'EXCEEDEDQUOTA', message: 'ExceededQuota : used up' }),
      }),
    cut: () => emulator.faults.add({ match: { method: 'PUT', nth: 1 }, action: dropUpload(100) }),
  };
}

/**
 * A process may be killed between the org's making of a job and the entry with its id. Nobody can find that job again: a
 * search could find another program's. It is open, has no rows, and ends by itself after a day; whoever goes on says so in
 * a note. A job that is in the journal is known, and one that is not open was told to go on by somebody.
 */
function isOrphan({ id, state }: { readonly id: string; readonly state: string }, entries: readonly string[]): boolean {
  return state === 'Open' && !entries.some((entry) => entry.includes(id));
}

/** An empty org, and what it holds read past its API. */
async function target(options: Partial<IngestOptions>): Promise<SinkTarget> {
  const key = { externalId: true, unique: true, caseSensitive: true } as const;
  const fields = Object.fromEntries(
    COLUMNS.map(({ field, input }) => [field.name, field.name === options.externalId ? { ...input, ...key } : input]),
  );
  const records = createOrg({
    objects: { Item__c: { fields } },
    exactDecimals: true,
    keepWhiteSpace: true,
    keepMilliseconds: true,
  });
  const stack = new AsyncDisposableStack();
  stack.defer(() => records[Symbol.dispose]());
  const emulator = stack.use(
    await startEmulator({ org: records, clientSecret: SECRET, loggedRequests: LOGGED_REQUESTS }),
  );
  const rejection = { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'not this one', fields: ['Text__c'] };
  emulator.faults.add({
    match: { method: 'POST', path: /\/jobs\/ingest$/ },
    action: rejectRows(rowsWith('Text__c', [REFUSED]), rejection),
  });
  return {
    sink() {
      const org = salesforce({
        environmentUrl: emulator.url,
        clientId: emulator.clientId,
        clientSecret: secret.value(SECRET),
        apiVersion: '64.0',
        proxy: false,
      });
      stack.use(org);
      const sink = org.ingest({ object: 'Item__c', poll: { firstMs: 1, startMs: 1, maxMs: 1 }, ...options });
      // Each instance stands for a process of its own, connections included.
      return { ...sink, [Symbol.asyncDispose]: () => org[Symbol.asyncDispose]() };
    },
    async rows() {
      const query = { includeDeleted: false, api: 'rest', nowMs: emulator.clock.now(), orderSeed: 1 } as const;
      using result = records.query(`SELECT ${NAMES.join(', ')} FROM Item__c`, query);
      return [...result.rows(0, result.totalRows)].map((cells): Row => {
        // Cells of these fields are text, numbers and booleans; an org writes times with a zone.
        const texts = cells.map((cell, i) =>
          NAMES[i] === 'Time__c' ? String(cell ?? '').replace(/Z$/, '') || null : cell,
        );
        return Object.fromEntries(NAMES.map((name, i) => [name, texts[i] as RowValue]));
      });
    },
    async leftovers(entries) {
      const unfinished = emulator.ingestJobs.all.filter(({ isTerminal }) => !isTerminal);
      return unfinished.filter((job) => entries === undefined || !isOrphan(job, entries)).map(({ id }) => id);
    },
    requests: () => emulator.requests.all.at(-1)?.number ?? 0,
    peakRequests: () => emulator.requests.peak,
    // A stalled upload fills the buffers of the kernel first: how much waits is tested without them elsewhere.
    badRow: (row) => ({ ...row, Text__c: REFUSED }),
    faults: faultsOf(emulator),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const WHO = {
  environmentUrl: 'https://example.my.salesforce.com',
  clientId: 'id',
  clientSecret: secret.value(SECRET),
  apiVersion: '64.0',
};

function harness(name: string, options: Partial<IngestOptions>, modes: SinkHarness['modes']): SinkHarness {
  return {
    kind: 'sink',
    name,
    columns: COLUMNS,
    identity,
    longRows: 200_000,
    modes,
    refusedFields: [new Field('Nowhere__c', new Utf8(), true), ...fieldsOf(NESTED_TYPES)],
    secrets: [SECRET],
    badOptions: [
      {
        what: 'jobs of no rows',
        mentions: 'writeBatchSize',
        make: () => salesforce(WHO).ingest({ object: 'Item__c', writeBatchSize: 0 }),
      },
      { what: 'no object', mentions: 'object', make: () => salesforce(WHO).ingest({ object: '' }) },
    ],
    target: () => target(options),
  };
}

const seed = inject('seed');
const long = inject('long');

describeSink(harness('salesforce ingest, insert', {}, ['append']), {
  seed,
  long,
  record: 'conformance/ingest-insert.json',
});
describeSink(harness('salesforce ingest, upsert', { operation: 'upsert', externalId: identity }, ['upsert']), {
  seed,
  long,
  record: 'conformance/ingest-upsert.json',
});
