/** What activities can read here, by the types Data Factory has for it. */
export const READABLE_SOURCES: ReadonlySet<string> = new Set([
  'SalesforceV2Source',
  'SalesforceServiceCloudV2Source',
  'DelimitedTextSource',
  'JsonSource',
  'ParquetSource',
]);

/** What activities can write here. */
export const WRITABLE_SINKS: ReadonlySet<string> = new Set(['DelimitedTextSink', 'JsonSink', 'ParquetSink']);
