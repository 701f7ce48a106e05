import { type Source, SluiceError } from '@sluice/core';
import { csv } from '@sluice/formats/csv';
import { files } from '@sluice/sources/files';

import type { ResolvedSource } from '../resolved-ends.ts';
import { type OpenStore, placeOf } from './file-location.ts';
import { readingOptions, type TextProperties } from './text-settings.ts';

/** Settings that choose files in ways that are not there yet. */
const MISSING_SETTINGS = [
  'wildcardFolderPath',
  'fileListPath',
  'fileFilter',
  'modifiedDatetimeStart',
  'modifiedDatetimeEnd',
] as const;

/** @throws `CONNECTOR_MISSING` for what cannot be read here yet. */
export function openTextSource(
  { storeSettings: settings, formatSettings }: Extract<ResolvedSource, { readonly type: 'DelimitedTextSource' }>,
  properties: TextProperties,
  { store }: OpenStore,
): Source {
  const { folder, fileName } = placeOf(properties.location);
  let names: string | undefined;
  let recursive = true;
  if (settings?.type === 'FileServerReadSettings') {
    for (const name of MISSING_SETTINGS) if (settings[name] !== undefined) throw missing(name);
    if (settings.enablePartitionDiscovery) throw missing('enablePartitionDiscovery');
    names = settings.wildcardFileName;
    recursive = settings.recursive;
  }
  return files({
    store,
    path: names === undefined && fileName !== undefined ? `${folder}${fileName}` : folder,
    recursive,
    ...(names === undefined ? {} : { match: recursive ? `**/${names}` : names }),
    format: csv(readingOptions(properties, formatSettings?.skipLineCount ?? 0)),
  });
}

function missing(setting: string): SluiceError {
  return new SluiceError('CONNECTOR_MISSING', `files cannot be chosen by ${setting} here yet`, {
    hint: 'Use a folder, a file name or wildcardFileName.',
  });
}
