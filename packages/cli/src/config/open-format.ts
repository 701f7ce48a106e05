import type { Format } from '@sluice/core';
import { arrowIpc } from '@sluice/formats/arrow';
import { csv } from '@sluice/formats/csv';
import { json } from '@sluice/formats/json';
import { parquet } from '@sluice/formats/parquet';

import type { FormatConfig } from './format-config.ts';

export function openFormat(format: FormatConfig): Format {
  const options = typeof format === 'string' ? { [format]: {} } : format;
  if (options.csv !== undefined) return csv(options.csv);
  if (options.json !== undefined) return json(options.json);
  return options.arrow === undefined ? parquet(options.parquet) : arrowIpc(options.arrow);
}
