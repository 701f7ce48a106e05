import { createOrg } from '@sluice/salesforce-emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { PipelineRun } from '../../src/run/run-record.ts';
import { activityOf } from './control-run.ts';
import { type CopyWorkspace, copyWorkspace, itemsOrg } from './copy-workspace.ts';

const ALL =
  'SELECT Name, Text__c, Price__c, Rate__c, Count__c, Flag__c, Day__c, At__c, Clock__c, Kinds__c FROM Item__c';

let workspace: CopyWorkspace;

afterEach(async () => {
  await workspace[Symbol.asyncDispose]();
});

function outputOf(run: PipelineRun): Readonly<Record<string, unknown>> {
  return activityOf(run, 'Copy').output as Readonly<Record<string, unknown>>;
}

describe('a copy of items', () => {
  beforeEach(async () => {
    workspace = await copyWorkspace({ org: itemsOrg() });
  });

  it('TYP-01 TYP-02 TYP-04 TYP-05 TYP-06 TYP-07 gives each Salesforce type the type of the seed table', async () => {
    const { run } = await workspace.copy({ query: ALL });

    expect(run.message).toBe('');
    expect(await workspace.rows('items.parquet')).toEqual([
      {
        Name: 'One',
        Text__c: 'Größe "1", 🚀',
        Price__c: 1234.56,
        Rate__c: 12.5,
        Count__c: 42,
        Flag__c: true,
        Day__c: new Date('2026-01-31T00:00:00.000Z'),
        At__c: new Date('2026-01-31T08:05:00.123Z'),
        Clock__c: 29_100_000_000n,
        Kinds__c: 'red;green',
      },
      {
        Name: 'Two',
        Text__c: null,
        Price__c: null,
        Rate__c: null,
        Count__c: null,
        Flag__c: false,
        Day__c: null,
        At__c: null,
        Clock__c: null,
        Kinds__c: null,
      },
    ]);
    const columns = new Map((await workspace.columns('items.parquet')).map((column) => [column.name, column]));
    expect(columns.get('Price__c')?.logical_type).toEqual({ type: 'DECIMAL', precision: 18, scale: 2 });
    expect(columns.get('Rate__c')?.logical_type).toEqual({ type: 'DECIMAL', precision: 5, scale: 3 });
    for (const name of ['Day__c', 'At__c']) {
      expect(columns.get(name)).toMatchObject({
        type: 'INT64',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
      });
    }
  });

  it('FM-06 FM-07 writes Parquet with snappy and instants as INT64 microseconds in UTC', async () => {
    await workspace.copy({ query: 'SELECT Name, At__c FROM Item__c' });

    const [, at] = await workspace.columns('items.parquet');
    expect(at).toMatchObject({ name: 'At__c', type: 'INT64', converted_type: 'TIMESTAMP_MICROS' });
  });

  it('SRC-03 names columns of parents by their path', async () => {
    await workspace.copy({ query: "SELECT Name, Parent__r.Name FROM Item__c WHERE Name = 'One'" });

    expect(await workspace.rows('items.parquet')).toEqual([{ Name: 'One', 'Parent__r.Name': null }]);
  });

  it('SRC-06 DS-01 reads every field of the object of the dataset where there is no query, in a stable order', async () => {
    const { run } = await workspace.copy({});

    const columns = (await workspace.columns('items.parquet')).map(({ name }) => name);
    expect(columns.slice(0, 3)).toEqual(['Id', 'IsDeleted', 'OwnerId']);
    expect(columns).toEqual(expect.arrayContaining(['Text__c', 'Parent__c']));
    expect(outputOf(run)).toMatchObject({ rowsRead: 2, rowsCopied: 2 });
  });

  it('SRC-01 takes the older name of the query, and evaluates expressions in it', async () => {
    const { run } = await workspace.copy({
      source: { SOQLQuery: { type: 'Expression', value: "@concat('SELECT Name FROM ', 'Item__c')" } },
    });

    expect(await workspace.rows('items.parquet')).toEqual([{ Name: 'One' }, { Name: 'Two' }]);
    expect(activityOf(run, 'Copy').input).toMatchObject({ source: { SOQLQuery: 'SELECT Name FROM Item__c' } });
  });

  it('SRC-05 reads deleted rows with queryAll where it is told to', async () => {
    const query = 'SELECT Name FROM Item__c';
    await workspace.copy({ query, source: { includeDeletedObjects: true } });
    const all = await workspace.rows('items.parquet');
    await workspace.copy({ query });

    expect(all.map((row) => row['Name'])).toEqual(['Gone', 'One', 'Two']);
    expect((await workspace.rows('items.parquet')).map((row) => row['Name'])).toEqual(['One', 'Two']);
  });

  it('SRC-02 warns of ORDER BY and LIMIT, and refuses them where parity is asked for', async () => {
    const query = 'SELECT Name FROM Item__c ORDER BY Name DESC LIMIT 1';
    const lenient = await workspace.copy({ query });
    const strict = await workspace.copy(
      { source: { query: { type: 'Expression', value: `@concat('${query}', '')` } } },
      { strict: true },
    );

    expect(await workspace.rows('items.parquet')).toEqual([{ Name: 'Two' }]);
    const notes = outputOf(lenient.run)['notes'] as readonly { readonly code: string }[];
    expect(notes.map(({ code }) => code)).toEqual(expect.arrayContaining(['QUERY_ORDERED', 'QUERY_LIMITED']));
    expect(strict.run.message).toContain("Failure happened on 'Source' side. ErrorCode=QUERY_UNSUPPORTED");
    expect(strict.run.message).toContain('Azure Data Factory refuses ORDER BY');
  });

  it.each([
    ['SELECT Nmae FROM Item__c', 'FIELD_UNKNOWN', 'Nmae'],
    ['SELECT Name FROM Item', 'OBJECT_UNKNOWN', 'Item__c'],
    ['SELECT COUNT() FROM Item__c', 'QUERY_UNSUPPORTED', ''],
  ])('SRC-02 SRC-04 DS-05 refuses %s before a job is created, and says what is there', async (query, code, hint) => {
    const { run } = await workspace.copy({
      source: { query: { type: 'Expression', value: `@concat('${query}', '')` } },
    });

    expect(activityOf(run, 'Copy').error).toMatchObject({
      errorCode: '2200',
      failureType: 'UserError',
      target: 'Copy',
    });
    expect(run.message).toContain(`ErrorCode=${code},`);
    expect(run.message).toContain(hint);
    expect(workspace.emulator.requests.matching({ method: 'POST', path: '/jobs/query' })).toHaveLength(0);
  });

  it('SRC-14 ADD-01 adds columns: constants, expressions, and copies of others', async () => {
    await workspace.copy({
      query: 'SELECT Name FROM Item__c',
      source: {
        additionalColumns: [
          { name: 'Org', value: 'acme' },
          { name: 'Run', value: { type: 'Expression', value: '@pipeline().Pipeline' } },
          { name: 'Copy', value: '$$COLUMN:Name' },
        ],
      },
    });

    expect(await workspace.rows('items.parquet')).toEqual([
      { Name: 'One', Org: 'acme', Run: 'Main', Copy: 'One' },
      { Name: 'Two', Org: 'acme', Run: 'Main', Copy: 'Two' },
    ]);
  });

  it('ADD-01 refuses a copy of a column that is not there', async () => {
    const { run } = await workspace.copy({
      query: 'SELECT Name FROM Item__c',
      source: { additionalColumns: [{ name: 'Copy', value: '$$COLUMN:Nome' }] },
    });

    expect(run.message).toContain('the source has no column "Nome". Did you mean');
  });

  it('MAP-03 copies mapped columns alone, under their new names, and refuses one the source has not', async () => {
    const mapped = (name: string) => ({
      more: { translator: { type: 'TabularTranslator', mappings: [{ source: { name }, sink: { name: 'Title' } }] } },
    });
    await workspace.copy({ query: 'SELECT Name, Count__c FROM Item__c', ...mapped('Name') });
    const missing = await workspace.copy({ query: 'SELECT Name FROM Item__c', ...mapped('name') });

    expect(await workspace.rows('items.parquet')).toEqual([{ Title: 'One' }, { Title: 'Two' }]);
    expect(missing.run.message).toContain('ErrorCode=FIELD_UNKNOWN');
  });

  it('MAP-04 MAP-06 MAP-07 maps by ordinal, with types and formats, from an expression as a whole', async () => {
    const mapping = {
      type: 'TabularTranslator',
      mappings: [
        { source: { ordinal: '2' }, sink: { name: 'Day', type: 'String', format: 'dd/MM/yyyy' } },
        { source: { ordinal: 1 }, sink: { name: 'Price', type: 'Double' } },
      ],
    };
    const { run } = await workspace.copy(
      {
        query: "SELECT Price__c, Day__c FROM Item__c WHERE Name = 'One'",
        more: { translator: { type: 'Expression', value: '@pipeline().parameters.mapping' } },
      },
      { pipeline: { parameters: { mapping: { type: 'Object' } } }, parameters: { mapping } },
    );

    expect(run.message).toBe('');
    expect(await workspace.rows('items.parquet')).toEqual([{ Day: '31/01/2026', Price: 1234.56 }]);
  });

  it('FT-01 FT-03 fails for a value that cannot be converted, naming the column and the type and not the value', async () => {
    const translator = {
      type: 'TabularTranslator',
      mappings: [{ source: { name: 'Text__c' }, sink: { name: 'Number', type: 'Int32' } }],
    };
    const { run } = await workspace.copy({ query: 'SELECT Text__c FROM Item__c', more: { translator } });

    expect(run.message).toContain('ErrorCode=UserErrorInvalidDataValue');
    expect(run.message).toContain('column "Number": a value is no Int32');
    expect(run.message).not.toContain('Größe');
    expect(await workspace.files()).toEqual([]);
  });

  it('FT-02 DC-01 DC-02 skips such rows and counts them where it is told to', async () => {
    const translator = {
      type: 'TabularTranslator',
      mappings: [
        { source: { name: 'Name' }, sink: { name: 'Name' } },
        { source: { name: 'Text__c' }, sink: { name: 'Number', type: 'Int32' } },
      ],
    };
    const { run } = await workspace.copy({
      query: 'SELECT Name, Text__c FROM Item__c',
      more: { translator, enableSkipIncompatibleRow: true, validateDataConsistency: true },
    });

    expect(await workspace.rows('items.parquet')).toEqual([{ Name: 'Two', Number: null }]);
    expect(outputOf(run)).toMatchObject({
      rowsRead: 2,
      rowsCopied: 1,
      rowsSkipped: 1,
      dataConsistencyVerification: { VerificationResult: 'Verified', InconsistentData: 'Skipped' },
    });
  });
});

describe('a copy of an object with files', () => {
  it('SRC-07 is refused by name, or leaves the files out where it is told to', async () => {
    workspace = await copyWorkspace({
      org: createOrg({
        objects: { Item__c: { fields: { Body__c: { type: 'base64' } } } },
        rows: { Item__c: [{ Name: 'One', Body__c: 'AAEC' }] },
      }),
    });
    const refused = await workspace.copy({});
    const skipped = await workspace.copy({}, { binaryFields: 'skip' });

    expect(refused.run.message).toContain('Body__c');
    expect(refused.run.status).toBe('Failed');
    expect(skipped.run.message).toBe('');
    expect((await workspace.columns('items.parquet')).map(({ name }) => name)).not.toContain('Body__c');
    const notes = outputOf(skipped.run)['notes'] as readonly { readonly code: string }[];
    expect(notes.map(({ code }) => code)).toContain('BASE64_FIELDS_LEFT_OUT');
  });
});
