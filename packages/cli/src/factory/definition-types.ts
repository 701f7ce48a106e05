/** What definitions can be written of. */

export const LINKED_SERVICE_TYPES = [
  'SalesforceV2',
  'SalesforceServiceCloudV2',
  'FileServer',
  'AzureKeyVault',
] as const;

export const DATASET_TYPES = [
  'SalesforceV2Object',
  'SalesforceServiceCloudV2Object',
  'DelimitedText',
  'Parquet',
  'Json',
] as const;
