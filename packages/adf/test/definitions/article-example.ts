import { readFile } from 'node:fs/promises';

const FILLED: Readonly<Record<string, string>> = {
  '<environment URL>': 'https://acme.my.salesforce.com',
  '<client ID>': 'key',
  '<client secret>': 'hush-hush',
  '<API Version>': '52.0',
  '<name of Integration Runtime>': 'runtime',
  '<Azure Key Vault linked service>': 'vault',
  '<secret name of client secret in AKV>': 'sf-secret',
  '<secret name of client ID in AKV>': 'sf-id',
  '<secret name of environment URL in AKV>': 'sf-url',
  '<Salesforce linked service name>': 'SalesforceLinkedService',
  '<Salesforce input dataset name>': 'SalesforceDataset',
  '<Salesforce output dataset name>': 'SalesforceDataset',
  '<input dataset name>': 'csv',
  '<output dataset name>': 'parquet',
  '<source type>': 'DelimitedTextSource',
  '<sink type>': 'ParquetSink',
};

/** An example of the connector's article with its placeholders filled, and nothing else changed. */
export async function articleExample(name: string, filled: Readonly<Record<string, string>> = {}): Promise<string> {
  const text = await readFile(new URL(`../fixtures/salesforce-article/${name}.txt`, import.meta.url), 'utf8');
  return text.replaceAll(/<[^>]+>/g, (placeholder) => {
    const value = filled[placeholder] ?? FILLED[placeholder];
    if (value === undefined) throw new Error(`nothing to fill in for ${placeholder}`);
    return value;
  });
}

/** An example of activities as a pipeline. */
export async function articlePipeline(name: string): Promise<string> {
  return `{ "name": "${name}", "properties": { ${await articleExample(name)} } }`;
}
