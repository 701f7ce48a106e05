import type { Context, Format, Sink, Store } from '@sluice/core';
import { files } from '@sluice/sinks/files';

import type { FileLocation } from '../../definition/dataset/file-location.ts';
import type { Resolved } from '../../definition/value/resolved-value.ts';
import type { WrittenFiles } from '../measured-sink.ts';
import { placeOf } from './file-location.ts';

export interface FileSinkRequest {
  readonly store: Store;
  readonly location: Resolved<FileLocation>;
  readonly format: Format;
  /** For files the dataset has no name for. */
  readonly madeUpName: string;
  /** Of those; with or without its dot. Default: that of the format. */
  readonly extension?: string | undefined;
}

export interface OpenFileSink {
  readonly sink: Sink;
  written(ctx: Context): Promise<WrittenFiles>;
}

/**
 * A file of the dataset's name, else of a made-up one. What is there under that name is replaced once the new file is
 * complete.
 */
export function openFileSink({ store, location, format, madeUpName, extension }: FileSinkRequest): OpenFileSink {
  const { folder, fileName } = placeOf(location);
  const path = `${folder}${fileName ?? `${madeUpName}${extensionOf(extension, format)}`}`;
  return {
    sink: files({ store, path, format }),
    async written(ctx) {
      const file = await store.stat(path, ctx);
      return file === undefined ? { files: 0, bytes: 0 } : { files: 1, bytes: file.byteLength };
    },
  };
}

function extensionOf(extension: string | undefined, format: Format): string {
  if (extension === undefined) return format.extension;
  return extension === '' || extension.startsWith('.') ? extension : `.${extension}`;
}
