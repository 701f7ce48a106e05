import { describe, expect, it } from 'vitest';

import { fromCsv, query, readCopy, short, toParquet, type Json } from './copy-factory.ts';
import { accountDataset, crm, csvDataset, disk, factoryOf, messagesOf, reference } from './factory-files.ts';

describe('copies of files', () => {
  const reading = (storeSettings: Json, typeProperties?: Json): readonly string[] =>
    messagesOf(
      readCopy(
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

    expect(messagesOf(readCopy('csv', 'parquet', { source, sink: toParquet }))).toEqual([]);
  });

  it('FM-03 a sink needs a name or an extension, and takes no wildcards', () => {
    const writing = (formatSettings: Json, location: Json): readonly string[] =>
      messagesOf(
        readCopy(
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
    expect(writing({ maxRowsPerFile: 5 }, { folderPath: 'out', fileName: 'a.csv' })).toEqual([
      'sink.formatSettings.maxRowsPerFile: needs a dataset with a folderPath and without a fileName',
    ]);
    expect(writing({ maxRowsPerFile: 0 }, { fileName: 'a.csv' })).toEqual([
      'sink.formatSettings.maxRowsPerFile: must be at least 1',
    ]);
    expect(writing({}, { fileName: '*.csv' })).toEqual([
      'sink: the fileName of the dataset of the sink holds a wildcard',
    ]);
  });

  it.each([
    ['FM-01', { encodingName: 'UTF-16' }, 'files are written in UTF-8 here, and not in utf-16le yet'],
    ['FM-04', { compressionCodec: 'bzip2' }, 'there is no connector for files compressed with bzip2 here'],
  ])('%s says before anything runs that files with %j are not written yet', (_id, properties, message) => {
    const location = { type: 'FileServerLocation', fileName: 'a.csv' };
    const read = readCopy(
      'account',
      'csv',
      { source: query, sink: { type: 'DelimitedTextSink' } },
      { datasets: { csv: { ...csvDataset, typeProperties: { location, ...properties } } } },
    );

    expect(read.problems).toMatchObject([{ severity: 'error', code: 'CONNECTOR_MISSING' }]);
    expect(messagesOf(read).map(short)).toEqual([`sink: ${message}`]);
  });

  it('FM-04 says so of files that are read, too', () => {
    const location = { type: 'FileServerLocation', fileName: 'a.csv' };
    const csv = { ...csvDataset, typeProperties: { location, firstRowAsHeader: true, compressionCodec: 'TarGZip' } };
    const read = readCopy('csv', 'parquet', { source: fromCsv, sink: toParquet }, { datasets: { csv } });

    expect(messagesOf(read).map(short)).toEqual([
      'source: there is no connector for files compressed with TarGzip here',
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
        readCopy(
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
