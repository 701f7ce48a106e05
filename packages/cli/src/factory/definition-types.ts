/** What definitions can be written of. */

export const LINKED_SERVICE_TYPES = [
  'SalesforceV2',
  'SalesforceServiceCloudV2',
  'AzurePostgreSql',
  'FileServer',
  'AzureKeyVault',
] as const;

export const DATASET_TYPES = [
  'SalesforceV2Object',
  'SalesforceServiceCloudV2Object',
  'AzurePostgreSqlTable',
  'DelimitedText',
  'Parquet',
  'Json',
] as const;
