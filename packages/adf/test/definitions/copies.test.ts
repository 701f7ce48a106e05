import { describe, expect, it } from 'vitest';

import { query, readCopy, short, toParquet, unloading, warningsOf } from './copy-factory.ts';
import { accountDataset, messagesOf, parquetDataset, reference } from './factory-files.ts';

describe('a copy', () => {
  it('CP-01 has one input and one output, a source and a sink', () => {
    const activity = {
      inputs: [],
      outputs: [reference('parquet', 'DatasetReference'), reference('csv', 'DatasetReference')],
    };

    expect(messagesOf(readCopy('account', 'parquet', {}, { activity })).map(short)).toEqual([
      'inputs: must hold exactly one dataset',
      'outputs: must hold exactly one dataset',
      'source: is missing',
      'sink: is missing',
    ]);
  });

  it('CP-02 names the connector that is missing', () => {
    const datasets = { sql: { type: 'AzureSqlTable', linkedServiceName: reference('sql'), typeProperties: {} } };
    const linkedServices = { sql: { type: 'AzureSqlDatabase', typeProperties: {} } };
    const { problems } = readCopy(
      'account',
      'sql',
      { source: query, sink: { type: 'AzureSqlSink', anything: 1 } },
      { datasets, linkedServices },
    );

    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'CONNECTOR_MISSING', message: 'there is no connector for AzureSqlSink here', file: 'pipeline/load.json' },
    ]);
  });

  it('CP-02 ST-03 names the store that is missing, for locations and settings', () => {
    const location = { type: 'AzureBlobFSLocation', fileSystem: 'lake' };
    const datasets = {
      parquet: { ...parquetDataset, linkedServiceName: reference('lake'), typeProperties: { location } },
    };
    const linkedServices = { lake: { type: 'AzureBlobFS', typeProperties: { url: 'https://x' } } };
    const sink = { ...toParquet, storeSettings: { type: 'AzureBlobFSWriteSettings' } };

    expect(
      messagesOf(readCopy('account', 'parquet', { source: query, sink }, { datasets, linkedServices })).map(short),
    ).toEqual([
      'outputs[0]: the linked service "lake" of the dataset "parquet" is of type AzureBlobFS, which there is no connector for here',
      'sink.storeSettings.type: there is no connector for AzureBlobFSWriteSettings here',
    ]);
  });

  it('CP-04 needs types that agree, from the source to the linked service', () => {
    expect(unloading({ type: 'ParquetSource' })).toEqual([
      'source.type: ParquetSource does not fit the dataset "account", which is of type SalesforceV2Object',
    ]);
    expect(
      unloading({}, { datasets: { account: { ...accountDataset, linkedServiceName: reference('disk') } } }),
    ).toEqual([
      'inputs[0]: the linked service "disk" of the dataset "account" is of type FileServer, which has no such data',
    ]);
  });

  it('DS-06 DS-07 refers to datasets that are there, with the arguments they need', () => {
    const datasets = { account: { ...accountDataset, parameters: { object: { type: 'String' } } } };

    expect(unloading({}, { datasets })).toEqual([
      'inputs[0]: the dataset "account" needs a value for its parameter "object"',
    ]);
    expect(messagesOf(readCopy('acount', 'parquet', { source: query, sink: toParquet })).map(short)).toEqual([
      'inputs[0].referenceName: there is no dataset "acount"',
    ]);
  });

  it.each([
    ['PF-01', { parallelCopies: 0 }, 'parallelCopies: must be at least 1'],
    ['FT-02', { enableSkipIncompatibleRow: 1 }, 'enableSkipIncompatibleRow: must be true or false, not a number'],
    [
      'LOG-01',
      { logSettings: { enableCopyActivityLog: true } },
      'logSettings.logLocationSettings: is missing: the log has to be written somewhere',
    ],
    [
      'LOG-03',
      { logSettings: { enableCopyActivityLog: true, logLocationSettings: { linkedServiceName: reference('crm') } } },
      'logSettings.logLocationSettings.linkedServiceName: is of type SalesforceV2, which nothing can be logged to here',
    ],
    ['ST-05', { skipErrorFile: { fileMissing: true } }, 'skipErrorFile.fileMissing: is for binary copies only'],
    ['DC-01', { validateDataConsistency: 'on' }, 'validateDataConsistency: must be true or false, not a text'],
  ])('%s refuses %j', (_id, rest, expected) => {
    expect(unloading({}, {}, rest)).toEqual([expected]);
  });

  it('PF-02 PF-03 LOG-03 says what has no effect here', () => {
    const rest = {
      dataIntegrationUnits: 1000,
      enableStaging: true,
      stagingSettings: { linkedServiceName: reference('disk') },
      logStorageSettings: { linkedServiceName: reference('disk') },
    };

    expect(warningsOf(readCopy('account', 'parquet', { source: query, sink: toParquet, ...rest }))).toEqual(
      [
        'dataIntegrationUnits: Data Factory takes 2 to 256; it has no effect here',
        'enableStaging: nothing is staged here: rows go from the source to the sink directly',
        'logStorageSettings: is the older form of logSettings',
      ].toSorted(),
    );
  });
});
