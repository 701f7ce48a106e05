import { type Format, SluiceError } from '@sluice/core';
import { csv } from '@sluice/formats/csv';
import { parquet } from '@sluice/formats/parquet';

import type { TabularTranslator } from '../definition/copy/translator.ts';
import { delimitedTextDataset, jsonDataset, parquetDataset } from '../definition/dataset/file-datasets.ts';
import { azurePostgreSqlTableDataset } from '../definition/dataset/postgres-table.ts';
import { salesforceObjectDataset } from '../definition/dataset/salesforce-object.ts';
import type { Resolved } from '../definition/value/resolved-value.ts';
import type { OpenDataset } from '../resolve/dataset.ts';
import type { ActivityParts, RunEngine } from '../run/run-engine.ts';
import type { DataOptions } from './data-options.ts';
import { compressedAs } from './files/file-compression.ts';
import { openStore } from './files/file-location.ts';
import { jsonWriter } from './files/json-settings.ts';
import { type FileSinkRequest, openFileSink } from './files/open-file-sink.ts';
import { writingDialect } from './files/text-settings.ts';
import { propertiesOf } from './open-source.ts';
import type { OpenedSink } from './opened-sink.ts';
import { openDatabaseSink } from './postgres/open-database-sink.ts';
import { openDatabase } from './postgres/open-database.ts';
import type { ResolvedSink } from './resolved-ends.ts';
import { openIngest } from './salesforce/open-ingest.ts';

/** What opening a sink takes of the activity. */
export interface SinkParts extends Pick<ActivityParts, 'pipelineRunId' | 'activityRunId'> {
  readonly engine: Pick<RunEngine, 'redaction' | 'strict'>;
}

/** @throws `CONNECTOR_MISSING` for what cannot be written yet; `CONFIG_INVALID`; what expressions throw. */
export async function openSink(
  sink: ResolvedSink,
  dataset: OpenDataset,
  { engine, pipelineRunId, activityRunId }: SinkParts,
  options: DataOptions,
  translator: Resolved<TabularTranslator> | undefined,
): Promise<OpenedSink> {
  const { factoryFolder } = options;
  const target = { madeUpName: `data_${pipelineRunId}_${activityRunId}` };
  switch (sink.type) {
    case 'SalesforceV2Sink':
    case 'SalesforceServiceCloudV2Sink': {
      const { objectApiName } = propertiesOf(salesforceObjectDataset.shape.typeProperties, dataset, engine);
      return await openIngest(sink, { dataset, object: objectApiName }, engine, options);
    }
    case 'AzurePostgreSqlSink': {
      const properties = propertiesOf(azurePostgreSqlTableDataset.shape.typeProperties, dataset, engine);
      const database = await openDatabase(dataset.linkedService, { redaction: engine.redaction, factoryFolder });
      return openDatabaseSink(sink, { properties, datasetName: dataset.name }, database);
    }
    case 'ParquetSink': {
      const { location, compressionCodec } = propertiesOf(parquetDataset.shape.typeProperties, dataset, engine);
      const { store } = await openStore(dataset.linkedService, factoryFolder);
      const format = parquetFormat(compressionCodec, options.timestamps);
      return openFileSink({ ...target, ...splitOf(sink), store, location, format });
    }
    case 'DelimitedTextSink': {
      const properties = propertiesOf(delimitedTextDataset.shape.typeProperties, dataset, engine);
      const { store } = await openStore(dataset.linkedService, factoryFolder);
      const { quoteAllText = false, fileExtension } = sink.formatSettings ?? {};
      const text = csv(writingDialect(properties, quoteAllText));
      const format = compressedAs(text, properties.compressionCodec, properties.compressionLevel);
      return openFileSink({
        ...target,
        ...splitOf(sink),
        store,
        location: properties.location,
        format,
        extension: fileExtension,
      });
    }
    case 'JsonSink': {
      const properties = propertiesOf(jsonDataset.shape.typeProperties, dataset, engine);
      const { store } = await openStore(dataset.linkedService, factoryFolder);
      const format = jsonWriter(properties, sink.formatSettings?.filePattern ?? 'setOfObjects', translator);
      return openFileSink({ ...target, store, location: properties.location, format });
    }
    default:
      throw new SluiceError('CONNECTOR_MISSING', `there is no connector for ${sink.type} here`);
  }
}

type FileSink = Extract<ResolvedSink, { readonly type: 'ParquetSink' | 'DelimitedTextSink' }>;

/** How rows are split over files; files of a file source are not. */
function splitOf({ formatSettings }: FileSink): Pick<FileSinkRequest, 'maxRowsPerFile' | 'fileNamePrefix'> {
  return { maxRowsPerFile: formatSettings?.maxRowsPerFile, fileNamePrefix: formatSettings?.fileNamePrefix };
}

/** Whether rows have to come one after the other, so that each file is full but the last. */
export function splitsFiles(sink: ResolvedSink): boolean {
  return (
    (sink.type === 'ParquetSink' || sink.type === 'DelimitedTextSink') && splitOf(sink).maxRowsPerFile !== undefined
  );
}

function parquetFormat(codec: string, timestamps: DataOptions['timestamps']): Format {
  if (codec === 'snappy' || codec === 'none' || codec === 'gzip') {
    return parquet({ compression: codec, timestamps: timestamps === 'int96' ? 'int96' : 'int64-micros' });
  }
  throw new SluiceError('CONNECTOR_MISSING', `Parquet files cannot be compressed with ${codec} here`, {
    hint: 'Set compressionCodec to snappy, gzip or none.',
  });
}
