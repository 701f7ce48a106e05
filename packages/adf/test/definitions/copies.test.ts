import { describe, expect, it } from 'vitest';

import type { ReadOptions } from '../../src/load/factory-file.ts';
import {
  accountDataset,
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

const query = { type: 'SalesforceV2Source', query: 'SELECT Id FROM Account' };
const toParquet = { type: 'ParquetSink' };
const fromCsv = { type: 'DelimitedTextSource' };
const toOrg = { type: 'SalesforceV2Sink' };

interface Setup {
  readonly datasets?: Readonly<Record<string, Json>>;
  readonly linkedServices?: Readonly<Record<string, Json>>;
  readonly activity?: Json;
  readonly options?: ReadOptions;
}

function read(
  from: string,
  to: string,
  typeProperties: Json,
  { datasets, linkedServices, activity, options }: Setup = {},
): ReturnType<typeof factoryOf> {
  return factoryOf(
    {
      linkedServices: { crm, disk, ...linkedServices },
      datasets: { account: accountDataset, csv: csvDataset, parquet: parquetDataset, ...datasets },
      pipelines: { load: { activities: [copyActivity(from, to, typeProperties, activity)] } },
    },
    options,
  );
}

const short = (text: string): string => text.replace(/^properties\.activities\[0\]\.(typeProperties\.)?/, '');

/** Errors of a copy from the org to a file. */
function unloading(source: Json, setup?: Setup, rest: Json = {}): readonly string[] {
  return messagesOf(
    read('account', 'parquet', { source: { ...query, ...source }, sink: toParquet, ...rest }, setup),
  ).map(short);
}

/** Errors of a copy from a file to the org. */
function loading(sink: Json, setup?: Setup, rest: Json = {}): readonly string[] {
  return messagesOf(read('csv', 'account', { source: fromCsv, sink: { ...toOrg, ...sink }, ...rest }, setup)).map(
    short,
  );
}

function warningsOf(factory: ReturnType<typeof factoryOf>): readonly string[] {
  return messagesOf(factory, 'warning').map(short);
}

const withDataset = (typeProperties: Json): Setup => ({ datasets: { account: { ...accountDataset, typeProperties } } });

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
    expect(read('account', 'parquet', { source: { ...query, query: soql }, sink: toParquet }).problems).toMatchObject([
      { code: 'QUERY_UNSUPPORTED' },
    ]);
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
        read('account', 'parquet', { source: { ...query, SOQLQuery: 'SELECT Name FROM Account' }, sink: toParquet }),
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
    expect(unloading({ query: undefined }, withDataset({ reportId: '00O1' }))).toEqual([]);
  });

  it('DS-03 does not choose between an object and a report', () => {
    const both = withDataset({ objectApiName: 'Account', reportId: '00O1' });

    expect(unloading({ query: undefined }, both)).toEqual([
      'source: the dataset has both an objectApiName and a reportId, and the source no query',
    ]);
    expect(unloading({}, both)).toEqual([]);
  });

  it('SRC-18 warns that a report has no deleted records', () => {
    const setup = withDataset({ reportId: '00O1' });

    expect(
      warningsOf(
        read(
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
    const { factory, problems } = read('csv', 'account', {
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
    expect(warningsOf(read('csv', 'account', { source: fromCsv, sink: { ...toOrg, ...upsert } }))).toEqual([
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
      warningsOf(read('csv', 'account', { source: fromCsv, sink: { ...toOrg, writeBatchSize: 500 } }, retried)),
    ).toEqual([
      'sink.writeBehavior: with retries, rows an earlier attempt has inserted are inserted again',
      'sink.writeBatchSize: is best from 10000 to 200000',
    ]);
  });

  it('DS-04 needs an object and no report', () => {
    expect(loading({}, withDataset({}))).toEqual(['sink: the dataset of the sink has no objectApiName']);
    expect(loading({}, withDataset({ objectApiName: 'Account', reportId: '00O1' }))).toEqual([
      'sink: the dataset of the sink has a reportId; a report cannot be written to',
    ]);
  });
});

describe('a copy', () => {
  it('CP-01 has one input and one output, a source and a sink', () => {
    const activity = {
      inputs: [],
      outputs: [reference('parquet', 'DatasetReference'), reference('csv', 'DatasetReference')],
    };

    expect(messagesOf(read('account', 'parquet', {}, { activity })).map(short)).toEqual([
      'inputs: must hold exactly one dataset',
      'outputs: must hold exactly one dataset',
      'source: is missing',
      'sink: is missing',
    ]);
  });

  it('CP-02 names the connector that is missing', () => {
    const datasets = { sql: { type: 'AzureSqlTable', linkedServiceName: reference('sql'), typeProperties: {} } };
    const linkedServices = { sql: { type: 'AzureSqlDatabase', typeProperties: {} } };
    const { problems } = read(
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
      messagesOf(read('account', 'parquet', { source: query, sink }, { datasets, linkedServices })).map(short),
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
    expect(messagesOf(read('acount', 'parquet', { source: query, sink: toParquet })).map(short)).toEqual([
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

    expect(warningsOf(read('account', 'parquet', { source: query, sink: toParquet, ...rest }))).toEqual(
      [
        'dataIntegrationUnits: Data Factory takes 2 to 256; it has no effect here',
        'enableStaging: nothing is staged here: rows go from the source to the sink directly',
        'logStorageSettings: is the older form of logSettings',
      ].toSorted(),
    );
  });
});

describe('a mapping', () => {
  const translated = (translator: unknown, setup?: Setup): readonly string[] => unloading({}, setup, { translator });
  const mapped = (...mappings: readonly Json[]): readonly string[] =>
    translated({ type: 'TabularTranslator', mappings });

  it.each([
    [
      'MAP-03 a column without a name',
      [{ source: {}, sink: { name: 'a' } }],
      'translator.mappings[0].source: names no column',
    ],
    [
      'MAP-03 a column twice',
      [
        { source: { name: 'a' }, sink: { name: 'x' } },
        { source: { name: 'b' }, sink: { name: 'x' } },
      ],
      'translator.mappings[1].sink.name: another mapping leads to "x", too',
    ],
    [
      'MAP-04 a place from 0',
      [{ source: { ordinal: 0 }, sink: { name: 'x' } }],
      'translator.mappings[0].source.ordinal: must be at least 1',
    ],
    [
      'MAP-05 a second array',
      [{ source: { path: "$['a'][*]['b']" }, sink: { name: 'x' } }],
      'translator.mappings[0].source.path: goes through an array',
    ],
    [
      'MAP-06 a type that is none',
      [{ source: { name: 'a', type: 'Text' }, sink: { name: 'x' } }],
      'translator.mappings[0].source.type: is not a type that is known here',
    ],
    [
      'FM-06 a name Parquet has not',
      [{ source: { name: 'a' }, sink: { name: 'a b' } }],
      'translator.mappings[0].sink.name: is no name for a column of a Parquet file',
    ],
  ])('%s is refused', (_name, mappings, expected) => {
    expect(mapped(...mappings)).toEqual([expected]);
  });

  it('MAP-04 takes places as numbers and as texts', () => {
    expect(
      mapped({ source: { ordinal: 3 }, sink: { name: 'a' } }, { source: { ordinal: '4' }, sink: { name: 'b' } }),
    ).toEqual([]);
  });

  it('CNV-05 MAP-06 refuses date formats that are none', () => {
    expect(mapped({ source: { name: 'a', format: 'q' }, sink: { name: 'x' } })).toEqual([
      expect.stringMatching(/source.format: is not a date format/),
    ]);
    expect(
      translated({ type: 'TabularTranslator', typeConversion: true, typeConversionSettings: { dateTimeFormat: 'q' } }),
    ).toHaveLength(1);
    expect(
      translated({
        type: 'TabularTranslator',
        typeConversionSettings: { dateTimeFormat: 'yyyy-MM-dd HH:mm:ss.fff', treatBooleanAsNumber: true },
      }),
    ).toEqual([]);
  });

  it('MAP-07 may be an expression as a whole', () => {
    expect(translated({ type: 'Expression', value: '@pipeline().parameters.mapping' })).toEqual([
      expect.stringMatching(/there is no parameter "mapping"/),
    ]);
    expect(translated({ type: 'Expression', value: "@json('{}')" })).toEqual([]);
    expect(translated({ type: 'Translator' })).toEqual(['translator.type: must be "TabularTranslator"']);
  });

  it('MAP-08 takes the legacy forms, and refuses columns twice, unknown or too few', () => {
    const structure = [{ name: 'a' }, { name: 'b' }];
    const setup = {
      datasets: { parquet: { ...parquetDataset, structure }, account: { ...accountDataset, structure } },
    };
    const legacy = (columnMappings: unknown): readonly string[] =>
      translated({ type: 'TabularTranslator', columnMappings }, setup);

    expect(legacy({ a: 'b', b: 'a' })).toEqual([]);
    expect(legacy('a: b, b: a')).toEqual([]);
    expect(legacy({ a: 'b', b: 'b' })).toEqual([
      expect.stringMatching(/leads to "b" twice/),
      expect.stringMatching(/leads to 1 columns; the structure of the sink has 2/),
    ]);
    expect(legacy({ c: 'a', b: 'b' })).toEqual([
      expect.stringMatching(/names "c", which the structure of the source has not/),
    ]);
    expect(legacy('a')).toEqual([
      'translator.columnMappings: must be an object of names, or a text such as "a: x, b: y"',
    ]);
  });

  it('FM-02 MAP-04 of a file without a header goes by place', () => {
    const { firstRowAsHeader: _, ...typeProperties } = csvDataset['typeProperties'] as Json;
    const setup = { datasets: { csv: { ...csvDataset, typeProperties } } };
    const byName = {
      translator: { type: 'TabularTranslator', mappings: [{ source: { name: 'a' }, sink: { name: 'Name' } }] },
    };
    const byPlace = {
      translator: { type: 'TabularTranslator', mappings: [{ source: { ordinal: 1 }, sink: { name: 'Name' } }] },
    };

    expect(loading({}, setup)).toEqual([expect.stringMatching(/^translator: the source file has no header/)]);
    expect(loading({}, setup, byName)).toEqual([
      'translator.mappings[0].source.ordinal: is missing: the file has no header, so columns have no names',
    ]);
    expect(loading({}, setup, byPlace)).toEqual([]);
  });
});

describe('copies of files', () => {
  const reading = (storeSettings: Json, typeProperties?: Json): readonly string[] =>
    messagesOf(
      read(
        'csv',
        'parquet',
        {
          source: { ...fromCsv, storeSettings: { type: 'FileServerReadSettings', ...storeSettings } },
          sink: toParquet,
        },
        typeProperties === undefined ? {} : { datasets: { csv: { ...csvDataset, typeProperties } } },
      ),
    ).map(short);
  const folder = { location: { type: 'FileServerLocation', folderPath: 'in' }, firstRowAsHeader: true };

  it.each([
    [
      'ST-02',
      { fileListPath: 'list.txt' },
      'source.storeSettings.fileListPath: cannot go with a dataset that has a fileName',
    ],
    [
      'ST-02',
      { modifiedDatetimeStart: 'yesterday' },
      'source.storeSettings.modifiedDatetimeStart: is not a date and time',
    ],
    ['ST-02', { recursive: 'x' }, 'source.storeSettings.recursive: must be true or false, not a text'],
    [
      'ST-05',
      { deleteFilesAfterCompletion: true },
      'source.storeSettings.deleteFilesAfterCompletion: is for binary copies only',
    ],
  ])('%s refuses %j', (_id, storeSettings, expected) => {
    expect(reading(storeSettings)).toEqual([expected]);
  });

  it('ST-02 needs a wildcard for names beside one for folders', () => {
    expect(reading({ wildcardFolderPath: 'in/*' }, folder)).toEqual([
      'source.storeSettings.wildcardFileName: is missing: the dataset has no fileName',
    ]);
    expect(
      reading(
        {
          wildcardFolderPath: 'in/*',
          wildcardFileName: '*.csv',
          modifiedDatetimeStart: null,
          modifiedDatetimeEnd: '2026-01-31T08:05:00Z',
        },
        folder,
      ),
    ).toEqual([]);
  });

  it('ADD-02 takes the path of the file as a column', () => {
    const source = { ...fromCsv, additionalColumns: [{ name: 'file', value: '$$FILEPATH' }] };

    expect(messagesOf(read('csv', 'parquet', { source, sink: toParquet }))).toEqual([]);
  });

  it('FM-03 a sink needs a name or an extension, and takes no wildcards', () => {
    const writing = (formatSettings: Json, location: Json): readonly string[] =>
      messagesOf(
        read(
          'account',
          'csv',
          {
            source: query,
            sink: {
              type: 'DelimitedTextSink',
              formatSettings: { type: 'DelimitedTextWriteSettings', ...formatSettings },
            },
          },
          {
            datasets: {
              csv: { ...csvDataset, typeProperties: { location: { type: 'FileServerLocation', ...location } } },
            },
          },
        ),
      ).map(short);

    expect(writing({}, { folderPath: 'out' })).toEqual([
      'sink.formatSettings.fileExtension: is missing: the dataset of the sink has no fileName',
    ]);
    expect(writing({ fileExtension: '.txt', maxRowsPerFile: 5, fileNamePrefix: 'a' }, { folderPath: 'out' })).toEqual(
      [],
    );
    expect(writing({}, { folderPath: 'out', fileName: 'a.csv' })).toEqual([]);
    expect(writing({ maxRowsPerFile: 0 }, { fileName: 'a.csv' })).toEqual([
      'sink.formatSettings.maxRowsPerFile: must be at least 1',
    ]);
    expect(writing({}, { fileName: '*.csv' })).toEqual([
      'sink: the fileName of the dataset of the sink holds a wildcard',
    ]);
  });

  it('FM-05 JSON is written in one of two patterns', () => {
    const json = {
      type: 'Json',
      linkedServiceName: reference('disk'),
      typeProperties: { location: { type: 'FileServerLocation', fileName: 'a.json' } },
    };
    const writing = (filePattern: string): readonly string[] =>
      messagesOf(
        read(
          'account',
          'json',
          { source: query, sink: { type: 'JSONSink', formatSettings: { type: 'JsonWriteSettings', filePattern } } },
          { datasets: { json } },
        ),
      ).map(short);

    expect(writing('arrayOfObjects')).toEqual([]);
    expect(writing('lines')).toEqual(['sink.formatSettings.filePattern: must be "setOfObjects" or "arrayOfObjects"']);
  });
});

describe('a lookup', () => {
  const lookup = (typeProperties: Json): readonly string[] =>
    messagesOf(
      factoryOf({
        linkedServices: { crm, disk },
        datasets: { account: accountDataset },
        pipelines: { load: { activities: [{ name: 'Look', type: 'Lookup', typeProperties }] } },
      }),
    ).map(short);
  const dataset = reference('account', 'DatasetReference');

  it('LK-01 needs a source and a dataset that fit', () => {
    expect(lookup({ source: query, dataset, firstRowOnly: false })).toEqual([]);
    expect(lookup({})).toEqual(['source: is missing', 'dataset: is missing']);
    expect(lookup({ source: fromCsv, dataset })).toEqual([
      expect.stringMatching(/^source.type: DelimitedTextSource does not fit/),
    ]);
    expect(lookup({ source: query, dataset, firstRowOnly: 'first' })).toEqual([
      'firstRowOnly: must be true or false, not a text',
    ]);
    expect(lookup({ source: query, dataset: reference('acount', 'DatasetReference') })).toEqual([
      'dataset.referenceName: there is no dataset "acount"',
    ]);
  });

  it('LK-01 SRC-04 holds its query to the same rules', () => {
    expect(lookup({ source: { ...query, query: 'SELECT MAX(Id) FROM Account' }, dataset })).toEqual([
      expect.stringContaining('an aggregate function'),
    ]);
  });
});
