import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createOrg, type Emulator, type Org, startEmulator, type StartEmulatorOptions } from '../src/index.ts';
import { type Client, connect, jsonOf } from './emulator-client.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const UNAVAILABLE = [{ errorCode: 'NOT_FOUND', message: 'The data you’re trying to access is unavailable.' }];

interface DataCell {
  readonly label: string;
  readonly value: unknown;
}

interface ReportBody {
  readonly attributes: { readonly status?: string };
  readonly allData: boolean;
  readonly factMap: Readonly<
    Record<
      string,
      {
        readonly aggregates: readonly DataCell[];
        readonly rows?: readonly { readonly dataCells: readonly DataCell[] }[];
      }
    >
  >;
  readonly groupingsDown: { readonly groupings: readonly object[] };
}

let org: Org;

beforeAll(() => {
  org = createOrg({
    objects: {
      Account: { fields: { Stage__c: { type: 'picklist', picklistValues: [{ value: 'W', label: 'Won' }] } } },
      Deal__c: {
        fields: {
          Amount__c: { type: 'currency' },
          Chance__c: { type: 'percent', scale: 0 },
          Close__c: { type: 'date' },
          Open__c: { type: 'boolean' },
          Source__c: { type: 'picklist', picklistValues: [{ value: 'web', label: 'Web' }] },
          Account__c: { type: 'reference', referenceTo: ['Account'] },
        },
      },
      Many__c: {},
    },
    reports: {
      Open_deals: {
        name: 'Open deals',
        object: 'Deal__c',
        where: 'Amount__c > 100',
        columns: [
          { name: 'DEAL', field: 'Name', id: 'Id', label: 'Deal Name' },
          { name: 'AMOUNT', field: 'Amount__c' },
          { name: 'CHANCE', field: 'Chance__c' },
          { name: 'CLOSE', field: 'Close__c' },
          { name: 'OPEN', field: 'Open__c' },
          { name: 'SOURCE', field: 'Source__c' },
          'Account__r.Name',
        ],
        aggregates: ['s!AMOUNT', 'RowCount'],
        sortBy: { column: 'CLOSE' },
      },
      By_source: {
        name: 'By source',
        format: 'SUMMARY',
        object: 'Deal__c',
        columns: ['Name'],
        groupingsDown: ['Source__c', { name: 'CLOSE', field: 'Close__c', dateGranularity: 'Month' }],
      },
      Grid: {
        name: 'Grid',
        format: 'MATRIX',
        object: 'Deal__c',
        columns: ['Name'],
        groupingsDown: ['Source__c'],
        groupingsAcross: ['Open__c'],
      },
      Joined: { name: 'Joined', format: 'MULTI_BLOCK', object: 'Deal__c', columns: ['Name'] },
      Many: { name: 'Many', object: 'Many__c', columns: ['Name'] },
    },
    rows: {
      Account: [{ Name: 'Acme' }],
      Deal__c: [
        { Name: 'A', Amount__c: 1500.5, Chance__c: 60, Close__c: '2026-03-31', Open__c: true, Source__c: 'web' },
        { Name: 'B', Amount__c: 40_000, Close__c: '2026-04-15', Open__c: false },
        { Name: 'C', Amount__c: 100, Close__c: '2026-04-20', Open__c: false, Source__c: 'web' },
      ],
      Many__c: Array.from({ length: 2001 }, (_, row) => ({ Name: `n${row}` })),
    },
  });
});

afterAll(() => org[Symbol.dispose]());

async function started(options: StartEmulatorOptions = {}): Promise<Emulator> {
  return await startEmulator({ org, clock: { startMs: Date.UTC(2026, 2, 2, 10), frozen: true }, ...options });
}

function idOf(name: string): string {
  return org.reports.find(({ developerName }) => developerName === name)!.id;
}

async function run(client: Client, name: string, details = true): Promise<ReportBody> {
  // What the emulator gives is what the tests are about.
  return (await client.get(`analytics/reports/${idOf(name)}?includeDetails=${details}`)) as ReportBody;
}

describe('a report', () => {
  it('is listed, and found by SOQL', async () => {
    await using emulator = await started();
    const client = await connect(emulator);

    expect(await client.get('analytics/reports')).toContainEqual({
      id: idOf('Open_deals'),
      name: 'Open deals',
      url: `/services/data/v66.0/analytics/reports/${idOf('Open_deals')}`,
      describeUrl: `/services/data/v66.0/analytics/reports/${idOf('Open_deals')}/describe`,
      instancesUrl: `/services/data/v66.0/analytics/reports/${idOf('Open_deals')}/instances`,
    });
    const soql = encodeURIComponent("SELECT Id, Format FROM Report WHERE Name = 'By source'");
    expect(await client.get(`query?q=${soql}`)).toMatchObject({
      records: [{ Id: idOf('By_source'), Format: 'Summary' }],
    });
  });

  it('is described without being run', async () => {
    await using emulator = await started();
    const client = await connect(emulator);

    expect(await client.get(`analytics/reports/${idOf('Open_deals').slice(0, 15)}/describe`)).toMatchObject({
      reportMetadata: {
        reportFormat: 'TABULAR',
        detailColumns: ['DEAL', 'AMOUNT', 'CHANCE', 'CLOSE', 'OPEN', 'SOURCE', 'Account__r.Name'],
        sortBy: [{ sortColumn: 'CLOSE', sortOrder: 'Asc' }],
        topRows: null,
      },
      reportExtendedMetadata: {
        detailColumnInfo: {
          DEAL: { dataType: 'string', label: 'Deal Name' },
          AMOUNT: { dataType: 'currency', label: 'Amount' },
          CHANCE: { dataType: 'percent' },
          CLOSE: { dataType: 'date' },
          OPEN: { dataType: 'boolean' },
          SOURCE: { dataType: 'picklist' },
        },
        aggregateColumnInfo: { RowCount: { dataType: 'int', label: 'Record Count' } },
      },
    });
    expect(emulator.quotas.used('HourlySyncReportRuns')).toBe(0);
  });

  it('gives its rows with labels beside values, record ids for names, and amounts with their currency', async () => {
    await using emulator = await started();
    const body = await run(await connect(emulator), 'Open_deals');

    expect(body.allData).toBe(true);
    expect(body.factMap['T!T']?.aggregates).toEqual([
      { label: '$41,500.50', value: 41_500.5 },
      { label: '2', value: 2 },
    ]);
    expect(body.factMap['T!T']?.rows?.map(({ dataCells }) => dataCells)).toEqual([
      [
        { label: 'A', value: expect.stringMatching(/^a0\w{16}$/) },
        { label: '$1,500.50', value: { amount: 1500.5, currency: null } },
        { label: '60%', value: 60 },
        { label: '3/31/26', value: '2026-03-31' },
        { label: 'true', value: true },
        { label: 'Web', value: 'web' },
        { label: '-', value: null },
      ],
      expect.objectContaining({ 2: { label: '-', value: null } }),
    ]);
  });

  it('has labels in the language of the user, and the same values', async () => {
    await using emulator = await started({ reports: { locale: 'de-DE' } });
    const [row] = (await run(await connect(emulator), 'Open_deals')).factMap['T!T']!.rows!;

    expect(row?.dataCells.slice(1, 5)).toEqual([
      { label: '1.500,50\u00a0$', value: { amount: 1500.5, currency: null } },
      { label: '60%', value: 60 },
      { label: '31.03.26', value: '2026-03-31' },
      { label: 'wahr', value: true },
    ]);
  });

  it('has no rows unless they are asked for', async () => {
    await using emulator = await started();

    expect((await run(await connect(emulator), 'Open_deals', false)).factMap['T!T']).not.toHaveProperty('rows');
  });

  it('of groups has rows under the innermost, and aggregates at every level', async () => {
    await using emulator = await started();
    const { factMap, groupingsDown } = await run(await connect(emulator), 'By_source');

    expect(groupingsDown.groupings).toMatchObject([
      { key: '0', label: '-', value: null, groupings: [{ key: '0_0', label: 'April 2026', value: '2026-04-01' }] },
      {
        key: '1',
        label: 'Web',
        value: 'web',
        groupings: [
          { key: '1_0', label: 'March 2026' },
          { key: '1_1', label: 'April 2026' },
        ],
      },
    ]);
    expect(factMap['1_1!T']?.rows).toEqual([{ dataCells: [{ label: 'C', value: 'C' }] }]);
    expect(factMap['1!T']).toEqual({ aggregates: [{ label: '2', value: 2 }], rows: [] });
    expect(factMap['T!T']?.aggregates).toEqual([{ label: '3', value: 3 }]);
  });

  it('may group across, too', async () => {
    await using emulator = await started();
    const { factMap } = await run(await connect(emulator), 'Grid');

    expect(factMap['1!1']?.rows).toHaveLength(1);
    expect(factMap['1!T']?.aggregates).toEqual([{ label: '2', value: 2 }]);
    expect(factMap['T!0']?.aggregates).toEqual([{ label: '2', value: 2 }]);
  });

  it('gives 2,000 rows and says when there are more', async () => {
    await using emulator = await started();
    const { allData, factMap } = await run(await connect(emulator), 'Many');

    expect(allData).toBe(false);
    expect(factMap['T!T']?.rows).toHaveLength(2000);
    expect(factMap['T!T']?.aggregates).toEqual([{ label: '2,001', value: 2001 }]);
  });

  it.each([
    [{ reportFilters: [{ column: 'AMOUNT', operator: 'greaterThan', value: '2,000' }] }, ['B']],
    [{ reportFilters: [{ column: 'DEAL', operator: 'notEqual', value: 'A' }] }, ['B']],
    [
      {
        reportFilters: [
          { column: 'DEAL', operator: 'startsWith', value: 'A' },
          { column: 'DEAL', operator: 'contains', value: 'B' },
        ],
        reportBooleanFilter: '1 OR 2',
      },
      ['A', 'B'],
    ],
    [{ sortBy: [{ sortColumn: 'AMOUNT', sortOrder: 'desc' }], detailColumns: ['DEAL'] }, ['B', 'A']],
  ])('is changed for one run by %j', async (reportMetadata, names) => {
    await using emulator = await started();
    const client = await connect(emulator);
    const path = `analytics/reports/${idOf('Open_deals')}?includeDetails=true`;
    // As above.
    const { factMap } = (await client.post(path, { reportMetadata })) as ReportBody;

    expect(factMap['T!T']?.rows?.map(({ dataCells }) => dataCells[0]?.label)).toEqual(names);
  });

  it.each([
    [{ detailColumns: [] }, 'No columns are selected.'],
    [{ detailColumns: ['NOPE'] }, 'The detail column NOPE is invalid.'],
    [{ reportFilters: [{ column: 'AMOUNT', operator: 'like', value: '1' }] }, 'The filter operator like is invalid.'],
    [{ sortBy: [{ sortColumn: 'NOPE', sortOrder: 'Asc' }] }, 'The sort column NOPE is invalid.'],
  ])('refuses to be changed by %j', async (reportMetadata, message) => {
    await using emulator = await started();
    const client = await connect(emulator);

    expect(await client.post(`analytics/reports/${idOf('Open_deals')}`, { reportMetadata })).toEqual([
      { errorCode: 'BAD_REQUEST', message },
    ]);
  });
});

describe('reports', () => {
  it('are refused when there are none, when they are joined, and to users who may not run them', async () => {
    await using emulator = await started();
    const client = await connect(emulator);
    await using strict = await started({ reports: { permitted: false } });
    const forbidden = await (await connect(strict)).send(`analytics/reports/${idOf('Many')}`);

    expect(await client.get('analytics/reports/00OHs000000fxSKIAY')).toEqual(UNAVAILABLE);
    expect((await client.send(`analytics/reports/${idOf('Joined')}/describe`)).status).toBe(501);
    expect(forbidden.status).toBe(403);
  });

  it('take JSON only', async () => {
    await using emulator = await started();
    const client = await connect(emulator);

    expect((await client.send(`analytics/reports/${idOf('Many')}`, { method: 'POST', body: '{}' })).status).toBe(415);
  });

  it('run 500 times an hour, and again an hour later', async () => {
    await using emulator = await started({ quotas: { HourlySyncReportRuns: 2 } });
    const client = await connect(emulator);
    const statuses = [];
    for (let runs = 0; runs < 3; runs++) {
      statuses.push((await client.send(`analytics/reports/${idOf('Open_deals')}`)).status);
    }
    const refused = await client.get(`analytics/reports/${idOf('Open_deals')}`);
    emulator.clock.advance(HOUR_MS);

    expect(statuses).toEqual([200, 200, 403]);
    expect(refused).toEqual([
      {
        errorCode: 'FORBIDDEN',
        message: 'You can’t run more than 2 reports synchronously every 60 minutes. Try again later.',
      },
    ]);
    expect((await client.send(`analytics/reports/${idOf('Open_deals')}`)).status).toBe(200);
  });
});

describe('a run that is fetched later', () => {
  it('goes through its states, keeps its rows for a day, and can be removed', async () => {
    await using emulator = await started({ reports: { queuedMs: 1000, runningMs: 1000 } });
    const client = await connect(emulator);
    const base = `analytics/reports/${idOf('Open_deals')}/instances`;
    const handle = await jsonOf<{ readonly id: string; readonly url: string }>(
      await client.send(`${base}?includeDetails=true`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
      }),
    );
    const statuses = [];
    for (let poll = 0; poll < 3; poll++) {
      // As above.
      const { attributes, factMap } = (await client.get(handle.url)) as ReportBody;
      statuses.push([attributes.status, factMap === null]);
      emulator.clock.advance(1000);
    }

    expect(handle).toMatchObject({ status: 'New', queryable: false, completionDate: null, hasDetailRows: true });
    expect(statuses).toEqual([
      ['New', true],
      ['Running', true],
      ['Success', false],
    ]);
    expect(await client.get(base)).toMatchObject([{ id: handle.id, status: 'Success' }]);
    expect((await client.send(handle.url, { method: 'DELETE' })).status).toBe(204);
    expect(await client.get(handle.url)).toEqual(UNAVAILABLE);
    await client.post(base, {});
    emulator.clock.advance(DAY_MS + 1);
    expect(await (await connect(emulator)).get(base)).toEqual([]);
  });
});
