import * as z from 'zod';

import { UNAVAILABLE_READ_SETTINGS, UNAVAILABLE_WRITE_SETTINGS } from '../unavailable/file-store-types.ts';
import { choice, flag, integer, json, text } from '../value/dynamic-value.ts';

export const connectionLimit = {
  maxConcurrentConnections: integer('Most connections to the store at the same time.', { min: 1 }).optional(),
  disableMetricsCollection: json('Not used.').optional(),
};

const fileServerReadSettings = z.object({
  type: z.literal('FileServerReadSettings'),
  ...connectionLimit,
  recursive: flag('Whether to read subfolders, too.').default(true),
  wildcardFolderPath: text('Instead of the folder of the dataset: * and ? are wildcards, ^ escapes.').optional(),
  wildcardFileName: text('Instead of the file of the dataset: * and ? are wildcards, ^ escapes.').optional(),
  fileListPath: text('A text file with a path on each line, relative to the folder of the dataset.').optional(),
  fileFilter: text('A filter the file server applies.').optional(),
  modifiedDatetimeStart: text('Only files modified at this time or later, UTC.').optional(),
  modifiedDatetimeEnd: text('Only files modified before this time, UTC.').optional(),
  enablePartitionDiscovery: flag('Whether key=value in paths gives columns.').default(false),
  partitionRootPath: text('Where such paths begin.').optional(),
  deleteFilesAfterCompletion: flag('Whether to delete files once copied; for binary copies only.').default(false),
});

export const readStoreSettings = z
  .discriminatedUnion('type', [fileServerReadSettings, z.looseObject({ type: z.enum(UNAVAILABLE_READ_SETTINGS) })])
  .meta({ id: 'ReadStoreSettings', description: 'Which files to read.' });

const fileServerWriteSettings = z.object({
  type: z.literal('FileServerWriteSettings'),
  ...connectionLimit,
  copyBehavior: choice('How files of the source become files.', [
    'PreserveHierarchy',
    'FlattenHierarchy',
    'MergeFiles',
  ]).optional(),
  metadata: json('Not used: files have none.').optional(),
});

export const writeStoreSettings = z
  .discriminatedUnion('type', [fileServerWriteSettings, z.looseObject({ type: z.enum(UNAVAILABLE_WRITE_SETTINGS) })])
  .meta({ id: 'WriteStoreSettings', description: 'How to write files.' });
