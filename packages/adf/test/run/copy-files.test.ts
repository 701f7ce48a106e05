import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { PipelineRun } from '../../src/run/run-record.ts';
import { reference } from '../definitions/factory-files.ts';
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

describe('files of a copy', () => {
  beforeEach(async () => {
    workspace = await copyWorkspace({ org: itemsOrg() });
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

  it('FM-03 splits rows over files of so many rows, replaces those of the run before, and leaves others alone', async () => {
    const folderOnly = (type: string, more: object) => ({
      type,
      linkedServiceName: reference('disk'),
      typeProperties: { location: { type: 'FileServerLocation', folderPath: 'out' }, ...more },
    });
    const parts = {
      datasets: {
        parquets: folderOnly('Parquet', {}),
        texts: folderOnly('DelimitedText', { firstRowAsHeader: true, escapeChar: '"' }),
      },
    };
    const split = async (
      dataset: string,
      sink: Readonly<Record<string, unknown>>,
      query = 'SELECT Name FROM Item__c',
    ) =>
      await workspace.copy({ query, sink, activity: { outputs: [reference(dataset, 'DatasetReference')] } }, { parts });
    const parquet = {
      formatSettings: { type: 'ParquetWriteSettings', maxRowsPerFile: 1, fileNamePrefix: 'items' },
    };
    await workspace.copy({ query: 'SELECT Name FROM Item__c', file: 'items_old.parquet' });
    const first = await split('parquets', parquet);
    const both = await workspace.files();
    const second = await split('parquets', parquet, "SELECT Name FROM Item__c WHERE Name = 'One'");
    const one = await workspace.files();
    await split('texts', {
      type: 'DelimitedTextSink',
      formatSettings: {
        type: 'DelimitedTextWriteSettings',
        maxRowsPerFile: 5,
        fileNamePrefix: 'texts',
        fileExtension: '.txt',
      },
    });

    expect(first.run.message + second.run.message).toBe('');
    expect(both.toSorted()).toEqual(['items_00000.parquet', 'items_00001.parquet', 'items_old.parquet']);
    expect(outputOf(first.run)).toMatchObject({ filesWritten: 2, rowsCopied: 2 });
    expect(one.toSorted()).toEqual(['items_00000.parquet', 'items_old.parquet']);
    expect(await workspace.rows('items_00000.parquet')).toEqual([{ Name: 'One' }]);
    expect(await workspace.text('texts_00000.txt')).toBe('Name\r\nOne\r\nTwo\r\n');
  });

  it('FM-03 refuses to split rows where the dataset names one file', async () => {
    const { run } = await workspace.copy({
      query: 'SELECT Name FROM Item__c',
      sink: { formatSettings: { type: 'ParquetWriteSettings', maxRowsPerFile: 1 } },
    });

    expect(run.message).toContain('maxRowsPerFile needs a dataset with a folderPath and without a fileName');
  });
});
