import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  createOrg,
  type Emulator,
  type EmulatorOptions,
  type OrgDefinitionInput,
  startEmulator,
} from '../src/index.ts';
import { type Client, connect } from './emulator-client.ts';
import { load, resultRows, resultText } from './ingest-client.ts';
import { INSERT } from './ingest-emulator.ts';
import { rowsOf } from './query-rows.ts';

const OBJECTS: OrgDefinitionInput['objects'] = {
  Parent__c: { fields: { Key__c: { type: 'string', externalId: true }, Note__c: { type: 'string' } } },
  Thing__c: {
    fields: {
      Text__c: { type: 'string', length: 10 },
      Area__c: { type: 'textarea' },
      Flag__c: { type: 'boolean' },
      Int__c: { type: 'int', digits: 8 },
      Long__c: { type: 'long' },
      Number__c: { type: 'double', precision: 6, scale: 2 },
      Money__c: { type: 'currency' },
      Day__c: { type: 'date' },
      At__c: { type: 'datetime' },
      Time__c: { type: 'time' },
      Open__c: { type: 'picklist', picklistValues: ['A', 'B'] },
      Closed__c: { type: 'picklist', picklistValues: ['A', 'B'], restrictedPicklist: true },
      Many__c: { type: 'multipicklist', picklistValues: ['A', 'B', 'C'], restrictedPicklist: true },
      Parent__c: { type: 'reference', referenceTo: ['Parent__c'] },
      Secret__c: { type: 'string', hidden: true },
      Sum__c: { type: 'double', calculated: true },
    },
  },
};

let emulator: Emulator;
let client: Client;
let parentId: string;
let deletedId: string;

beforeAll(async () => {
  const rows = {
    Parent__c: [
      { Key__c: 'P-1', Name: 'One' },
      { Key__c: 'P-2', Name: 'Gone' },
      { Key__c: 'Twin', Name: 'A' },
      { Key__c: 'Twin', Name: 'B' },
    ],
  };
  const org = createOrg({ objects: OBJECTS, rows });
  emulator = await startEmulator({ org });
  client = await connect(emulator);
  [parentId = '', deletedId = ''] = ['One', 'Gone'].map((name) =>
    String(rowsOf(org, `SELECT Id FROM Parent__c WHERE Name = '${name}'`)[0]?.[0]),
  );
  org.remove('Parent__c', [deletedId], 0);
});

afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
  emulator.org[Symbol.dispose]();
});

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** Inserts one record with one cell: what is stored and what the result file shows, or the error. */
async function insertCell(column: string, text: string, on = client): Promise<object> {
  const { id } = await load(on, INSERT, `Name,${column}\nx,${quoted(text)}\n`);
  const [failed] = await resultRows(on, id, 'failedResults');
  if (failed !== undefined) return { error: failed['sf__Error'], shown: failed[column] };
  const [saved] = await resultRows(on, id, 'successfulResults');
  const response = await on.get(`sobjects/Thing__c/${saved?.['sf__Id']}`);
  // A record as REST shows it.
  const stored = (response as Record<string, unknown>)[column];
  return { stored, shown: saved?.[column] };
}

describe('a cell', () => {
  it.each([
    ['Text__c', ' a b ', { stored: 'a b', shown: ' a b ' }],
    ['Text__c', ' \t ', { stored: null, shown: ' \t ' }],
    ['Text__c', '\u00a0a', { stored: '\u00a0a', shown: '\u00a0a' }],
    ['Text__c', '  1234567890  ', { stored: '1234567890', shown: '  1234567890  ' }],
    ['Text__c', '#N/A', { stored: null, shown: '' }],
    ['Text__c', '', { stored: null, shown: '' }],
    ['Text__c', 'a"b,c\nd', { stored: 'a"b,c\nd', shown: 'a"b,c\nd' }],
    ['Flag__c', 'true', { stored: true, shown: 'true' }],
    ['Flag__c', '1', { stored: true, shown: 'true' }],
    ['Flag__c', '0', { stored: false, shown: 'false' }],
    ['Flag__c', '', { stored: false, shown: '' }],
    ['Int__c', '12', { stored: 12, shown: '12' }],
    ['Int__c', '1.2E1', { stored: 12, shown: '12' }],
    ['Int__c', '-99999999', { stored: -99_999_999, shown: '-99999999' }],
    ['Number__c', '9999.126', { stored: 9999.126, shown: '9999.126' }],
    ['Number__c', '-0.1E-2', { stored: -0.001, shown: '-0.001' }],
    ['Money__c', '912260031', { stored: 912_260_031, shown: '9.12260031E8' }],
    ['Money__c', '1234567890123456.5', { stored: 1_234_567_890_123_456.5, shown: '1.2345678901234565E15' }],
    ['Day__c', '2026-02-28', { stored: '2026-02-28', shown: '2026-02-28' }],
    [
      'At__c',
      '2026-01-01T00:30:15.678+01:00',
      { stored: '2025-12-31T23:30:15.000+0000', shown: '2025-12-31T23:30:15.000Z' },
    ],
    ['At__c', '2026-01-01T00:30:15Z', { stored: '2026-01-01T00:30:15.000+0000', shown: '2026-01-01T00:30:15.000Z' }],
    ['Time__c', '09:30:00.000Z', { stored: '09:30:00.000Z', shown: '09:30:00.000Z' }],
    ['Open__c', 'Other', { stored: 'Other', shown: 'Other' }],
    ['Closed__c', 'B', { stored: 'B', shown: 'B' }],
    ['Many__c', 'C;A', { stored: 'A;C', shown: 'C;A' }],
  ])('of %s takes %j', async (column, text, expected) => {
    expect(await insertCell(column, text)).toEqual(expected);
  });

  it.each([
    ['Text__c', '12345678901', 'STRING_TOO_LONG:Text: data value too large: 12345678901 (max length=10):Text__c --'],
    ['Flag__c', 'TRUE', badForm('TRUE', 'xsd:boolean', 'Flag__c')],
    ['Flag__c', 'yes', badForm('yes', 'xsd:boolean', 'Flag__c')],
    ['Int__c', '1.5', badForm('1.5', 'xsd:int', 'Int__c')],
    ['Int__c', '100000000', outOfRange('Int', '100000000', 'Int__c')],
    ['Number__c', '10000', outOfRange('Number', '10000', 'Number__c')],
    ['Number__c', '1E4', outOfRange('Number', '1E4', 'Number__c')],
    ['Number__c', '1,000', badForm('1,000', 'xsd:double', 'Number__c')],
    ['Number__c', ' 1', badForm(' 1', 'xsd:double', 'Number__c')],
    ['Day__c', '2003-04-98765', badForm('2003-04-98765', 'xsd:date', 'Day__c')],
    ['Day__c', '2026-02-29', badForm('2026-02-29', 'xsd:date', 'Day__c')],
    ['Day__c', '2026-02-28Z', badForm('2026-02-28Z', 'xsd:date', 'Day__c')],
    ['At__c', '2026-01-01', badForm('2026-01-01', 'xsd:dateTime', 'At__c')],
    ['At__c', '2026-01-01T00:00:00', badForm('2026-01-01T00:00:00', 'xsd:dateTime', 'At__c')],
    [
      'Closed__c',
      'a',
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST:Closed: bad value for restricted picklist field: a:Closed__c --',
    ],
    [
      'Many__c',
      'A;X',
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST:Many: bad value for restricted picklist field: X:Many__c --',
    ],
    ['Parent__c', 'nope', 'MALFORMED_ID:Parent: id value of incorrect type: nope:Parent__c --'],
    ['Parent__c', '001Hs00000fxSK1', 'MALFORMED_ID:Parent: id value of incorrect type: 001Hs00000fxSK1:Parent__c --'],
    ['Parent__c', 'a00Hs00000gggggAAA', 'INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:Parent__c --'],
    ['Id', 'a01Hs00000fxSK1', 'INVALID_FIELD_FOR_INSERT_UPDATE:cannot specify Id in an insert call:Id --'],
    [
      'Parent__r.Key__c',
      'P-9',
      'INVALID_FIELD:Foreign key external ID: P-9 not found for field Key__c in entity Parent__c:--',
    ],
    [
      'Parent__r.Key__c',
      'P-2',
      'INVALID_FIELD:Foreign key external ID: P-2 not found for field Key__c in entity Parent__c:--',
    ],
  ])('of %s refuses %j', async (column, text, error) => {
    expect(await insertCell(column, text)).toEqual({ error, shown: text });
  });

  function badForm(text: string, type: string, field: string): string {
    return `INVALID_FIELD:Failed to deserialize field at col 1. Due to, '${text}' is not a valid value for the type ${type}:${field} --`;
  }

  function outOfRange(label: string, text: string, field: string): string {
    return `NUMBER_OUTSIDE_VALID_RANGE:${label}: value outside of valid range on numeric field: ${text}:${field} --`;
  }

  it('refers to a parent by an id of 15 or 18 characters, or by a key, whatever its case', async () => {
    const own = { stored: parentId };
    expect(await insertCell('Parent__c', parentId.slice(0, 15))).toEqual({ ...own, shown: parentId });
    expect(await insertCell('Parent__c', parentId)).toEqual({ ...own, shown: parentId });

    const csv = 'Name,parent__R.key__C\nby key,p-1\n';
    const { id } = await load(client, INSERT, csv);

    expect(await resultRows(client, id, 'successfulResults')).toMatchObject([{ 'parent__R.key__C': 'p-1' }]);
    expect(rowsOf(emulator.org, "SELECT Parent__c FROM Thing__c WHERE Name = 'by key'")).toEqual([[parentId]]);
  });

  it('refuses a parent that is deleted, or one of several', async () => {
    expect(await insertCell('Parent__c', deletedId)).toMatchObject({
      error: 'ENTITY_IS_DELETED:entity is deleted:Parent__c --',
    });
    expect(await insertCell('Parent__r.Key__c', 'twin')).toMatchObject({
      error: expect.stringMatching(/^INVALID_FIELD:More than one record found for external id field/),
    });
  });

  it('may not be given for a field that the org makes, unless it is empty', async () => {
    const text =
      'Unable to create/update fields: Sum__c, CreatedDate. Please check the security settings of this field and verify that it is read/write for your profile or permission set.';
    const { id } = await load(client, INSERT, 'Sum__c,CreatedDate,Name\n1,2026-01-01T00:00:00Z,a\n,,b\n');

    expect(await resultRows(client, id, 'failedResults')).toMatchObject([
      { sf__Error: `INVALID_FIELD_FOR_INSERT_UPDATE:${text}:Sum__c,CreatedDate --`, Name: 'a' },
    ]);
    expect(await resultRows(client, id, 'successfulResults')).toMatchObject([{ Name: 'b' }]);
  });

  it('has a type in front where there are several parents', async () => {
    const csv = 'Name,User:Owner.Username\nowned,sam.okoro@example.com\n';
    await load(client, INSERT, csv);

    expect(rowsOf(emulator.org, "SELECT Owner.Name FROM Thing__c WHERE Name = 'owned'")).toEqual([['Sam Okoro']]);
  });
});

describe('a header', () => {
  it.each([
    ['Nope__c', 'Field name not found : Nope__c'],
    [' Text__c', 'Field name not found :  Text__c'],
    ['\ufeffText__c', 'Field name not found : \ufeffText__c'],
    ['Secret__c', 'Field name not found : Secret__c'],
    ['Text__c,text__C', 'Duplicate field name : text__C'],
    ['Parent__c,Parent__r.Key__c', 'Duplicate field name : Parent__r.Key__c'],
    ['Owner.Username', 'Field name not found : Owner.Username'],
    ['Lead:Owner.Username', 'Field name not found : Lead:Owner.Username'],
    ['Parent__c:Parent__r.Key__c', 'Field name not found : Parent__c:Parent__r.Key__c'],
    ['Parent__r.Note__c', 'Field name not found : Parent__r.Note__c'],
    ['Parent__r.Owner.Email', 'Field name not found : Parent__r.Owner.Email'],
  ])('fails the job by %j', async (header, message) => {
    const { id, ...status } = await load(client, INSERT, `${header}\na,b\n`);

    expect(status).toMatchObject({
      state: 'Failed',
      numberRecordsProcessed: 0,
      numberRecordsFailed: 0,
      errorMessage: `InvalidBatch : ${message}`,
    });
    // Reading a response as text takes a byte order mark away.
    const shown = header.replace('\ufeff', '');
    expect(await resultText(client, id, 'unprocessedrecords')).toBe(`${shown}\n"a","b"\n`);
    expect(await resultText(client, id, 'successfulResults')).toBe(`"sf__Id","sf__Created",${header}\n`);
  });

  it('fails the job when it is too long, or has too many names', async () => {
    const many = Array.from({ length: 5001 }, (_, index) => index).join(',');

    expect(await load(client, INSERT, `${'x'.repeat(32_000)}\n`)).toMatchObject({
      errorMessage: 'InvalidBatch : Header row is longer than 32000 characters',
    });
    expect(await load(client, INSERT, `${many}\n`)).toMatchObject({
      errorMessage: 'InvalidBatch : Header row has more than 5000 fields',
    });
  });

  it('is matched whatever its case, and comes back as sent', async () => {
    const { id } = await load(client, INSERT, '"NAME",text__C\na,b\n');

    expect(await resultRows(client, id, 'successfulResults')).toEqual([
      { sf__Id: expect.any(String), sf__Created: 'true', NAME: 'a', text__C: 'b' },
    ]);
  });

  it('must have the key of an upsert', async () => {
    const job = { object: 'Parent__c', operation: 'upsert', externalIdFieldName: 'Key__c' };

    expect(await load(client, job, 'Name\na\n')).toMatchObject({
      state: 'Failed',
      errorMessage: 'InvalidBatch : Field name not found : Key__c',
    });
  });
});

describe('an org set up otherwise', () => {
  async function withOptions<Result>(
    ingest: EmulatorOptions['ingest'],
    work: (on: Client) => Promise<Result>,
    orgOptions: object = {},
  ): Promise<Result> {
    using org = createOrg({ objects: OBJECTS, ...orgOptions });
    await using own = await startEmulator({ org, ingest });
    return await work(await connect(own));
  }

  it.each([
    ['Text__c', ' a ', { keepWhiteSpace: true }, ' a '],
    ['At__c', '2026-01-01T00:30:15.678Z', { keepMilliseconds: true }, '2026-01-01T00:30:15.678+0000'],
    ['Many__c', 'C;A', { keepPicklistOrder: true }, 'C;A'],
  ])('keeps %s as %j', async (column, text, orgOptions, stored) => {
    const seen = await withOptions({}, async (on) => await insertCell(column, text, on), orgOptions);

    expect(seen).toMatchObject({ stored });
  });

  it('keeps decimals digit for digit', async () => {
    const seen = await withOptions({}, async (on) => await insertCell('Money__c', '1234567890123456.78', on), {
      exactDecimals: true,
    });

    expect(seen).toMatchObject({ shown: '1234567890123456.78' });
  });

  it.each([
    [{ unknownPicklistValues: 'reject' }, 'Open__c', 'X', { error: expect.stringMatching(/^INVALID_OR_NULL/) }],
    [{ datesWithOffset: true }, 'Day__c', '2026-02-28Z', { stored: '2026-02-28' }],
    [{ resultValues: 'sent' }, 'Money__c', '1E3', { stored: 1000, shown: '1E3' }],
    [{ resultValues: 'sent' }, 'Text__c', '#N/A', { stored: null, shown: '#N/A' }],
    [{ resultValues: 'stored' }, 'Text__c', ' a ', { stored: 'a', shown: 'a' }],
    [{ unknownColumns: 'ignore' }, 'Nope__c', 'X', { stored: undefined, shown: undefined }],
  ] as const)('as %j says', async (ingest, column, text, expected) => {
    expect(await withOptions(ingest, async (on) => await insertCell(column, text, on))).toMatchObject(expected);
  });

  it('may fail the job when a parent is not found', async () => {
    const status = await withOptions({ lookupMiss: 'failJob' }, async (on) => {
      return await load(on, INSERT, 'Parent__r.Key__c\nP-9\n');
    });

    expect(status).toMatchObject({
      state: 'Failed',
      errorMessage: expect.stringContaining('Foreign key external ID: P-9 not found'),
    });
  });

  it('may leave relationship columns out of the results', async () => {
    const rows = await withOptions({ resultColumns: 'fieldsOnly' }, async (on) => {
      const { id } = await load(on, INSERT, 'Parent__r.Key__c,Name\nP-9,a\n');
      return await resultRows(on, id, 'failedResults');
    });

    expect(rows).toEqual([{ sf__Id: '', sf__Error: expect.any(String), Name: 'a' }]);
  });
});
