import { describe, expect, it } from 'vitest';

import { readFactory } from '../../src/load/read-factory.ts';
import { articleExample, articlePipeline } from './article-example.ts';
import { csvDataset, disk, factoryFiles, messagesOf, parquetDataset, textFile } from './factory-files.ts';

const VAULT = { type: 'AzureKeyVault', typeProperties: { baseUrl: 'https://acme.vault.azure.net' } };

async function withLinkedService(linkedService: string, ...pipelines: readonly string[]): ReturnType<typeof read> {
  return await read([
    textFile('linkedService/SalesforceLinkedService.json', await articleExample(linkedService)),
    textFile('dataset/SalesforceDataset.json', await articleExample('dataset')),
    ...(await Promise.all(
      pipelines.map(async (name) => textFile(`pipeline/${name}.json`, await articlePipeline(name))),
    )),
  ]);
}

async function read(files: Parameters<typeof readFactory>[0]): Promise<ReturnType<typeof readFactory>> {
  const rest = { linkedServices: { vault: VAULT, disk }, datasets: { csv: csvDataset, parquet: parquetDataset } };
  return readFactory([...files, ...factoryFiles(rest)]);
}

describe("the examples of Data Factory's Salesforce connector", () => {
  it.each(['linked-service', 'linked-service-vault-secret', 'linked-service-all-in-vault'])(
    'LS-01 LS-08 read the linked service of %s as it stands',
    async (name) => {
      const { factory, problems } = await withLinkedService(name);

      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(factory.linkedServices.get('SalesforceLinkedService')?.properties.type).toBe('SalesforceV2');
    },
  );

  it('CFG-01 read the trailing commas of the third linked service, and mention them', async () => {
    const read = await withLinkedService('linked-service-all-in-vault');

    expect(messagesOf(read, 'warning').join()).toMatch(/a trailing comma is no JSON/);
    expect(read.factory.linkedServices.get('SalesforceLinkedService')?.properties).toMatchObject({
      typeProperties: { environmentUrl: { type: 'AzureKeyVaultSecret', secretName: 'sf-url' } },
    });
  });

  it('DS-01 SRC-01 SNK-01 read the dataset, the source and the sink, which then can run', async () => {
    const read = await withLinkedService('linked-service', 'source-activities', 'sink-activities');

    read.requireValid();
    const [copy] = read.factory.pipelines.get('sink-activities')!.properties.activities;
    expect(copy).toMatchObject({
      type: 'Copy',
      policy: { retry: 0, timeout: '0.12:00:00' },
      typeProperties: {
        sink: { writeBehavior: 'Upsert', externalIdFieldName: 'CustomerId__c', writeBatchSize: 10_000 },
      },
    });
    expect(read.factory.pipelines.get('source-activities')!.properties.activities[0]).toMatchObject({
      typeProperties: { source: { type: 'SalesforceV2Source', SOQLQuery: expect.stringContaining('Col_Currency__c') } },
    });
  });
});
