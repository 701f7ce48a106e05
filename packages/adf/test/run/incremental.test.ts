import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createOrg, type Org } from '@sluice/salesforce-emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type FactoryParts, reference } from '../definitions/factory-files.ts';
import { type CopyWorkspace, copyWorkspace } from './copy-workspace.ts';

const OBJECTS = ['Deal__c', 'Case__c'];
const expression = (value: string) => ({ type: 'Expression', value });
const textFile = (folderPath: string, fileName: string) => ({
  type: 'DelimitedText',
  linkedServiceName: reference('disk'),
  parameters: { object: { type: 'String' }, mark: { type: 'String', defaultValue: '' } },
  typeProperties: {
    location: { type: 'FileServerLocation', folderPath, fileName: expression(fileName) },
    firstRowAsHeader: true,
  },
});

/** "Incrementally load data from a source data store", with marks in files and an org as the source. */
const DATASETS: NonNullable<FactoryParts['datasets']> = {
  mark: textFile('marks', "@concat(dataset().object, '.csv')"),
  changes: textFile('changes', "@concat(dataset().object, '-', replace(dataset().mark, ':', ''), '.csv')"),
};

const lookup = (name: string, source: object, dataset: object): object => ({
  name,
  type: 'Lookup',
  typeProperties: { source, dataset },
});
const after = (...activities: readonly string[]): object[] =>
  activities.map((activity) => ({ activity, dependencyConditions: ['Succeeded'] }));
const newMark = "activity('NewMark').output.firstRow.SystemModstamp";

const EACH_OBJECT: readonly object[] = [
  lookup('OldMark', { type: 'DelimitedTextSource' }, reference('mark', 'DatasetReference', { object: '@item()' })),
  lookup(
    'NewMark',
    {
      type: 'SalesforceV2Source',
      query: expression('SELECT SystemModstamp FROM @{item()} ORDER BY SystemModstamp DESC LIMIT 1'),
    },
    reference('object', 'DatasetReference', { object: '@item()' }),
  ),
  {
    name: 'CopyChanges',
    type: 'Copy',
    dependsOn: after('OldMark', 'NewMark'),
    inputs: [reference('object', 'DatasetReference', { object: '@item()' })],
    outputs: [reference('changes', 'DatasetReference', { object: '@item()', mark: `@${newMark}` })],
    typeProperties: {
      source: {
        type: 'SalesforceV2Source',
        query: expression(
          `SELECT Name, SystemModstamp FROM @{item()} WHERE SystemModstamp > @{activity('OldMark').output.firstRow.Mark} AND SystemModstamp <= @{${newMark}}`,
        ),
      },
      sink: { type: 'DelimitedTextSink', formatSettings: { type: 'DelimitedTextWriteSettings' } },
    },
  },
  {
    name: 'WriteMark',
    type: 'Copy',
    dependsOn: after('CopyChanges'),
    inputs: [reference('mark', 'DatasetReference', { object: '@item()' })],
    outputs: [reference('mark', 'DatasetReference', { object: '@item()' })],
    typeProperties: {
      source: { type: 'DelimitedTextSource', additionalColumns: [{ name: 'New', value: expression(`@${newMark}`) }] },
      sink: { type: 'DelimitedTextSink', formatSettings: { type: 'DelimitedTextWriteSettings' } },
      translator: { type: 'TabularTranslator', mappings: [{ source: { name: 'New' }, sink: { name: 'Mark' } }] },
    },
  },
];

let org: Org;
let workspace: CopyWorkspace;

beforeEach(async () => {
  org = createOrg({
    objects: { Deal__c: {}, Case__c: {} },
    rows: {
      Deal__c: ['a', 'b', 'c'].map((Name, hour) => ({ Name, SystemModstamp: `2026-01-01T0${hour}:00:00.000Z` })),
      Case__c: [{ Name: 'x', SystemModstamp: '2026-01-05T00:00:00.000Z' }],
    },
  });
  workspace = await copyWorkspace({ org });
  await mkdir(join(workspace.folder, 'marks'));
  for (const object of OBJECTS) {
    await writeFile(join(workspace.folder, 'marks', `${object}.csv`), 'Mark\r\n1970-01-01T00:00:00Z\r\n');
  }
});

afterEach(async () => {
  await workspace[Symbol.asyncDispose]();
  org[Symbol.dispose]();
});

async function runOnce(): Promise<string> {
  const { run } = await workspace.run(
    [
      {
        name: 'Each',
        type: 'ForEach',
        typeProperties: { items: expression("@createArray('Deal__c', 'Case__c')"), activities: EACH_OBJECT },
      },
    ],
    { parts: { datasets: DATASETS } },
  );
  return `${run.status} ${run.message}`;
}

/** Names in all files of changes, as often as they are there. */
async function copied(): Promise<readonly string[]> {
  const folder = join(workspace.folder, 'changes');
  const texts = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')));
  return texts
    .flatMap((text) => text.split('\r\n').slice(1, -1))
    .map((line) => line.split(',')[0] ?? '')
    .toSorted();
}

describe('the documented pattern of loading changes', () => {
  it('INC-01 INC-02 moves each row once in two runs', async () => {
    const first = await runOnce();
    const afterFirst = await copied();
    org.insert('Deal__c', [{ Name: 'd', SystemModstamp: '2026-01-01T02:00:01.000Z' }]);
    org.insert('Case__c', [{ Name: 'y', SystemModstamp: '2026-01-06T00:00:00.000Z' }]);
    const second = await runOnce();
    const afterSecond = await copied();

    expect([first, second]).toEqual(['Succeeded ', 'Succeeded ']);
    expect(afterFirst).toEqual(['a', 'b', 'c', 'x']);
    expect(afterSecond).toEqual(['a', 'b', 'c', 'd', 'x', 'y']);
    expect(await readFile(join(workspace.folder, 'marks', 'Deal__c.csv'), 'utf8')).toContain('2026-01-01T02:00:01');
  });
});
