import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createOrg } from '@sluice/salesforce-emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Factory } from '../../src/definition/factory.ts';
import { readFactory } from '../../src/load/read-factory.ts';
import { runPipeline } from '../../src/run/run-factory.ts';
import type { PipelineRun } from '../../src/run/run-record.ts';
import { memoryVault } from '../../src/secrets/local-vaults.ts';
import { articleExample, articlePipeline } from '../definitions/article-example.ts';
import { csvDataset, disk, factoryFiles, parquetDataset, textFile } from '../definitions/factory-files.ts';
import { type CopyWorkspace, copyWorkspace } from './copy-workspace.ts';
import { QuickClock } from './quick-clock.ts';

let workspace: CopyWorkspace;

beforeEach(async () => {
  const org = createOrg({
    objects: {
      AllDataType__c: {
        fields: {
          Col_Currency__c: { type: 'currency', precision: 18, scale: 2 },
          Col_Date__c: { type: 'date' },
          Col_Email__c: { type: 'email' },
        },
      },
      MyTable__c: {
        fields: { CustomerId__c: { type: 'string', length: 20, externalId: true, unique: true } },
      },
    },
    rows: {
      AllDataType__c: [{ Col_Currency__c: 12.5, Col_Date__c: '2026-01-31', Col_Email__c: 'ana@example.com' }],
      MyTable__c: [{ Name: 'Before', CustomerId__c: 'c1' }],
    },
  });
  workspace = await copyWorkspace({ org });
});

afterEach(async () => {
  await workspace[Symbol.asyncDispose]();
});

/** The examples, wrapped in the least that makes them whole. */
async function articleFactory(linkedService: string): Promise<Factory> {
  const { url, clientId, clientSecret } = workspace.emulator;
  const filled = { '<environment URL>': url, '<client ID>': clientId, '<client secret>': clientSecret };
  const read = readFactory([
    textFile('linkedService/SalesforceLinkedService.json', await articleExample(linkedService, filled)),
    textFile('dataset/SalesforceDataset.json', await articleExample('dataset')),
    textFile('pipeline/source-activities.json', await articlePipeline('source-activities')),
    textFile('pipeline/sink-activities.json', await articlePipeline('sink-activities')),
    ...factoryFiles({
      linkedServices: {
        vault: { type: 'AzureKeyVault', typeProperties: { baseUrl: 'https://acme.vault.azure.net' } },
        disk: { ...disk, typeProperties: { host: '.' } },
      },
      datasets: { csv: csvDataset, parquet: parquetDataset },
    }),
  ]);
  read.requireValid();
  return read.factory;
}

async function run(factory: Factory, pipeline: string): Promise<PipelineRun> {
  const { url, clientId, clientSecret } = workspace.emulator;
  const ended = await runPipeline(factory, {
    pipeline,
    factoryFolder: workspace.folder,
    clock: new QuickClock(),
    vaults: memoryVault({ 'sf-url': url, 'sf-id': clientId, 'sf-secret': clientSecret }),
  });
  return ended.run;
}

describe("the examples of Data Factory's Salesforce connector, run", () => {
  it.each(['linked-service', 'linked-service-vault-secret', 'linked-service-all-in-vault'])(
    'LS-01 LS-08 SRC-01 copy from the org of %s',
    async (linkedService) => {
      const ended = await run(await articleFactory(linkedService), 'source-activities');

      expect([ended.status, ended.message]).toEqual(['Succeeded', '']);
      expect(await workspace.rows('accounts.parquet')).toEqual([
        { Col_Currency__c: 12.5, Col_Date__c: new Date('2026-01-31T00:00:00Z'), Col_Email__c: 'ana@example.com' },
      ]);
    },
  );

  it('SNK-01 SNK-02 copy to the org', async () => {
    await mkdir(join(workspace.folder, 'in'));
    await writeFile(join(workspace.folder, 'in/accounts.csv'), 'CustomerId__c,Name\nc1,After\nc2,New\n');

    const ended = await run(await articleFactory('linked-service'), 'sink-activities');

    expect([ended.status, ended.message]).toEqual(['Succeeded', '']);
    await workspace.copy({ query: 'SELECT CustomerId__c, Name FROM MyTable__c' });
    expect(await workspace.rows('items.parquet')).toEqual([
      { CustomerId__c: 'c1', Name: 'After' },
      { CustomerId__c: 'c2', Name: 'New' },
    ]);
  });
});
