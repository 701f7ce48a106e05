import type { FactoryFile, ReadOptions } from '../../src/load/factory-file.ts';
import { readFactory, type ReadFactory } from '../../src/load/read-factory.ts';
import type { DefinitionProblem } from '../../src/problem/definition-problem.ts';

type Json = Readonly<Record<string, unknown>>;

export interface FactoryParts {
  readonly linkedServices?: Readonly<Record<string, Json>>;
  readonly datasets?: Readonly<Record<string, Json>>;
  readonly pipelines?: Readonly<Record<string, Json>>;
}

export function textFile(path: string, text: string): FactoryFile {
  return { path, bytes: new TextEncoder().encode(text) };
}

/** Files of a factory in folders, each definition by its name and properties. */
export function factoryFiles({
  linkedServices = {},
  datasets = {},
  pipelines = {},
}: FactoryParts): readonly FactoryFile[] {
  const folder = (name: string, definitions: Readonly<Record<string, Json>>): readonly FactoryFile[] =>
    Object.entries(definitions).map(([definition, properties]) =>
      textFile(`${name}/${definition}.json`, JSON.stringify({ name: definition, properties }, null, 2)),
    );
  return [...folder('linkedService', linkedServices), ...folder('dataset', datasets), ...folder('pipeline', pipelines)];
}

export function factoryOf(parts: FactoryParts, options?: ReadOptions): ReadFactory {
  return readFactory(factoryFiles(parts), options);
}

/** `path: message` of each problem of a severity, without the file. */
export function messagesOf(
  { problems }: Pick<ReadFactory, 'problems'>,
  severity: DefinitionProblem['severity'] = 'error',
): readonly string[] {
  return problems.filter((problem) => problem.severity === severity).map(({ path, message }) => `${path}: ${message}`);
}

export const reference = (referenceName: string, type = 'LinkedServiceReference', parameters?: Json): Json => ({
  referenceName,
  type,
  ...(parameters === undefined ? {} : { parameters }),
});

export const crm: Json = {
  type: 'SalesforceV2',
  typeProperties: {
    environmentUrl: 'https://acme.my.salesforce.com',
    authenticationType: 'OAuth2ClientCredentials',
    clientId: 'key',
    clientSecret: { type: 'SecureString', value: 'hush-hush' },
    apiVersion: '60.0',
  },
};

export const disk: Json = { type: 'FileServer', typeProperties: { host: '/data' } };

export const accountDataset: Json = {
  type: 'SalesforceV2Object',
  linkedServiceName: reference('crm'),
  typeProperties: { objectApiName: 'Account' },
};

export const csvDataset: Json = {
  type: 'DelimitedText',
  linkedServiceName: reference('disk'),
  typeProperties: {
    location: { type: 'FileServerLocation', folderPath: 'in', fileName: 'accounts.csv' },
    firstRowAsHeader: true,
    escapeChar: '"',
  },
};

export const parquetDataset: Json = {
  type: 'Parquet',
  linkedServiceName: reference('disk'),
  typeProperties: { location: { type: 'FileServerLocation', folderPath: 'out', fileName: 'accounts.parquet' } },
};

/** The members of a copy activity, from and to datasets by name. */
export function copyActivity(from: string, to: string, typeProperties: Json, more: Json = {}): Json {
  return {
    name: 'Copy',
    type: 'Copy',
    inputs: [reference(from, 'DatasetReference')],
    outputs: [reference(to, 'DatasetReference')],
    typeProperties,
    ...more,
  };
}

/** A factory with an org, a disk, `account`, `csv` and `parquet`, and one pipeline of these activities. */
export function pipelineOf(activities: readonly Json[], more: Json = {}, options?: ReadOptions): ReadFactory {
  return factoryOf(
    {
      linkedServices: { crm, disk },
      datasets: { account: accountDataset, csv: csvDataset, parquet: parquetDataset },
      pipelines: { load: { activities, ...more } },
    },
    options,
  );
}
