import { type Format, type Source, SluiceError } from '@sluice/core';
import { csv } from '@sluice/formats/csv';
import { parquet } from '@sluice/formats/parquet';
import type * as z from 'zod';

import type { SalesforceSource } from '../definition/copy/copy-source.ts';
import type { TabularTranslator } from '../definition/copy/translator.ts';
import { delimitedTextDataset, jsonDataset, parquetDataset } from '../definition/dataset/file-datasets.ts';
import type { FileLocation } from '../definition/dataset/file-location.ts';
import { azurePostgreSqlTableDataset } from '../definition/dataset/postgres-table.ts';
import { salesforceObjectDataset } from '../definition/dataset/salesforce-object.ts';
import type { Resolved } from '../definition/value/resolved-value.ts';
import type { OpenDataset } from '../resolve/dataset.ts';
import { resolveProperties } from '../resolve/resolve-properties.ts';
import type { RunEngine } from '../run/run-engine.ts';
import type { DataOptions } from './data-options.ts';
import { type FactoryCodeOf, parquetFileCode, textFileCode } from './files/factory-codes.ts';
import { compressedAs } from './files/file-compression.ts';
import { openStore } from './files/file-location.ts';
import { jsonReader } from './files/json-settings.ts';
import { openFileSource } from './files/open-file-source.ts';
import { readingOptions } from './files/text-settings.ts';
import { type AdditionalColumn, PATH_COLUMN } from './mapping/mapping-request.ts';
import { additionalColumns } from './mapping/request-of-copy.ts';
import { openDatabaseSource } from './postgres/open-database-source.ts';
import { openDatabase } from './postgres/open-database.ts';
import type { ResolvedSource } from './resolved-ends.ts';
import { openOrg } from './salesforce/open-org.ts';
import { openQuery } from './salesforce/open-query.ts';

type SourceEngine = Pick<RunEngine, 'redaction' | 'strict'>;

/** What an activity reads. Disposing of it closes its connections. */
export interface OpenedSource extends AsyncDisposable {
  readonly source: Source;
  readonly maxConnections: number | undefined;
  /** Of a source of files; known once it has been planned. */
  filesRead?(): number;
}

/** What is made of the rows, as far as it matters to those who read them. */
export interface ReadingPurpose {
  readonly translator?: Resolved<TabularTranslator> | undefined;
  /** Whether values of documents stay JSON. Default false. */
  readonly asDocuments?: boolean;
  /** Whether rows that are none are rejected, and not the end of it all. Default false. */
  readonly skipsRows?: boolean;
}

/** @throws `CONNECTOR_MISSING` for what cannot be read yet; `CONFIG_INVALID`; what expressions throw. */
export async function openSource(
  source: ResolvedSource,
  dataset: OpenDataset,
  engine: SourceEngine,
  options: DataOptions,
  purpose: ReadingPurpose = {},
): Promise<OpenedSource> {
  switch (source.type) {
    case 'SalesforceV2Source':
    case 'SalesforceServiceCloudV2Source':
      return await openSalesforce(source, dataset, engine, options);
    case 'AzurePostgreSqlSource':
    case 'PostgreSqlV2Source': {
      // Tables of PostgreSqlV2 have some of the same properties.
      const properties = propertiesOf(azurePostgreSqlTableDataset.shape.typeProperties, dataset, engine);
      const { factoryFolder } = options;
      const database = await openDatabase(dataset.linkedService, { redaction: engine.redaction, factoryFolder });
      const opened = openDatabaseSource(source, properties, database);
      return {
        source: opened,
        maxConnections: source.maxConcurrentConnections,
        [Symbol.asyncDispose]: async () => await opened[Symbol.asyncDispose](),
      };
    }
    case 'DelimitedTextSource': {
      const properties = propertiesOf(delimitedTextDataset.shape.typeProperties, dataset, engine);
      const { compressionCodec, compressionLevel, location } = properties;
      const skipLines = source.formatSettings?.skipLineCount ?? 0;
      const text = csv(readingOptions(properties, { skipLines, skipsRows: purpose.skipsRows ?? false }));
      const format = compressedAs(text, compressionCodec, compressionLevel);
      return await openFiles(source, { location, format, codeOf: textFileCode }, dataset, options);
    }
    case 'JsonSource': {
      const properties = propertiesOf(jsonDataset.shape.typeProperties, dataset, engine);
      const { translator, asDocuments = false } = purpose;
      const copied = addedColumns(source).flatMap((column) =>
        'copyOf' in column && column.copyOf !== PATH_COLUMN ? [column.copyOf] : [],
      );
      const format = jsonReader(properties, { translator, copied, asDocuments });
      return await openFiles(source, { location: properties.location, format }, dataset, options);
    }
    case 'ParquetSource': {
      const { location } = propertiesOf(parquetDataset.shape.typeProperties, dataset, engine);
      return await openFiles(source, { location, format: parquet(), codeOf: parquetFileCode }, dataset, options);
    }
    default:
      throw new SluiceError('CONNECTOR_MISSING', `there is no connector for ${source.type} here`);
  }
}

type FileSource = Extract<ResolvedSource, { readonly type: 'DelimitedTextSource' | 'JsonSource' | 'ParquetSource' }>;

async function openFiles(
  source: FileSource,
  file: { readonly location: Resolved<FileLocation>; readonly format: Format; readonly codeOf?: FactoryCodeOf },
  dataset: OpenDataset,
  { factoryFolder }: DataOptions,
): Promise<OpenedSource> {
  const store = await openStore(dataset.linkedService, factoryFolder);
  const hasPath = addedColumns(source).some((column) => 'copyOf' in column && column.copyOf === PATH_COLUMN);
  return {
    ...openFileSource({ ...file, store, settings: source.storeSettings, hasPath }),
    maxConnections: source.maxConcurrentConnections,
    async [Symbol.asyncDispose]() {},
  };
}

function addedColumns(source: FileSource): readonly AdditionalColumn[] {
  return additionalColumns(source.additionalColumns, true);
}

async function openSalesforce(
  source: Resolved<SalesforceSource>,
  dataset: OpenDataset,
  engine: SourceEngine,
  options: DataOptions,
): Promise<OpenedSource> {
  const properties = propertiesOf(salesforceObjectDataset.shape.typeProperties, dataset, engine);
  const { maxConcurrentConnections: maxConnections } = source;
  const org = await openOrg(dataset.linkedService, {
    redaction: engine.redaction,
    defaultApiVersion: options.defaultApiVersion,
    connections: maxConnections,
  });
  return {
    source: openQuery(org, {
      source,
      dataset: properties,
      datasetName: dataset.name,
      strict: engine.strict,
      decimals: options.decimals ?? 'scale',
      binaryFields: options.binaryFields ?? 'refuse',
    }),
    maxConnections,
    [Symbol.asyncDispose]: async () => await org[Symbol.asyncDispose](),
  };
}

/** Type properties of a dataset, resolved. */
export function propertiesOf<Schema extends z.ZodType>(
  schema: Schema,
  dataset: OpenDataset,
  { redaction }: Pick<RunEngine, 'redaction'>,
): Resolved<z.output<Schema>> {
  return resolveProperties(schema, dataset.properties.typeProperties, `dataset ${dataset.name}: typeProperties`, {
    evaluate: (json, path) => dataset.evaluate(json, path),
    reveal: (secret) => redaction.reveal(secret),
  }).value;
}
