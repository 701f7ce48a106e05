import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterRows, answerWith, createOrg, dropAt, failJob, refuseLogin } from '@sluice/salesforce-emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { PipelineRun } from '../../src/run/run-record.ts';
import { reference } from '../definitions/factory-files.ts';
import { activityOf } from './control-run.ts';
import { type CopyWorkspace, copyWorkspace, itemsOrg } from './copy-workspace.ts';

const ALL =
  'SELECT Name, Text__c, Price__c, Rate__c, Count__c, Flag__c, Day__c, At__c, Clock__c, Kinds__c FROM Item__c';
const NAVAIDS = 'SELECT Id, Latitude__c FROM Navaid__c';

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

  it('LOG-01 LOG-02 LOG-03 logs skipped rows in any folder, one line each, in the layout of the service', async () => {
    const translator = {
      type: 'TabularTranslator',
      mappings: [{ source: { name: 'Text__c' }, sink: { name: 'Number', type: 'Int32' } }],
    };
    const { run } = await workspace.copy({
      query: 'SELECT Name, Text__c FROM Item__c',
      more: {
        translator,
        enableSkipIncompatibleRow: true,
        logSettings: {
          enableCopyActivityLog: true,
          logLocationSettings: { linkedServiceName: reference('disk'), path: 'logs/' },
        },
      },
    });

    const { activityRunId } = activityOf(run, 'Copy');
    const path = outputOf(run)['logFilePath'];
    expect(path).toBe(`logs/copyactivity-logs/Copy/${activityRunId}/`);
    const folder = join(workspace.folder, String(path));
    const [file = ''] = await readdir(folder);
    expect(file).toMatch(/^[0-9a-f-]{36}\.csv$/);
    const [header, line, end] = (await readFile(join(folder, file), 'utf8')).split('\r\n');
    expect(header).toBe('Timestamp,Level,OperationName,OperationItem,Message');
    expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{7},Warning,TabularRowSkip,/);
    expect(line?.slice(line.indexOf('Skip,') + 5)).toBe(
      String.raw`"""One"",""Größe """"1"""", 🚀""","column ""Number"": a value is no Int32"`,
    );
    expect(end).toBe('');
    expect(JSON.stringify(run)).not.toContain('Größe');
  });

  it('LOG-01 writes no log unless it is told to, and none outside of its folder', async () => {
    const settings = (path: string, more: object) => ({
      logSettings: {
        enableCopyActivityLog: true,
        logLocationSettings: { linkedServiceName: reference('disk'), path },
        ...more,
      },
    });
    const off = await workspace.copy({
      query: 'SELECT Name FROM Item__c',
      more: settings('logs', { enableCopyActivityLog: false }),
    });
    const outside = await workspace.copy({ query: 'SELECT Name FROM Item__c', more: settings('../logs', {}) });

    expect(off.run.status).toBe('Succeeded');
    expect(await workspace.files()).toEqual(['items.parquet']);
    expect(outside.run.message).toContain('leads out of the folder of its store');
  });

  it('FM-01 TYP-08 writes delimited text as Data Factory does', async () => {
    await workspace.copy({ query: ALL, output: 'csv', file: 'items.csv' });

    expect(await workspace.text('items.csv')).toBe(
      [
        'Name,Text__c,Price__c,Rate__c,Count__c,Flag__c,Day__c,At__c,Clock__c,Kinds__c',
        'One,"Größe ""1"", 🚀",1234.56,12.500,42,True,2026-01-31T00:00:00.0000000,2026-01-31T08:05:00.1230000,08:05:00,red;green',
        'Two,,,,,False,,,,',
        '',
      ].join('\r\n'),
    );
  });

  it('FM-01 reads delimited text, and CP-02 pairs what can be read with what can be written', async () => {
    await mkdir(join(workspace.folder, 'out'));
    await writeFile(join(workspace.folder, 'out/in.csv'), 'n,t\n1,"a, b"\n2,\n');
    const { run } = await workspace.run([
      {
        name: 'Copy',
        type: 'Copy',
        inputs: [reference('csv', 'DatasetReference', { file: 'in.csv' })],
        outputs: [reference('parquet', 'DatasetReference', { file: 'in.parquet' })],
        typeProperties: {
          source: { type: 'DelimitedTextSource' },
          sink: { type: 'ParquetSink' },
          translator: {
            type: 'TabularTranslator',
            mappings: [
              { source: { name: 'n' }, sink: { name: 'n', type: 'Int64' } },
              { source: { name: 't' }, sink: { name: 't' } },
            ],
          },
        },
      },
    ]);

    expect(run.message).toBe('');
    expect(await workspace.rows('in.parquet')).toEqual([
      { n: 1n, t: 'a, b' },
      { n: 2n, t: null },
    ]);
  });

  it('writes a file with columns and no rows where there is none, in place of an older one', async () => {
    await workspace.copy({ query: 'SELECT Name FROM Item__c', output: 'csv', file: 'items.csv' });
    await workspace.copy({ query: "SELECT Name FROM Item__c WHERE Name = 'X'", output: 'csv', file: 'items.csv' });

    expect(await workspace.text('items.csv')).toBe('Name\r\n');
  });

  it('makes up a name for a file that has none', async () => {
    const folderOnly = {
      type: 'Parquet',
      linkedServiceName: reference('disk'),
      typeProperties: { location: { type: 'FileServerLocation', folderPath: 'out' } },
    };
    const { run } = await workspace.copy(
      { query: 'SELECT Name FROM Item__c', activity: { outputs: [reference('folder', 'DatasetReference')] } },
      { parts: { datasets: { folder: folderOnly } } },
    );

    const { activityRunId } = activityOf(run, 'Copy');
    expect(await workspace.files()).toEqual([`data_${run.runId}_${activityRunId}.parquet`]);
  });

  it('ST-01 refuses a path that leads out of the folder of the linked service', async () => {
    const { run } = await workspace.copy({ query: 'SELECT Name FROM Item__c', file: '../../escaped.parquet' });

    expect(run.message).toContain("Failure happened on 'Sink' side. ErrorCode=CONFIG_INVALID");
    expect(await workspace.files()).toEqual([]);
  });

  it('FM-06 refuses names of columns that Data Factory refuses in Parquet files', async () => {
    const { run } = await workspace.copy({
      query: 'SELECT Name FROM Item__c',
      source: { additionalColumns: [{ name: 'two words', value: 'x' }] },
    });

    expect(run.message).toContain('ErrorCode=ParquetInvalidColumnName');
  });

  it('LS-09 LS-10 ERR-02 names the code of Data Factory and probable causes where the login is refused', async () => {
    using _ = workspace.emulator.faults.add({ match: { path: '/token' }, action: refuseLogin('noRunAsUser') });
    const { run } = await workspace.copy({ query: 'SELECT Name FROM Item__c' });

    const { error } = activityOf(run, 'Copy');
    expect(error).toMatchObject({ errorCode: '2200', failureType: 'UserError' });
    expect(error?.message).toContain(
      "Failure happened on 'Source' side. ErrorCode=SalesforceOauth2ClientCredentialFailure,",
    );
    for (const cause of ['client credentials flow', 'api scope', 'Run As user', 'API Only']) {
      expect(error?.message).toContain(cause);
    }
  });

  it('LS-05 shows the secret of a linked service nowhere', async () => {
    const events: string[] = [];
    const { run } = await workspace.copy(
      { query: 'SELECT Name FROM Item__c' },
      { onEvent: (event) => events.push(JSON.stringify(event)) },
    );

    expect(run.status).toBe('Succeeded');
    expect(JSON.stringify(run) + events.join()).not.toContain(workspace.emulator.clientSecret);
  });

  it('LS-08 KV-02 KV-03 takes any property from a vault when the activity runs, and shows none of them', async () => {
    const asked: string[] = [];
    const { emulator } = workspace;
    const inVault = (secretName: string) => ({
      type: 'AzureKeyVaultSecret',
      secretName,
      store: reference('vault'),
    });
    const vaulted = {
      vault: { type: 'AzureKeyVault', typeProperties: { baseUrl: 'https://acme.vault.azure.net' } },
      crm: {
        type: 'SalesforceV2',
        typeProperties: {
          environmentUrl: inVault('url'),
          clientId: inVault('id'),
          clientSecret: inVault('secret'),
          apiVersion: '60.0',
        },
      },
    };
    const secrets: Readonly<Record<string, string>> = {
      url: emulator.url,
      id: emulator.clientId,
      secret: emulator.clientSecret,
    };
    const run = async (vaults: typeof secrets) =>
      await workspace.copy(
        { query: 'SELECT Name FROM Item__c' },
        {
          parts: { linkedServices: vaulted },
          async vaults({ secretName }) {
            asked.push(secretName);
            return vaults[secretName];
          },
        },
      );
    const good = await run(secrets);
    const bad = await run({ ...secrets, url: 'http://127.0.0.1:1' });
    const missing = await run({});

    expect(good.run.status).toBe('Succeeded');
    expect(asked.slice(0, 3).toSorted()).toEqual(['id', 'secret', 'url']);
    expect(bad.run.status).toBe('Failed');
    expect(JSON.stringify([good, bad])).not.toMatch(
      new RegExp(`${emulator.clientSecret}|${emulator.clientId}|127\\.0\\.0\\.1`),
    );
    expect(missing.run.message).toContain('ErrorCode=SECRET_UNRESOLVED');
  });

  it('LS-11 DS-07 resolves parameters of linked services and datasets for each reference', async () => {
    const { url, clientId, clientSecret } = workspace.emulator;
    const crm = {
      type: 'SalesforceV2',
      parameters: { host: { type: 'String' }, version: { type: 'String', defaultValue: 'v61' } },
      typeProperties: {
        environmentUrl: '@{linkedService().host}/',
        clientId,
        clientSecret: { type: 'SecureString', value: clientSecret },
        apiVersion: '@linkedService().version',
      },
    };
    const object = {
      type: 'SalesforceV2Object',
      parameters: { host: { type: 'String' }, object: { type: 'String' } },
      linkedServiceName: reference('crm', 'LinkedServiceReference', { host: '@dataset().host' }),
      typeProperties: { objectApiName: '@dataset().object' },
    };
    const { run } = await workspace.copy(
      {
        activity: {
          inputs: [reference('object', 'DatasetReference', { host: '@pipeline().parameters.host', object: 'Item__c' })],
        },
      },
      {
        parts: { linkedServices: { crm }, datasets: { object } },
        pipeline: { parameters: { host: { type: 'String' } } },
        parameters: { host: url },
      },
    );

    expect(run.message).toBe('');
    expect(workspace.emulator.requests.matching({ path: '/services/data/v61.0/jobs/query' }).length).toBeGreaterThan(0);
  });
});

describe('a copy of many rows', () => {
  beforeEach(async () => {
    workspace = await copyWorkspace({ results: { pageRows: 1_000 } });
  });

  it('MON-01 MON-02 MON-03 MON-04 PF-01 PF-02 SRC-15 reports what it measured under the names of the service', async () => {
    const { run } = await workspace.copy({
      query: NAVAIDS,
      more: { parallelCopies: 2, dataIntegrationUnits: 8, validateDataConsistency: true },
    });

    const output = outputOf(run);
    const rows = await workspace.rows('items.parquet');
    expect(output).toMatchObject({
      rowsRead: rows.length,
      rowsCopied: rows.length,
      rowsSkipped: 0,
      filesWritten: 1,
      errors: [],
      usedDataIntegrationUnits: 8,
      sinkPeakConnections: 1,
      dataConsistencyVerification: { VerificationResult: 'Verified', InconsistentData: 'None' },
      durationInQueue: { integrationRuntimeQueue: 0 },
    });
    expect(rows.length).toBeGreaterThan(10_000);
    expect(output['usedParallelCopies']).toBe(2);
    const { dataRead, copyDuration, throughput } = output as Record<string, number>;
    expect(throughput).toBeCloseTo(dataRead! / 1024 / copyDuration!, 2);
    expect(output['executionDetails']).toMatchObject([
      { source: { type: 'SalesforceV2' }, sink: { type: 'FileServer' }, status: 'Succeeded' },
    ]);
  });

  it('TYP-02 TYP-03 counts values that were rounded, and keeps all their digits where it is told to', async () => {
    const rounded = await workspace.copy({ query: NAVAIDS });
    const exact = await workspace.copy({ query: NAVAIDS }, { decimals: 'exact' });

    expect(outputOf(rounded.run)['valuesRounded']).toBeGreaterThan(0);
    expect(outputOf(exact.run)['valuesRounded']).toBeUndefined();
  });

  it('SRC-12 has no more requests under way than maxConcurrentConnections, results that are read included', async () => {
    const { run } = await workspace.copy({
      query: NAVAIDS,
      source: { maxConcurrentConnections: 1 },
      more: { parallelCopies: 4 },
    });

    expect(run.status).toBe('Succeeded');
    expect(outputOf(run)).toMatchObject({ usedParallelCopies: 1, sourcePeakConnections: 1 });
    expect(peakOf(workspace)).toBe(1);
  });

  it('SRC-09 SRC-10 reads the same rows in parallel or in sequence, in pages of the size asked for', async () => {
    await workspace.copy({ query: NAVAIDS });
    const parallel = await workspace.rows('items.parquet');
    await workspace.copy({ query: NAVAIDS, source: { partitionOption: 'None', pageSize: 500 } });
    const sequence = await workspace.rows('items.parquet');

    const ids = (rows: readonly Record<string, unknown>[]) => rows.map((row) => row['Id'] as string).toSorted();
    expect(ids(sequence)).toEqual(ids(parallel));
    expect(new Set(ids(parallel)).size).toBe(parallel.length);
    expect(workspace.emulator.requests.matching({ path: /maxRecords=500/ }).length).toBeGreaterThan(20);
  });

  it('SRC-16 waits and tries again where the org has no time, and a connection that is cut is taken up again', async () => {
    using _busy = workspace.emulator.faults.add({
      match: { path: /\/jobs\/query\/750/, nth: 1, times: 2 },
      action: answerWith(503),
    });
    using _cut = workspace.emulator.faults.add({
      match: { path: /\/results/, nth: 3 },
      action: dropAt(afterRows(100)),
    });
    const { run } = await workspace.copy({ query: NAVAIDS });

    expect(run.message).toBe('');
    expect(new Set((await workspace.rows('items.parquet')).map((row) => row['Id'])).size).toBe(
      outputOf(run)['rowsRead'],
    );
  });

  it('SRC-16 ERR-02 ERR-03 keeps the code and the text of Salesforce where there is no use in trying again', async () => {
    using _ = workspace.emulator.faults.add({
      match: { method: 'POST', path: '/jobs/query' },
      action: answerWith(403, { errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }),
    });
    const { run } = await workspace.copy({ query: NAVAIDS });

    expect(run.message).toContain('ErrorCode=REQUEST_LIMIT_EXCEEDED');
    expect(run.message).toContain('TotalRequests Limit exceeded.');
  });

  it('ERR-03 names the job that failed and what the org says about it', async () => {
    using _ = workspace.emulator.faults.add({
      match: { method: 'POST', path: '/jobs/query' },
      action: failJob('InvalidBatch: something is wrong in the org'),
    });
    const { run } = await workspace.copy({ query: NAVAIDS });

    expect(run.message).toMatch(/ErrorCode=JOB_FAILED.*query job 750\w+.*InvalidBatch: something is wrong in the org/);
    expect(await workspace.files()).toEqual([]);
  });

  it('SRC-17 PL-09 ends its job and leaves no file where it is cancelled', async () => {
    const controller = new AbortController();
    const { run } = await workspace.copy(
      { query: NAVAIDS },
      {
        signal: controller.signal,
        onEvent(event) {
          if (event.kind === 'activityProgress' && event.progress.rows > 0) {
            controller.abort(new DOMException('stop', 'AbortError'));
          }
        },
      },
    );

    expect(run.status).toBe('Cancelled');
    expect(workspace.emulator.jobs.all).toEqual([]);
    expect(await workspace.files()).toEqual([]);
  });

  it('SRC-17 deletes its job when the copy has succeeded', async () => {
    await workspace.copy({ query: NAVAIDS });

    expect(workspace.emulator.jobs.all).toEqual([]);
  });

  it('LS-09 gets another token where the session ends in the middle of a copy', async () => {
    await workspace[Symbol.asyncDispose]();
    workspace = await copyWorkspace({ results: { pageRows: 1_000 }, session: { maxCalls: 6 } });
    const { run } = await workspace.copy({ query: NAVAIDS });

    expect(run.message).toBe('');
    expect(workspace.emulator.requests.matching({ path: '/token' }).length).toBeGreaterThan(1);
  });

  it('SRC-11 aborts the job when the query takes too long', async () => {
    await workspace[Symbol.asyncDispose]();
    workspace = await copyWorkspace({ jobs: { hold: true } });
    const { run } = await workspace.copy({ query: NAVAIDS, source: { queryTimeout: '0.00:00:30' } });

    expect(run.message).toContain('ErrorCode=DEADLINE_EXCEEDED');
    expect(workspace.emulator.jobs.all).toEqual([]);
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

/** The most requests to the API that the org had under way at the same time. */
function peakOf({ emulator }: CopyWorkspace): number {
  const edges = emulator.requests.all
    .filter(({ path }) => path.includes('/services/data'))
    .flatMap(({ startedMs, endedMs }) => [
      { atMs: startedMs, step: 1 },
      { atMs: endedMs ?? startedMs, step: -1 },
    ])
    .toSorted((a, b) => a.atMs - b.atMs || a.step - b.step);
  let [now, peak] = [0, 0];
  for (const { step } of edges) peak = Math.max(peak, (now += step));
  return peak;
}
