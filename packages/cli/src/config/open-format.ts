import type { Format } from '@sluice/core';
import { arrowIpc } from '@sluice/formats/arrow';
import { compressed, type CompressionCodec } from '@sluice/formats/compressed';
import { csv } from '@sluice/formats/csv';
import { json } from '@sluice/formats/json';
import { parquet } from '@sluice/formats/parquet';

import type { FormatConfig } from './format-config.ts';

export function openFormat(format: FormatConfig): Format {
  const options = typeof format === 'string' ? { [format]: {} } : format;
  if (options.csv !== undefined) return packed(csv, options.csv);
  if (options.json !== undefined) return packed(json, options.json);
  return options.arrow === undefined ? parquet(options.parquet) : packed(arrowIpc, options.arrow);
}

function packed<O extends object>(
  open: (options: O) => Format,
  { compression, ...options }: O & { readonly compression?: CompressionCodec },
): Format {
  // What is left without the key beside it.
  const format = open(options as unknown as O);
  return compression === undefined ? format : compressed(format, { codec: compression });
}
