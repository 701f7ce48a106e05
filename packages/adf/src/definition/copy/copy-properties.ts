import * as z from 'zod';

import { dynamic, flag, integer, json } from '../value/dynamic-value.ts';
import { copySink } from './copy-sink.ts';
import { copySource } from './copy-source.ts';
import { logSettings, logStorageSettings, redirectSettings, stagingSettings } from './log-settings.ts';
import { tabularTranslator } from './translator.ts';

const skipErrorFile = z.object({
  fileMissing: flag('Skip files deleted meanwhile.').optional(),
  fileForbidden: flag('Skip files that may not be read.').optional(),
  dataInconsistency: flag('Skip files that differ after copying.').optional(),
  invalidFileName: flag('Skip files whose names the sink refuses.').optional(),
});

/** `typeProperties` of a copy activity. Azure Data Factory, "Copy activity", read 2026-11. */
export const copyProperties = z.object({
  source: copySource,
  sink: copySink,
  translator: dynamic('Which columns go where. Default: by name.', tabularTranslator).optional(),
  parallelCopies: integer('Most pages or uploads at the same time.', { min: 1 }).optional(),
  dataIntegrationUnits: integer('Reported, and not used.').optional(),
  enableSkipIncompatibleRow: flag('Whether rows that do not fit are skipped.').default(false),
  redirectIncompatibleRowSettings: redirectSettings.optional(),
  logSettings: logSettings.optional(),
  logStorageSettings: logStorageSettings.optional(),
  validateDataConsistency: flag('Whether to hold the counts of rows against each other.').default(false),
  enableStaging: flag('Not supported: nothing has to be staged here.').default(false),
  stagingSettings: stagingSettings.optional(),
  skipErrorFile: skipErrorFile.optional(),
  preserve: json('Not used.').optional(),
  preserveRules: json('Not used.').optional(),
});
