/**
 * What Data Factory has and we cannot run: known by name, so that a misspelt type is told from a missing connector.
 *
 * Deployment schema Microsoft.DataFactory 2018-06-01, read 2026-11; spelled as there.
 */
export const UNAVAILABLE_LOCATIONS = [
  'AmazonS3CompatibleLocation',
  'AmazonS3Location',
  'AzureBlobFSLocation',
  'AzureBlobStorageLocation',
  'AzureDataLakeStoreLocation',
  'AzureFileStorageLocation',
  'FtpServerLocation',
  'GoogleCloudStorageLocation',
  'HdfsLocation',
  'HttpServerLocation',
  'LakehouseLocation',
  'OracleCloudStorageLocation',
  'SftpLocation',
] as const;

export const UNAVAILABLE_READ_SETTINGS = [
  'AmazonS3CompatibleReadSettings',
  'AmazonS3ReadSettings',
  'AzureBlobFSReadSettings',
  'AzureBlobStorageReadSettings',
  'AzureDataLakeStoreReadSettings',
  'AzureFileStorageReadSettings',
  'FtpReadSettings',
  'GoogleCloudStorageReadSettings',
  'HdfsReadSettings',
  'HttpReadSettings',
  'LakeHouseReadSettings',
  'OracleCloudStorageReadSettings',
  'SftpReadSettings',
] as const;

export const UNAVAILABLE_WRITE_SETTINGS = [
  'AzureBlobFSWriteSettings',
  'AzureBlobStorageWriteSettings',
  'AzureDataLakeStoreWriteSettings',
  'AzureFileStorageWriteSettings',
  'LakeHouseWriteSettings',
  'SftpWriteSettings',
] as const;
