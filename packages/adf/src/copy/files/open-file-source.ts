import { type Format, type Source, SluiceError } from '@sluice/core';
import { files, type FilesOptions } from '@sluice/sources/files';
import type * as z from 'zod';

import type { readStoreSettings } from '../../definition/copy/store-settings.ts';
import type { FileLocation } from '../../definition/dataset/file-location.ts';
import type { Resolved } from '../../definition/value/resolved-value.ts';
import { epochMsOf } from '../../expression/date/date-time.ts';
import { readTimestamp } from '../../expression/functions/date-functions.ts';
import { PATH_COLUMN } from '../mapping/mapping-request.ts';
import { type FactoryCodeOf, withFactoryCodes } from './factory-codes.ts';
import { type FilePlace, type OpenStore, pathOf, placeOf } from './file-location.ts';

type ReadSettings = Resolved<z.output<typeof readStoreSettings>>;
type FileServerSettings = Extract<ReadSettings, { readonly type: 'FileServerReadSettings' }>;

export interface FileSourceRequest {
  readonly store: OpenStore;
  readonly location: Resolved<FileLocation>;
  readonly settings: ReadSettings | undefined;
  readonly format: Format;
  /** Whether the path of the file a row is from is asked for. */
  readonly hasPath: boolean;
  /** What Data Factory calls what can be wrong with a file. */
  readonly codeOf?: FactoryCodeOf;
}

export interface OpenFileSource {
  readonly source: Source;
  /** Known once the source has been planned. */
  filesRead(): number;
}

/** The files of a dataset that its settings choose. @throws `CONFIG_INVALID` */
export function openFileSource({
  store,
  location,
  settings,
  format,
  hasPath,
  codeOf,
}: FileSourceRequest): OpenFileSource {
  const place = placeOf(location);
  const options = settings?.type === 'FileServerReadSettings' ? settings : undefined;
  const source = files({
    store: store.store,
    format,
    ...choiceOf(place, options),
    ...(hasPath ? { pathColumn: PATH_COLUMN, pathRoot: place.folder } : {}),
  });
  let count = 0;
  const counted: Source = {
    ...source,
    async plan(ctx) {
      const plan = await source.plan(ctx);
      count = plan.state.files.length;
      return plan;
    },
  };
  return {
    source: codeOf === undefined ? counted : withFactoryCodes(counted, codeOf),
    filesRead: () => count,
  };
}

type Choice = Pick<FilesOptions, 'path' | 'match' | 'recursive' | 'listFile' | 'modified' | 'partitionRoot'>;

/** Connector of Azure Data Factory for file systems: "File system as source", read 2026-11. */
function choiceOf({ folder, fileName }: FilePlace, settings: FileServerSettings | undefined): Choice {
  if (settings === undefined) return { path: fileName === undefined ? folder : folder + fileName };
  const { wildcardFolderPath, fileListPath, recursive } = settings;
  const common = { ...modifiedOf(settings), ...partitionsOf(folder, settings) };
  if (fileListPath !== undefined) return { path: folder, listFile: pathOf(fileListPath), ...common };
  const pattern = settings.wildcardFileName ?? settings.fileFilter;
  if (wildcardFolderPath === undefined && pattern === undefined) {
    return { path: fileName === undefined ? folder : folder + fileName, recursive, ...common };
  }
  const within = wildcardFolderPath === undefined ? '' : `${pathOf(wildcardFolderPath)}/`;
  const name = pattern ?? (fileName === undefined ? '*' : literalPattern(fileName));
  return {
    path: wildcardFolderPath === undefined ? folder : '',
    match: `${within}${recursive ? '**/' : ''}${name}`,
    ...common,
  };
}

function modifiedOf({ modifiedDatetimeStart: from, modifiedDatetimeEnd: before }: FileServerSettings): Partial<Choice> {
  if (from === undefined && before === undefined) return {};
  return {
    modified: {
      ...(from === undefined ? {} : { fromMs: timeOf(from, 'modifiedDatetimeStart') }),
      ...(before === undefined ? {} : { beforeMs: timeOf(before, 'modifiedDatetimeEnd') }),
    },
  };
}

function timeOf(text: string, setting: string): number {
  const reading = readTimestamp(text);
  if ('value' in reading) return epochMsOf(reading.value.ticks);
  throw new SluiceError('CONFIG_INVALID', `storeSettings.${setting} ${reading.problem}`, {
    hint: 'Write it as 2026-01-31T08:05:00Z.',
  });
}

/** Folders called `key=value`, from the root that is given, or the folder, as far as it has no wildcards. */
function partitionsOf(folder: string, settings: FileServerSettings): Partial<Choice> {
  if (!settings.enablePartitionDiscovery) return {};
  const { partitionRootPath, wildcardFolderPath } = settings;
  if (partitionRootPath !== undefined) return { partitionRoot: `${pathOf(partitionRootPath)}/` };
  if (wildcardFolderPath === undefined) return { partitionRoot: folder };
  const names = pathOf(wildcardFolderPath).split('/');
  const wild = names.findIndex((name) => /[*?^]/.test(name));
  return { partitionRoot: (wild < 0 ? names : names.slice(0, wild)).map((name) => `${name}/`).join('') };
}

function literalPattern(name: string): string {
  return name.replaceAll(/[*?^]/g, '^$&');
}
