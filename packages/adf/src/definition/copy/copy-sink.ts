import * as z from 'zod';

import { UNAVAILABLE_SINKS } from '../unavailable/copy-types.ts';
import { choice, dynamic, flag, integer, text, timespan } from '../value/dynamic-value.ts';
import type { Frozen } from '../value/resolved-value.ts';
import { delimitedTextWriteSettings, jsonWriteSettings, parquetWriteSettings } from './format-settings.ts';
import { connectionLimit, writeStoreSettings } from './store-settings.ts';

const anySink = {
  writeBatchTimeout: timespan('How long writing a batch may take.').optional(),
  sinkRetryCount: integer('How often to repeat a call that failed for a passing reason.').optional(),
  sinkRetryWait: timespan('How long to wait in between.').optional(),
  ...connectionLimit,
};

const salesforceWrite = {
  ...anySink,
  writeBehavior: choice('What to do with rows.', ['Insert', 'Upsert']).default('Insert'),
  externalIdFieldName: text('External id field that identifies rows to upsert.').optional(),
  ignoreNullValues: flag('Whether nulls leave fields as they are.').default(false),
};

/** Connector of Azure Data Factory for Salesforce V2: "Salesforce as a sink type", read 2026-11. */
const salesforceSink = z.object({
  type: z.enum(['SalesforceV2Sink', 'SalesforceServiceCloudV2Sink']),
  ...salesforceWrite,
  writeBatchSize: integer('Rows in an upload; best from 10,000 to 200,000.', { min: 1 }).default(100_000),
});

/** The connector that was removed from Data Factory; see `upgradeLegacy`. */
const legacySalesforceSink = z.object({
  type: z.enum(['SalesforceSink', 'SalesforceServiceCloudSink']),
  ...salesforceWrite,
  writeBatchSize: integer('Rows in an upload.', { min: 1 }).default(5000),
});

/** Connector of Azure Data Factory for Azure Database for PostgreSQL: "as sink", read 2026-11. */
const azurePostgreSqlSink = z.object({
  type: z.literal('AzurePostgreSqlSink'),
  ...anySink,
  writeBatchSize: integer('Rows in one transaction of the staging.', { min: 1 }).default(1_000_000),
  writeBatchTimeout: timespan('How long the server may take for rows it is given.').default('00:30:00'),
  preCopyScript: text('SQL to run first in the transaction that makes the rows visible.').optional(),
  writeMethod: choice('Whether rows are added, which is by COPY in any case, or upserted.', [
    'CopyCommand',
    'BulkInsert',
    'Upsert',
  ]).default('CopyCommand'),
  upsertSettings: z
    .object({ keys: dynamic('Columns that identify rows. Default: the primary key.', z.array(z.string())).optional() })
    .optional(),
});

const fileSink = {
  ...anySink,
  writeBatchSize: integer('Not used for files.').optional(),
  storeSettings: writeStoreSettings.optional(),
};

const delimitedTextSink = z.object({
  type: z.literal('DelimitedTextSink'),
  ...fileSink,
  formatSettings: delimitedTextWriteSettings.optional(),
});

const parquetSink = z.object({
  type: z.literal('ParquetSink'),
  ...fileSink,
  formatSettings: parquetWriteSettings.optional(),
});

const jsonSink = z.object({
  type: z.literal('JsonSink'),
  ...fileSink,
  formatSettings: jsonWriteSettings.optional(),
});

export const copySink = z
  .discriminatedUnion('type', [
    salesforceSink,
    legacySalesforceSink,
    azurePostgreSqlSink,
    delimitedTextSink,
    parquetSink,
    jsonSink,
    z.looseObject({ type: z.enum(UNAVAILABLE_SINKS) }),
  ])
  .meta({ id: 'CopySink', description: 'What to write.' });

/** Of the current connector. */
export type SalesforceSink = z.output<typeof salesforceSink>;
export type AzurePostgreSqlSink = Frozen<z.output<typeof azurePostgreSqlSink>>;
export type CopySink = Frozen<z.output<typeof copySink>>;
