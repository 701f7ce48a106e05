/**
 * What Data Factory has and we cannot run: known by name, so that a misspelt type is told from a missing connector.
 *
 * Deployment schema Microsoft.DataFactory 2018-06-01, read 2026-11; spelled as there.
 */
export const UNAVAILABLE_ACTIVITIES = [
  'AzureDataExplorerCommand',
  'AzureFunctionActivity',
  'AzureMLBatchExecution',
  'AzureMLExecutePipeline',
  'AzureMLUpdateResource',
  'Custom',
  'DataLakeAnalyticsU-SQL',
  'DatabricksJob',
  'DatabricksNotebook',
  'DatabricksSparkJar',
  'DatabricksSparkPython',
  'Delete',
  'ExecuteDataFlow',
  'ExecuteSSISPackage',
  'ExecuteWranglingDataflow',
  'GetMetadata',
  'HDInsightHive',
  'HDInsightMapReduce',
  'HDInsightPig',
  'HDInsightSpark',
  'HDInsightStreaming',
  'SparkJob',
  'SqlServerStoredProcedure',
  'SynapseNotebook',
  'Validation',
  'WebActivity',
  'WebHook',
] as const;
