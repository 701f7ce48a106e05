import { collect, copy, read, rowReader, secret } from '@sluice/core';
import {
  changeJson,
  createOrg,
  type Emulator,
  type Org,
  startEmulator,
  type StartEmulatorOptions,
} from '@sluice/salesforce-emulator';
import { DataType } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type ReportOptions, salesforce, type SalesforceOrg } from '../src/index.ts';
import { rejectionOf } from './thrown.ts';

let records: Org;

beforeAll(() => {
  records = createOrg({
    objects: {
      Deal__c: {
        fields: {
          Amount__c: { type: 'currency' },
          Chance__c: { type: 'percent', scale: 0 },
          Count__c: { type: 'int' },
          Close__c: { type: 'date' },
          Open__c: { type: 'boolean' },
          Source__c: { type: 'picklist', picklistValues: [{ value: 'web', label: 'Website' }] },
          Owner__c: { type: 'reference', referenceTo: ['User'] },
        },
      },
      Many__c: {},
    },
    reports: {
      Deals: {
        name: 'Deals',
        object: 'Deal__c',
        columns: [
          { name: 'DEAL', field: 'Name', id: 'Id', label: 'Deal Name' },
          { name: 'AMOUNT', field: 'Amount__c' },
          'Chance__c',
          'Count__c',
          'Close__c',
          'Open__c',
          'Source__c',
          'CreatedDate',
        ],
        sortBy: { column: 'AMOUNT' },
        aggregates: ['s!AMOUNT', 'RowCount'],
      },
      Currencies: { name: 'Currencies', object: 'Deal__c', columns: ['Amount__c'], currency: 'EUR' },
      Grouped: {
        name: 'Grouped',
        format: 'SUMMARY',
        object: 'Deal__c',
        columns: ['Name'],
        groupingsDown: ['Source__c', { name: 'MONTH', field: 'Close__c', dateGranularity: 'Month' }, 'Open__c'],
      },
      Twins: {
        name: 'Twins',
        object: 'Deal__c',
        columns: [
          { name: 'A', field: 'Name', label: 'Same' },
          { name: 'B', field: 'Count__c', label: 'Same' },
        ],
      },
      Grid: { name: 'Grid', format: 'MATRIX', object: 'Deal__c', columns: ['Name'], groupingsAcross: ['Open__c'] },
      Joined: { name: 'Joined', format: 'MULTI_BLOCK', object: 'Deal__c', columns: ['Name'] },
      Many: { name: 'Many', object: 'Many__c', columns: ['Name'] },
      First: { name: 'First', object: 'Many__c', columns: ['Name'], rowLimit: 5 },
    },
    rows: {
      Deal__c: [
        {
          Name: 'A',
          Amount__c: 1234.56,
          Chance__c: 60,
          Count__c: 7,
          Close__c: '2026-03-31',
          Open__c: true,
          Source__c: 'web',
          CreatedDate: '2026-01-02T03:04:05.000Z',
        },
        { Name: 'B', Amount__c: 40_000, Close__c: '2026-04-15', CreatedDate: '2026-01-02T03:04:05.000Z' },
      ],
      Many__c: Array.from({ length: 2001 }, (_, row) => ({ Name: `n${row}` })),
    },
  });
});

afterAll(() => records[Symbol.dispose]());

interface Scene extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly org: SalesforceOrg;
}

async function scene(options: StartEmulatorOptions = {}): Promise<Scene> {
  const emulator = await startEmulator({ org: records, ...options });
  const org = salesforce({
    environmentUrl: emulator.url,
    clientId: emulator.clientId,
    clientSecret: secret.value(emulator.clientSecret),
    apiVersion: '64.0',
    proxy: false,
  });
  return {
    emulator,
    org,
    async [Symbol.asyncDispose]() {
      await org[Symbol.asyncDispose]();
      await emulator[Symbol.asyncDispose]();
    },
  };
}

function idOf(name: string): string {
  return records.reports.find(({ developerName }) => developerName === name)!.id;
}

async function rowsOf({ org }: Scene, name: string, options: ReportOptions = {}): Promise<readonly object[]> {
  return await Array.fromAsync(read(org.report(idOf(name), options)).rows());
}

async function refusalOf({ org }: Scene, name: string, options: ReportOptions = {}): Promise<unknown> {
  return await rejectionOf(Array.fromAsync(read(org.report(idOf(name), options))));
}

describe('a report', () => {
  it.each(['en-US', 'de-DE', 'fr-FR'])('has typed values, whatever the language of the user is: %s', async (locale) => {
    await using here = await scene({ reports: { locale } });

    expect(await rowsOf(here, 'Deals')).toEqual([
      {
        DEAL: 'A',
        AMOUNT: '1234.560000000000000000',
        Chance__c: '60.000000000000000000',
        Count__c: 7n,
        Close__c: '2026-03-31',
        Open__c: true,
        Source__c: 'Website',
        CreatedDate: '2026-01-02T03:04:05.000Z',
      },
      {
        DEAL: 'B',
        AMOUNT: '40000.000000000000000000',
        Chance__c: null,
        Count__c: null,
        Close__c: '2026-04-15',
        Open__c: false,
        Source__c: null,
        CreatedDate: '2026-01-02T03:04:05.000Z',
      },
    ]);
  });

  it('gives what is behind texts, and names as they are shown, on request', async () => {
    await using here = await scene();
    const [row] = await rowsOf(here, 'Deals', { texts: 'value', columnNames: 'label' });

    expect(row).toMatchObject({ 'Deal Name': expect.stringMatching(/^a0\w{16}$/), Source: 'web' });
  });

  it('is copied with its facts', async () => {
    await using here = await scene();
    const sink = collect();
    const receipt = await copy({ from: here.org.report(idOf('Deals')), to: sink });
    const { schema } = sink.table();

    expect(receipt).toMatchObject({ readRows: 2, writtenRows: 2, apiCalls: expect.objectContaining({}) });
    expect(Object.fromEntries(schema.fields[1]!.metadata)).toEqual({
      'salesforce:type': 'currency',
      'salesforce:label': 'Amount',
    });
    expect(DataType.isDecimal(schema.fields[1]!.type)).toBe(true);
    expect([...rowReader(schema)(sink.table().batches[0]!)]).toHaveLength(2);
    expect(here.emulator.quotas.used('HourlySyncReportRuns')).toBe(1);
  });

  it('of an org with several currencies names that of each amount', async () => {
    await using here = await scene();

    expect(await rowsOf(here, 'Currencies')).toContainEqual({
      Amount__c: '1234.560000000000000000',
      'Amount__c.currency': 'EUR',
    });
  });

  it('of groups has the groups of a row ahead of it, months as they are shown', async () => {
    await using here = await scene();

    expect(await rowsOf(here, 'Grouped')).toEqual([
      { Source__c: null, MONTH: 'April 2026', Open__c: false, Name: 'B' },
      { Source__c: 'Website', MONTH: 'March 2026', Open__c: true, Name: 'A' },
    ]);
  });

  it('fails when it has more rows than an org gives, or says so where that is allowed', async () => {
    await using here = await scene();
    const error = await refusalOf(here, 'Many');
    const receipt = await copy({ from: here.org.report(idOf('Many'), { truncated: 'allow' }), to: collect() });

    expect(error).toMatchObject({
      code: 'COUNT_MISMATCH',
      message: 'the report has more rows than the 2000 an org gives of one, and 2000 came',
      hint: expect.stringContaining('truncated: "allow"'),
    });
    expect(receipt).toMatchObject({ readRows: 2000, notes: [{ code: 'REPORT_TRUNCATED' }] });
  });

  it('may have a limit of its own', async () => {
    await using here = await scene();

    expect(await rowsOf(here, 'First')).toHaveLength(5);
  });

  it('keeps digits that no double has', async () => {
    await using here = await scene();
    here.emulator.faults.add({
      match: { path: /includeDetails/ },
      action: {
        after: async (reply) => {
          const text = Buffer.concat(await Array.fromAsync(reply.body ?? [])).toString('utf8');
          return { ...reply, body: [Buffer.from(text.replace('1234.56,', '12345678901234567.125,'))] };
        },
      },
    });

    expect((await rowsOf(here, 'Deals'))[0]).toMatchObject({ AMOUNT: '12345678901234567.125000000000000000' });
  });

  it('rejects a row whose value is none of its type, and counts digits it rounds', async () => {
    await using here = await scene();
    const value = (label: string, content: unknown): object => ({ label, value: content });
    here.emulator.faults.add({
      match: { path: /includeDetails/ },
      // What the emulator answers.
      action: changeJson((body) => {
        const report = body as { readonly factMap: { readonly 'T!T': { readonly rows: object[] } } };
        const { rows, ...facts } = report.factMap['T!T'];
        const cells = (count: unknown, amount: unknown): object => ({
          dataCells: [
            value('a', 'a'),
            value('b', amount),
            value('-', null),
            value('7', count),
            ...[0, 1, 2, 3].map(() => value('-', null)),
          ],
        });
        const changed = rows.map((_, row) => cells(row === 0 ? '7a' : 8, { amount: 1e-19, currency: null }));
        return { ...report, factMap: { 'T!T': { ...facts, rows: changed } } };
      }),
    });
    const receipt = await copy({ from: here.org.report(idOf('Deals')), to: collect(), maxRejects: 1 });

    expect(receipt).toMatchObject({
      writtenRows: 1,
      rejectedRows: 1,
      changes: [{ column: 'AMOUNT', change: 'rounded', values: 1 }],
    });
    expect(receipt.rejects[0]).toMatchObject({
      columns: ['Count__c'],
      message: expect.stringMatching(/^column "Count__c": expected a whole number/),
    });
  });
});

describe('a session that has ended ahead of a report', () => {
  it('is renewed, and every row comes once', async () => {
    await using here = await scene();
    let isExpired = false;
    here.emulator.faults.add({
      match: { path: /\/describe$/ },
      action: {
        after: (reply) => {
          if (!isExpired) here.emulator.sessions.expireAll();
          isExpired = true;
          return reply;
        },
      },
    });

    expect(await rowsOf(here, 'Deals')).toHaveLength(2);
    expect(here.emulator.requests.all.map(({ status }) => status)).toContain(401);
  });
});

describe('a report that cannot be read', () => {
  it.each([
    ['a matrix', 'Grid', {}, 'QUERY_UNSUPPORTED', /MATRIX, whose rows are no table/],
    ['a joined one', 'Joined', {}, 'QUERY_UNSUPPORTED', /does not serve/],
    ['one with two columns of a name', 'Twins', { columnNames: 'label' }, 'CONFIG_INVALID', /are called "Same"/],
  ] as const)('is refused before it is run: %s', async (_, name, options, code, message) => {
    await using here = await scene();
    const error = await refusalOf(here, name, options);

    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(here.emulator.quotas.used('HourlySyncReportRuns')).toBe(0);
  });

  it('is refused when it is not there', async () => {
    await using here = await scene();
    const error = await rejectionOf(Array.fromAsync(read(here.org.report('00OHs0000000001'))));

    expect(error).toMatchObject({ code: 'OBJECT_UNKNOWN', message: expect.stringContaining('hidden from the user') });
  });

  it('is refused after the runs an org allows an hour', async () => {
    await using here = await scene({ quotas: { HourlySyncReportRuns: 0 } });
    const error = await refusalOf(here, 'Deals');

    expect(error).toMatchObject({ code: 'QUOTA_EXCEEDED', message: expect.stringContaining('every 60 minutes') });
  });

  it('fails when its rows are not those the org counts, or have too few cells', async () => {
    await using here = await scene();
    const lose = (body: unknown): object => {
      // What the emulator answers.
      const report = body as { readonly factMap: { readonly 'T!T': { readonly rows: object[] } } };
      return { ...report, factMap: { 'T!T': { ...report.factMap['T!T'], rows: report.factMap['T!T'].rows.slice(1) } } };
    };
    here.emulator.faults.add({ match: { path: /includeDetails/, nth: 1 }, action: changeJson(lose) });
    const missing = await refusalOf(here, 'Deals');
    here.emulator.faults.add({
      match: { path: /includeDetails/ },
      action: changeJson((body) => ({ ...(body as object), factMap: { 'T!T': { rows: [{ dataCells: [] }] } } })),
    });
    const ragged = await refusalOf(here, 'Deals');

    expect(missing).toMatchObject({ code: 'COUNT_MISMATCH', message: expect.stringContaining('counts 2 rows') });
    expect(ragged).toMatchObject({ code: 'RESPONSE_INVALID', message: expect.stringContaining('has 0 cells') });
  });

  it('fails when the answer is no result of a report', async () => {
    await using here = await scene();
    here.emulator.faults.add({
      match: { path: /includeDetails/ },
      action: changeJson(() => ({ allData: true })),
    });

    expect(await refusalOf(here, 'Deals')).toMatchObject({
      code: 'RESPONSE_INVALID',
      message: expect.stringContaining('factMap'),
    });
  });
});
