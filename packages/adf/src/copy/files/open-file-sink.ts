import { type Context, type Format, type Sink, SluiceError } from '@sluice/core';
import { parquet } from '@sluice/formats/parquet';
import { files } from '@sluice/sinks/files';

import type { ParquetSink } from '../../definition/copy/copy-sink.ts';
import type { ParquetDataset } from '../../definition/dataset/dataset.ts';
import type { Resolved } from '../../definition/value/resolved-value.ts';
import type { WrittenFiles } from '../measured-sink.ts';
import { type OpenStore, placeOf } from './file-location.ts';

export interface FileSinkRequest {
  readonly sink: Resolved<ParquetSink>;
  readonly dataset: Resolved<ParquetDataset>['typeProperties'];
  readonly store: OpenStore;
  /** For files the dataset has no name for. */
  readonly madeUpName: string;
}

export interface OpenFileSink {
  readonly sink: Sink;
  written(ctx: Context): Promise<WrittenFiles>;
}

/**
 * A file of the dataset's name, else of a made-up one. What is there under that name is replaced once the new file is
 * complete.
 */
export function openFileSink({ dataset, store: { store }, madeUpName }: FileSinkRequest): OpenFileSink {
  const { folder, fileName } = placeOf(dataset.location);
  const format = parquetFormat(dataset.compressionCodec);
  const path = `${folder}${fileName ?? `${madeUpName}${format.extension}`}`;
  return {
    sink: files({ store, path, format }),
    async written(ctx) {
      const file = await store.stat(path, ctx);
      return file === undefined ? { files: 0, bytes: 0 } : { files: 1, bytes: file.byteLength };
    },
  };
}

function parquetFormat(codec: string): Format {
  if (codec === 'snappy' || codec === 'none') return parquet({ compression: codec });
  throw new SluiceError('CONNECTOR_MISSING', `Parquet files cannot be compressed with ${codec} here`, {
    hint: 'Set compressionCodec to snappy or none.',
  });
}
