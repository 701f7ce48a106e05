import { type Context, type Format, SluiceError, type Store } from '@sluice/core';
import { files } from '@sluice/sinks/files';

import type { FileLocation } from '../../definition/dataset/file-location.ts';
import type { Resolved } from '../../definition/value/resolved-value.ts';
import type { OpenedSink, WrittenData } from '../opened-sink.ts';
import { placeOf } from './file-location.ts';

export interface FileSinkRequest {
  readonly store: Store;
  readonly location: Resolved<FileLocation>;
  readonly format: Format;
  /** For files the dataset has no name for. */
  readonly madeUpName: string;
  /** Of those; with or without its dot. Default: that of the format. */
  readonly extension?: string | undefined;
  /** Most rows in a file; then there may be several. */
  readonly maxRowsPerFile?: number | undefined;
  /** How the names of several begin. */
  readonly fileNamePrefix?: string | undefined;
}

/** What is there under the name of the file, or the names, goes once the new files are there. */
const REPLACING = {
  intent: { mode: 'overwrite', truncateWhenEmpty: true },
  maxConnections: undefined,
  async [Symbol.asyncDispose]() {},
} as const;

/**
 * A file of the dataset's name, else of a made-up one, else several, called `<prefix>_00000` and so on. What is there
 * under those names is replaced once the new files are complete.
 *
 * @throws `CONFIG_INVALID` for several files where the dataset names one, or no folder.
 */
export function openFileSink(request: FileSinkRequest): OpenedSink {
  const { store, location, format, madeUpName, maxRowsPerFile } = request;
  const { folder, fileName } = placeOf(location);
  const extension = extensionOf(request.extension, format);
  if (maxRowsPerFile !== undefined) {
    if (fileName !== undefined || folder === '') throw needsFolder();
    const prefix = request.fileNamePrefix ?? madeUpName;
    const numbered = { prefix, extension };
    return {
      ...REPLACING,
      sink: files({ store, path: folder, format, partRows: maxRowsPerFile, numbered }),
      written: async (ctx) => await writtenIn(store, folder, numbered, ctx),
    };
  }
  const path = `${folder}${fileName ?? `${madeUpName}${extension}`}`;
  return {
    ...REPLACING,
    sink: files({ store, path, format }),
    async written(ctx) {
      const file = await store.stat(path, ctx);
      return file === undefined ? { files: 0, bytes: 0 } : { files: 1, bytes: file.byteLength };
    },
  };
}

/** All files of the numbers are of this run: those of one before are gone. */
async function writtenIn(
  store: Store,
  folder: string,
  { prefix, extension }: { readonly prefix: string; readonly extension: string },
  ctx: Context,
): Promise<WrittenData> {
  const written = { files: 0, bytes: 0 };
  const start = `${folder}${prefix}_`;
  for await (const { path, byteLength } of store.list(folder, ctx)) {
    if (!path.startsWith(start) || !path.endsWith(extension)) continue;
    if (!/^[\d_]+$/.test(path.slice(start.length, path.length - extension.length))) continue;
    written.files++;
    written.bytes += byteLength;
  }
  return written;
}

function extensionOf(extension: string | undefined, format: Format): string {
  if (extension === undefined) return format.extension;
  return extension === '' || extension.startsWith('.') ? extension : `.${extension}`;
}

function needsFolder(): SluiceError {
  return new SluiceError('CONFIG_INVALID', 'maxRowsPerFile needs a dataset with a folderPath and without a fileName', {
    hint: 'Name the files with fileNamePrefix.',
  });
}
