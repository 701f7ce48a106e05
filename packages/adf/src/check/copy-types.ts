/** What a source, a sink, a dataset and a linked service must have in common to work together. */
export type Connector =
  | 'salesforce'
  | 'serviceCloud'
  | 'azurePostgreSql'
  | 'postgreSqlV2'
  | 'delimitedText'
  | 'parquet'
  | 'json'
  | 'unavailable';

const CONNECTORS: Readonly<Record<string, Connector>> = {
  SalesforceV2Source: 'salesforce',
  SalesforceV2Sink: 'salesforce',
  SalesforceV2Object: 'salesforce',
  SalesforceV2: 'salesforce',
  SalesforceSource: 'salesforce',
  SalesforceSink: 'salesforce',
  SalesforceObject: 'salesforce',
  Salesforce: 'salesforce',
  SalesforceServiceCloudV2Source: 'serviceCloud',
  SalesforceServiceCloudV2Sink: 'serviceCloud',
  SalesforceServiceCloudV2Object: 'serviceCloud',
  SalesforceServiceCloudV2: 'serviceCloud',
  SalesforceServiceCloudSource: 'serviceCloud',
  SalesforceServiceCloudSink: 'serviceCloud',
  SalesforceServiceCloudObject: 'serviceCloud',
  SalesforceServiceCloud: 'serviceCloud',
  AzurePostgreSqlSource: 'azurePostgreSql',
  AzurePostgreSqlSink: 'azurePostgreSql',
  AzurePostgreSqlTable: 'azurePostgreSql',
  AzurePostgreSql: 'azurePostgreSql',
  PostgreSqlV2Source: 'postgreSqlV2',
  PostgreSqlV2Table: 'postgreSqlV2',
  PostgreSqlV2: 'postgreSqlV2',
  DelimitedTextSource: 'delimitedText',
  DelimitedTextSink: 'delimitedText',
  DelimitedText: 'delimitedText',
  ParquetSource: 'parquet',
  ParquetSink: 'parquet',
  Parquet: 'parquet',
  JsonSource: 'json',
  JsonSink: 'json',
  Json: 'json',
};

/** Of the type of a source, a sink, a dataset, or the linked service of an org or a database. */
export function connectorOf(type: string): Connector {
  return Object.hasOwn(CONNECTORS, type) ? CONNECTORS[type]! : 'unavailable';
}

export function isOrg(connector: Connector): boolean {
  return connector === 'salesforce' || connector === 'serviceCloud';
}

export function isDatabase(connector: Connector): boolean {
  return connector === 'azurePostgreSql' || connector === 'postgreSqlV2';
}

/** Whether data is in files, of some format. */
export function isFile(connector: Connector): boolean {
  return connector === 'delimitedText' || connector === 'parquet' || connector === 'json';
}
