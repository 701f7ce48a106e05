import * as z from 'zod';

import { choice, flag, text } from '../value/dynamic-value.ts';
import { linkedServiceReference } from '../value/reference.ts';

const location = {
  linkedServiceName: linkedServiceReference.meta({ description: 'Where to write.' }),
  path: text('Folder.').optional(),
};

const detail = {
  logLevel: choice('Warning: what was skipped. Info: every file, too.', ['Warning', 'Info']).default('Warning'),
  enableReliableLogging: flag('Whether to flush after each file.').default(false),
};

/** Azure Data Factory, "Session log in copy activity", read 2026-11. */
export const logSettings = z
  .object({
    enableCopyActivityLog: flag('Whether to write a log.').default(false),
    copyActivityLogSettings: z.object(detail).prefault({}),
    logLocationSettings: z.object(location).optional(),
  })
  .meta({ description: 'Where to log rows that were skipped.' });

export const logStorageSettings = z.object({ ...location, ...detail }).meta({ description: 'The older logSettings.' });

export const redirectSettings = z
  .object({ linkedServiceName: linkedServiceReference.optional(), path: text('Folder.').optional() })
  .meta({ description: 'The oldest logSettings: where rows that do not fit go.' });

export const stagingSettings = z
  .object({ ...location, enableCompression: flag('Whether to compress on the way.').optional() })
  .meta({ description: 'Not used: nothing is staged.' });
