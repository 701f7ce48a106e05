import { describe, expect, it } from 'vitest';

import {
  fromCsv,
  loading,
  query,
  readCopy,
  toOrg,
  toParquet,
  unloading,
  warningsOf,
  withDataset,
  type Json,
} from './copy-factory.ts';
import { accountDataset, crm } from './factory-files.ts';

describe('a source that reads an org', () => {
  it.each([
    ['SRC-05', { includeDeletedObjects: 'yes' }, 'source.includeDeletedObjects: must be true or false, not a text'],
    ['SRC-09', { partitionOption: 'DynamicRange' }, 'source.partitionOption: must be "AutoDetect" or "None"'],
    ['SRC-10', { pageSize: 0 }, 'source.pageSize: must be at least 1'],
    ['SRC-10', { pageSize: 1.5 }, 'source.pageSize: must be a whole number, not a number'],
    [
      'SRC-11',
      { queryTimeout: '5 minutes' },
      'source.queryTimeout: must be a time span such as 0.02:30:00 (days.hours:minutes:seconds)',
    ],
    ['SRC-12', { maxConcurrentConnections: 0 }, 'source.maxConcurrentConnections: must be at least 1'],
    ['SRC-13', { sourceRetryCount: -1 }, 'source.sourceRetryCount: must be at least 0'],
    [
      'SRC-14',
      { additionalColumns: [{ name: 'f', value: '$$FILEPATH' }] },
      'source.additionalColumns[0].value: $$FILEPATH is for sources that read files',
    ],
    [
      'ADD-01',
      { additionalColumns: [{ name: 'f', value: '$$COLUMN:' }] },
      'source.additionalColumns[0].value: $$COLUMN: must be followed by the name of a column',
    ],
    [
      'ADD-01',
      {
        additionalColumns: [
          { name: 'f', value: 1 },
          { name: 'f', value: 2 },
        ],
      },
      'source.additionalColumns[1].name: another column is called "f"',
    ],
  ])('%s refuses %j', (_id, source, expected) => {
    expect(unloading(source)).toEqual([expected]);
  });

  it.each([
    ['GROUP BY', 'SELECT Name FROM Account GROUP BY Name'],
    ['an aggregate function', 'SELECT MAX(SystemModstamp) FROM Account'],
    ['a subquery for child records', 'SELECT Id, (SELECT Id FROM Contacts) FROM Account'],
    ['OFFSET', 'SELECT Id FROM Account OFFSET 5'],
  ])('SRC-02 SRC-04 refuses %s before anything runs', (construct, soql) => {
    expect(unloading({ query: soql })).toEqual([expect.stringContaining(construct)]);
    expect(
      readCopy('account', 'parquet', { source: { ...query, query: soql }, sink: toParquet }).problems,
    ).toMatchObject([{ code: 'QUERY_UNSUPPORTED' }]);
  });

  it('SRC-02 takes ORDER BY and LIMIT, except for parity', () => {
    const sorted = { query: 'SELECT Id FROM Account ORDER BY Id LIMIT 5' };

    expect(unloading(sorted)).toEqual([]);
    expect(unloading(sorted, { options: { strict: true } })).toEqual([expect.stringMatching(/ORDER BY.*LIMIT/)]);
  });

  it('SRC-03 takes paths to parents, and texts with expressions, which only a run can check', () => {
    expect(unloading({ query: 'SELECT Owner.Name, Parent__r.X__c FROM Account' })).toEqual([]);
    expect(unloading({ query: "SELECT MAX(Id) FROM @{concat('Acc', 'ount')}" })).toEqual([]);
  });

  it('SRC-01 takes either name of the query, and says which counts where both are given', () => {
    expect(unloading({ query: undefined, SOQLQuery: 'SELECT Id FROM Account' })).toEqual([]);
    expect(unloading({ query: undefined, soqlquery: 'SELECT Id FROM Account' })).toEqual([]);
    expect(
      warningsOf(
        readCopy('account', 'parquet', {
          source: { ...query, SOQLQuery: 'SELECT Name FROM Account' },
          sink: toParquet,
        }),
      ),
    ).toEqual(['source.SOQLQuery: query is given, too, and counts']);
  });

  it('DS-02 needs a query, an object or a report', () => {
    expect(unloading({ query: undefined }, withDataset({}))).toEqual([
      expect.stringMatching(/^source: there is nothing to read/),
    ]);
    expect(unloading({ query: ' ' }, withDataset({ objectApiName: '' }))).toEqual([
      expect.stringMatching(/^source: there is nothing to read/),
    ]);
    expect(unloading({}, withDataset({}))).toEqual([]);
    expect(unloading({ query: undefined }, withDataset({ reportId: '00OHs00000fxSK1' }))).toEqual([]);
  });

  it('DS-03 does not choose between an object and a report', () => {
    const both = withDataset({ objectApiName: 'Account', reportId: '00OHs00000fxSK1' });

    expect(unloading({ query: undefined }, both)).toEqual([
      'source: the dataset has both an objectApiName and a reportId, and the source no query',
    ]);
    expect(unloading({}, both)).toEqual([]);
  });

  it('SRC-18 warns that a report has no deleted records', () => {
    const setup = withDataset({ reportId: '00OHs00000fxSK1' });

    expect(
      warningsOf(
        readCopy(
          'account',
          'parquet',
          { source: { type: 'SalesforceV2Source', includeDeletedObjects: true }, sink: toParquet },
          setup,
        ),
      ),
    ).toEqual(['source.includeDeletedObjects: has no effect on a report']);
  });

  it('SC-01 may be of Service Cloud, with all the properties of the other', () => {
    const service = {
      linkedServices: { crm: { ...crm, type: 'SalesforceServiceCloudV2' } },
      datasets: { account: { ...accountDataset, type: 'SalesforceServiceCloudV2Object' } },
    };

    expect(
      unloading({ type: 'SalesforceServiceCloudV2Source', pageSize: 5, partitionOption: 'None' }, service),
    ).toEqual([]);
    expect(unloading({}, service)).toEqual([
      'source.type: SalesforceV2Source does not fit the dataset "account", which is of type SalesforceServiceCloudV2Object',
    ]);
  });
});

describe('a sink that writes to an org', () => {
  it.each([
    ['SNK-01', { writeBehavior: 'Update' }, 'sink.writeBehavior: must be "Insert" or "Upsert"'],
    ['SNK-05', { writeBatchSize: 0 }, 'sink.writeBatchSize: must be at least 1'],
    ['SNK-06', { ignoreNullValues: 'no' }, 'sink.ignoreNullValues: must be true or false, not a text'],
    ['SNK-08', { maxConcurrentConnections: 0 }, 'sink.maxConcurrentConnections: must be at least 1'],
    [
      'SNK-09',
      { sinkRetryWait: '1' },
      'sink.sinkRetryWait: must be a time span such as 0.02:30:00 (days.hours:minutes:seconds)',
    ],
  ])('%s refuses %j', (_id, sink, expected) => {
    expect(loading(sink)).toEqual([expected]);
  });

  it('SNK-01 SNK-05 compares without regard to case, and fills in the defaults', () => {
    const { factory, problems } = readCopy('csv', 'account', {
      source: fromCsv,
      sink: { ...toOrg, writeBehavior: 'upsert', externalIdFieldName: 'Key__c' },
    });

    expect(problems).toEqual([]);
    expect(factory.pipelines.get('load')?.properties.activities[0]).toMatchObject({
      typeProperties: { sink: { writeBehavior: 'Upsert', writeBatchSize: 100_000, ignoreNullValues: false } },
    });
  });

  it('SNK-02 upserts by Id with a warning, and by nothing where parity is asked for', () => {
    const upsert = { writeBehavior: 'Upsert' };

    expect(loading(upsert)).toEqual([]);
    expect(warningsOf(readCopy('csv', 'account', { source: fromCsv, sink: { ...toOrg, ...upsert } }))).toEqual([
      'sink.externalIdFieldName: is missing for an Upsert; Id is used',
    ]);
    expect(loading(upsert, { options: { strict: true } })).toEqual([
      'sink.externalIdFieldName: is missing for an Upsert; Id is used',
    ]);
  });

  it('SNK-04 needs a mapping that leads to the key', () => {
    const upsert = { writeBehavior: 'Upsert', externalIdFieldName: 'Key__c' };
    const mapped = (name: string): Json => ({
      translator: { type: 'TabularTranslator', mappings: [{ source: { name: 'key' }, sink: { name } }] },
    });

    expect(loading(upsert, {}, mapped('Key__c'))).toEqual([]);
    expect(loading(upsert, {}, mapped('Name'))).toEqual([
      'translator.mappings: nothing leads to "Key__c", which identifies the records to upsert',
    ]);
    expect(loading(upsert, {}, mapped("@concat('K', 'ey__c')"))).toEqual([]);
  });

  it('SNK-05 SNK-14 warns of uploads that are too small and of inserts that may be repeated', () => {
    const retried = { activity: { policy: { retry: 2 } } };

    expect(
      warningsOf(readCopy('csv', 'account', { source: fromCsv, sink: { ...toOrg, writeBatchSize: 500 } }, retried)),
    ).toEqual([
      'sink.writeBehavior: with retries, rows an earlier attempt has inserted are inserted again',
      'sink.writeBatchSize: is best from 10000 to 200000',
    ]);
  });

  it('DS-04 needs an object and no report', () => {
    expect(loading({}, withDataset({}))).toEqual(['sink: the dataset of the sink has no objectApiName']);
    expect(loading({}, withDataset({ objectApiName: 'Account', reportId: '00OHs00000fxSK1' }))).toEqual([
      'sink: the dataset of the sink has a reportId; a report cannot be written to',
    ]);
  });
});
