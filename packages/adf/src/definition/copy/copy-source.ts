import * as z from 'zod';

import { UNAVAILABLE_SOURCES } from '../unavailable/copy-types.ts';
import { choice, dynamic, flag, integer, json, text, timespan } from '../value/dynamic-value.ts';
import type { Frozen } from '../value/resolved-value.ts';
import { delimitedTextReadSettings, jsonReadSettings, parquetReadSettings } from './format-settings.ts';
import { connectionLimit, readStoreSettings } from './store-settings.ts';

const additionalColumn = z.object({
  name: text('Name of the column.'),
  value: json('A constant, an expression, $$FILEPATH, or $$COLUMN:<name of another column>.'),
});

const anySource = {
  sourceRetryCount: integer('How often to repeat a call that failed for a passing reason.').optional(),
  sourceRetryWait: timespan('How long to wait in between.').optional(),
  ...connectionLimit,
};

const additionalColumns = {
  additionalColumns: dynamic('Columns added to each row.', z.array(additionalColumn)).optional(),
};

/** Connector of Azure Data Factory for Salesforce V2: "Salesforce as a source type", read 2026-11. */
export const salesforceSource = z.object({
  type: z.enum(['SalesforceV2Source', 'SalesforceServiceCloudV2Source']),
  ...anySource,
  ...additionalColumns,
  query: text('SOQL. Default: every field of the object, or the report.').optional(),
  SOQLQuery: text('The older name of query.').optional(),
  includeDeletedObjects: flag('Whether to read deleted and archived rows, too.').default(false),
  partitionOption: choice('Whether to read in parallel.', ['AutoDetect', 'None']).default('AutoDetect'),
  pageSize: integer('Rows in a page of the result.', { min: 1 }).optional(),
  queryTimeout: timespan('How long the query may take.').optional(),
});

/** The connector that was removed from Data Factory; see `upgradeLegacy`. */
const legacySalesforceSource = z.object({
  type: z.enum(['SalesforceSource', 'SalesforceServiceCloudSource']),
  ...anySource,
  ...additionalColumns,
  query: text('SOQL or SQL-92.').optional(),
  readBehavior: choice('Whether to read deleted rows, too.', ['Query', 'QueryAll']).optional(),
  pageSize: integer('Rows in a page of the result.', { min: 1 }).optional(),
  queryTimeout: timespan('How long the query may take.').optional(),
});

const databaseQuery = {
  ...anySource,
  ...additionalColumns,
  query: text('SQL. Default: the table of the dataset.').optional(),
  queryTimeout: timespan('How long the server may take for the first rows, and for more.').optional(),
};

const partitionSettings = z.object({
  partitionNames: dynamic('Partitions to read. Default: all.', z.array(z.string())).optional(),
  partitionColumnName: text('Column to read ranges of. Default: that of the primary key.').optional(),
  partitionUpperBound: text('The end of the last range.').optional(),
  partitionLowerBound: text('The beginning of the first range.').optional(),
});

/** Connector of Azure Data Factory for Azure Database for PostgreSQL: "as source", read 2026-11. */
const azurePostgreSqlSource = z.object({
  type: z.literal('AzurePostgreSqlSource'),
  ...databaseQuery,
  partitionOption: choice('Whether to read in parallel.', [
    'None',
    'PhysicalPartitionsOfTable',
    'DynamicRange',
  ]).default('None'),
  partitionSettings: partitionSettings.optional(),
});

/** Connector of Azure Data Factory for PostgreSQL V2: "PostgreSQL as source", read 2026-11. */
const postgreSqlV2Source = z.object({ type: z.literal('PostgreSqlV2Source'), ...databaseQuery });

const delimitedTextSource = z.object({
  type: z.literal('DelimitedTextSource'),
  ...anySource,
  ...additionalColumns,
  storeSettings: readStoreSettings.optional(),
  formatSettings: delimitedTextReadSettings.optional(),
});

const parquetSource = z.object({
  type: z.literal('ParquetSource'),
  ...anySource,
  ...additionalColumns,
  storeSettings: readStoreSettings.optional(),
  formatSettings: parquetReadSettings.optional(),
});

const jsonSource = z.object({
  type: z.literal('JsonSource'),
  ...anySource,
  ...additionalColumns,
  storeSettings: readStoreSettings.optional(),
  formatSettings: jsonReadSettings.optional(),
});

export const copySource = z
  .discriminatedUnion('type', [
    salesforceSource,
    legacySalesforceSource,
    azurePostgreSqlSource,
    postgreSqlV2Source,
    delimitedTextSource,
    parquetSource,
    jsonSource,
    z.looseObject({ type: z.enum(UNAVAILABLE_SOURCES) }),
  ])
  .meta({ id: 'CopySource', description: 'What to read.' });

export type CopySource = Frozen<z.output<typeof copySource>>;
export type SalesforceSource = Frozen<z.output<typeof salesforceSource>>;
/** Reads a table or query of a database. */
export type DatabaseSource = Frozen<z.output<typeof azurePostgreSqlSource> | z.output<typeof postgreSqlV2Source>>;
