import { describe, expect, it } from 'vitest';

import { accountDataset, crm, csvDataset, disk, factoryOf, messagesOf, reference } from './factory-files.ts';

type Json = Readonly<Record<string, unknown>>;

function datasetOf(properties: Json): ReturnType<typeof factoryOf> {
  return factoryOf({ linkedServices: { crm, disk }, datasets: { data: properties } });
}

function csvWith(changes: Json): readonly string[] {
  const typeProperties = { ...(csvDataset['typeProperties'] as Json), ...changes };
  return messagesOf(datasetOf({ ...csvDataset, typeProperties })).map((text) =>
    text.replace('properties.typeProperties.', ''),
  );
}

describe('a dataset', () => {
  it('DS-01 is taken with all that may stand beside it', () => {
    const { factory, problems } = datasetOf({
      ...accountDataset,
      schema: [],
      structure: [{ name: 'Id' }],
      parameters: { object: { type: 'String', defaultValue: 'Account' } },
      folder: { name: 'crm' },
      annotations: [],
      typeProperties: { objectApiName: '@dataset().object', reportId: null },
    });

    expect(problems).toEqual([]);
    expect(factory.datasets.get('data')?.properties.typeProperties).toEqual({ objectApiName: '@dataset().object' });
  });

  it('DS-01 of an org may leave out typeProperties', () => {
    const { typeProperties: _, ...rest } = accountDataset;

    expect(datasetOf(rest).problems).toEqual([]);
  });

  it.each(['<id of the report Open deals>', '001Hs000000fxSKIAY', '00O1'])('SRC-08 has no report %j', (reportId) => {
    const read = datasetOf({ ...accountDataset, typeProperties: { reportId } });

    expect(messagesOf(read)).toEqual([
      'properties.typeProperties.reportId: is no id of a report, which has 15 or 18 characters and begins with 00O',
    ]);
  });

  it('DS-06 needs a linked service, which has to be there', () => {
    const { linkedServiceName: _, ...rest } = accountDataset;

    expect(messagesOf(datasetOf(rest))).toEqual(['properties.linkedServiceName: is missing']);
    expect(datasetOf({ ...accountDataset, linkedServiceName: reference('cmr') }).problems).toMatchObject([
      { message: 'there is no linked service "cmr"', hint: 'Did you mean "crm"?' },
    ]);
  });

  it('DS-06 finds a linked service whatever the case of its name, and says how it is spelled', () => {
    const read = datasetOf({ ...accountDataset, linkedServiceName: reference('CRM') });

    expect(messagesOf(read)).toEqual([]);
    expect(messagesOf(read, 'warning')).toEqual([
      'properties.linkedServiceName.referenceName: the linked service is spelled "crm"',
    ]);
  });

  it('DS-06 LS-11 passes the arguments its linked service needs', () => {
    const withArguments = (parameters?: Json): readonly string[] =>
      messagesOf(
        factoryOf({
          linkedServices: {
            crm: { ...crm, parameters: { org: { type: 'String' }, env: { type: 'String', defaultValue: 'x' } } },
          },
          datasets: {
            data: { ...accountDataset, linkedServiceName: reference('crm', 'LinkedServiceReference', parameters) },
          },
        }),
      );

    expect(withArguments({ Org: 'acme' })).toEqual([]);
    expect(withArguments()).toEqual([
      'properties.linkedServiceName: the linked service "crm" needs a value for its parameter "org"',
    ]);
    expect(withArguments({ org: '@dataset().nothing' })).toEqual([
      expect.stringMatching(/linkedServiceName.parameters.org: there is no parameter "nothing"/),
    ]);
  });

  it('DS-07 sees its own parameters alone', () => {
    const withObject = (objectApiName: unknown): readonly string[] =>
      messagesOf(
        datasetOf({ ...accountDataset, parameters: { object: { type: 'String' } }, typeProperties: { objectApiName } }),
      );

    expect(withObject({ type: 'Expression', value: '@dataset().object' })).toEqual([]);
    expect(withObject('@dataset().objct')).toEqual([expect.stringMatching(/there is no parameter "objct"/)]);
    expect(withObject('@pipeline().RunId')).toEqual([expect.stringMatching(/pipeline cannot be read here/)]);
    expect(withObject({ type: 'Expression', value: 5 })).toEqual([
      'properties.typeProperties.objectApiName.value: must be a text, not a number',
    ]);
  });

  it.each([
    ['Int', 'many'],
    ['Bool', 1],
    ['Array', {}],
    ['Object', 'text'],
    ['Float', 'NaN'],
    ['String', {}],
  ])('refuses a default that is no %s', (type, defaultValue) => {
    expect(messagesOf(datasetOf({ ...accountDataset, parameters: { p: { type, defaultValue } } }))).toEqual([
      `properties.parameters.p.defaultValue: is no value of type ${type}`,
    ]);
  });

  it.each([
    ['int', '5'],
    ['Bool', 'True'],
    ['Array', '[1]'],
    ['String', 5],
    ['Object', { a: 1 }],
    ['SecureString', { type: 'SecureString', value: 'x' }],
    ['Float', 1],
  ])('takes a default that is or says a value of type %s', (type, defaultValue) => {
    expect(messagesOf(datasetOf({ ...accountDataset, parameters: { p: { type, defaultValue } } }))).toEqual([]);
  });

  it('refuses a parameter of an unknown type', () => {
    const { problems } = datasetOf({ ...accountDataset, parameters: { p: { type: 'Integer' } } });

    expect(problems).toMatchObject([{ path: 'properties.parameters.p.type', severity: 'error' }]);
  });
});

describe('a dataset of files', () => {
  it.each([
    ['FM-01 columnDelimiter: must not be empty in copy activities', { columnDelimiter: '' }],
    ['FM-01 rowDelimiter: must be one character, or CR and LF', { rowDelimiter: '||' }],
    ['FM-01 quoteChar: must be one character, or empty', { quoteChar: '""' }],
    ['FM-01 escapeChar: must be one character, or empty', { escapeChar: '\\\\' }],
    ['FM-01 escapeChar: can be empty only where quoteChar is empty, too', { escapeChar: '' }],
    ['FM-01 quoteChar: is a part of columnDelimiter', { quoteChar: '|', columnDelimiter: '|' }],
    ['FM-01 encodingName: is no encoding that is known here', { encodingName: 'klingon' }],
    ['FM-01 firstRowAsHeader: must be true or false, not a number', { firstRowAsHeader: 1 }],
    ['FM-04 compressionCodec: snappy is not supported by copy activities', { compressionCodec: 'Snappy' }],
    ['FM-04 compressionCodec: must be "none" or', { compressionCodec: 'zip' }],
    ['ST-01 location: is missing', { location: undefined }],
    ['ST-01 location.type: is not a type that is known here', { location: { type: 'FileLocation' } }],
  ])('%s', (expected, changes) => {
    expect(csvWith(changes)).toEqual([expect.stringContaining(expected.replace(/^\S+ /, ''))]);
  });

  it.each([
    { escapeChar: '', quoteChar: '' },
    { rowDelimiter: '\r\n' },
    { columnDelimiter: '||' },
    { columnDelimiter: '@dataset().d', rowDelimiter: '@dataset().d' },
    { encodingName: 'ISO-8859-1', compressionCodec: 'TarGZip' },
  ])('FM-01 FM-04 takes %j', (changes) => {
    const typeProperties = { ...(csvDataset['typeProperties'] as Json), ...changes };

    expect(messagesOf(datasetOf({ ...csvDataset, parameters: { d: { type: 'String' } }, typeProperties }))).toEqual([]);
  });

  it('FM-01 FM-05 FM-06 fills in the defaults of Data Factory', () => {
    const location = { type: 'FileServerLocation' };
    const typed = (type: string): unknown =>
      datasetOf({ type, linkedServiceName: reference('disk'), typeProperties: { location } }).factory.datasets.get(
        'data',
      )?.properties.typeProperties;

    expect(typed('DelimitedText')).toEqual({
      location,
      columnDelimiter: ',',
      quoteChar: '"',
      escapeChar: '\\',
      firstRowAsHeader: false,
      nullValue: '',
    });
    expect(typed('Parquet')).toEqual({ location, compressionCodec: 'snappy' });
    expect(typed('Json')).toEqual({ location });
  });

  it('FM-06 refuses lzo for Parquet', () => {
    const typeProperties = { location: { type: 'FileServerLocation' }, compressionCodec: 'lzo' };

    expect(messagesOf(datasetOf({ type: 'Parquet', linkedServiceName: reference('disk'), typeProperties }))).toEqual([
      'properties.typeProperties.compressionCodec: lzo is not supported by copy activities',
    ]);
  });

  it('FM-08 of a format that is not here is told from a misspelt one', () => {
    expect(
      datasetOf({ type: 'Avro', linkedServiceName: reference('disk'), typeProperties: {} }).problems,
    ).toMatchObject([{ severity: 'warning', code: 'CONNECTOR_MISSING' }]);
    expect(
      datasetOf({ type: 'Avrö', linkedServiceName: reference('disk'), typeProperties: {} }).problems,
    ).toMatchObject([{ severity: 'error', code: 'CONFIG_INVALID', hint: 'Did you mean "Avro"?' }]);
  });
});
