import { describe, expect, it } from 'vitest';

import {
  copyActivity,
  crm,
  csvDataset,
  disk,
  factoryOf,
  messagesOf,
  parquetDataset,
  reference,
} from './factory-files.ts';

type Json = Readonly<Record<string, unknown>>;

const legacyDataset = {
  type: 'SalesforceObject',
  linkedServiceName: reference('crm'),
  typeProperties: { objectApiName: 'Account' },
};

const legacyLinkedService = {
  type: 'Salesforce',
  typeProperties: {
    username: 'me',
    password: { type: 'SecureString', value: 'hush-hush' },
    securityToken: { type: 'SecureString', value: 'hush-hush' },
  },
};

function legacyFactory(activities: readonly Json[], linkedService: Json = crm): ReturnType<typeof factoryOf> {
  return factoryOf({
    linkedServices: { crm: linkedService, disk },
    datasets: { account: legacyDataset, parquet: parquetDataset, csv: csvDataset },
    pipelines: { load: { activities } },
  });
}

const unload = (source: Json): Json =>
  copyActivity('account', 'parquet', {
    source: { type: 'SalesforceSource', ...source },
    sink: { type: 'ParquetSink' },
  });

describe('V1-01 definitions of the legacy connector', () => {
  it('are read as current ones', () => {
    const read = legacyFactory([unload({ query: 'SELECT Id FROM Account', readBehavior: 'queryAll' })]);

    expect(messagesOf(read)).toEqual([]);
    expect(messagesOf(read, 'warning')).toEqual([
      'properties.type: SalesforceObject is of the legacy connector; it is read as SalesforceV2Object',
      'properties.activities[0].typeProperties.source.type: SalesforceSource is of the legacy connector; it is read as SalesforceV2Source',
    ]);
    expect(read.factory.datasets.get('account')?.properties.type).toBe('SalesforceV2Object');
    expect(read.factory.pipelines.get('load')?.properties.activities[0]).toMatchObject({
      typeProperties: {
        source: { type: 'SalesforceV2Source', query: 'SELECT Id FROM Account', includeDeletedObjects: true },
      },
    });
  });

  it('keep the batches they had', () => {
    const load = copyActivity('csv', 'account', {
      source: { type: 'DelimitedTextSource' },
      sink: { type: 'SalesforceSink' },
    });

    expect(legacyFactory([load]).factory.pipelines.get('load')?.properties.activities[0]).toMatchObject({
      typeProperties: { sink: { type: 'SalesforceV2Sink', writeBatchSize: 5000 } },
    });
  });

  it('are found within other activities', () => {
    const lookup = {
      name: 'L',
      type: 'Lookup',
      typeProperties: {
        source: { type: 'SalesforceSource', readBehavior: '@item()' },
        dataset: reference('account', 'DatasetReference'),
      },
    };
    const inEach = { name: 'E', type: 'ForEach', typeProperties: { items: '@createArray(1)', activities: [lookup] } };

    expect(legacyFactory([inEach]).factory.pipelines.get('load')?.properties.activities[0]).toMatchObject({
      typeProperties: {
        activities: [
          {
            typeProperties: {
              source: {
                type: 'SalesforceV2Source',
                includeDeletedObjects: { type: 'Expression', value: "@equals(toLower(item()), 'queryall')" },
              },
            },
          },
        ],
      },
    });
  });

  it.each([
    ['SELECT * FROM Account', 'selects *'],
    ["SELECT Id FROM Account WHERE CreatedDate > {ts'2026-01-31 08:05:00'}", 'holds an ODBC literal'],
    ['{call "Pipeline by stage"}', 'runs a report by its name'],
    ['SELECT [Id] FROM [Account]', 'holds quoted names'],
    ['SELECT TOP 5 Id FROM Account', 'holds DISTINCT or TOP'],
    ['SELECT Name AS n FROM Account', 'holds AS'],
    ['SELECT a.Id FROM Account a JOIN Contact c ON a.Id = c.AccountId', 'holds a JOIN'],
  ])('with %j are refused with what to write', (query, what) => {
    const { problems } = legacyFactory([unload({ query })]);

    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      {
        code: 'QUERY_UNSUPPORTED',
        message: `the query ${what}, which SOQL has not`,
        hint: expect.stringMatching(/\.$/),
      },
    ]);
  });

  it('that log in with a password are refused with the rewrite, without the password', () => {
    const { problems, legacyRewrites } = legacyFactory([], legacyLinkedService);

    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      {
        path: 'properties.type',
        hint: expect.stringContaining('"type": "SalesforceV2", "typeProperties": { "environmentUrl"'),
      },
    ]);
    expect(legacyRewrites[0]).toMatchObject({
      file: 'linkedService/crm.json',
      path: 'properties',
      type: 'Salesforce',
      replacement: { type: 'SalesforceV2', typeProperties: { authenticationType: 'OAuth2ClientCredentials' } },
      open: [expect.stringContaining('connected app')],
    });
    expect(JSON.stringify([problems, legacyRewrites])).not.toContain('hush');
  });

  it('are listed with what to write in their place', () => {
    const load = copyActivity(
      'csv',
      'account',
      { source: { type: 'DelimitedTextSource' }, sink: { type: 'SalesforceServiceCloudSink' } },
      { name: 'Load' },
    );
    const { legacyRewrites } = legacyFactory([
      unload({ query: 'SELECT * FROM Account', readBehavior: 'QueryAll' }),
      load,
    ]);

    expect(legacyRewrites).toMatchObject([
      {
        type: 'SalesforceObject',
        replacement: { type: 'SalesforceV2Object', typeProperties: { objectApiName: 'Account' } },
        open: [],
      },
      {
        path: 'properties.activities[0].typeProperties.source',
        replacement: { type: 'SalesforceV2Source', query: 'SELECT * FROM Account', includeDeletedObjects: true },
        open: [expect.stringContaining('selects *')],
      },
      {
        type: 'SalesforceServiceCloudSink',
        replacement: { type: 'SalesforceServiceCloudV2Sink', writeBatchSize: 5000 },
        open: [],
      },
    ]);
    expect(legacyRewrites[1]?.replacement).not.toHaveProperty('readBehavior');
  });
});
