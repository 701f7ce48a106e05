import { SluiceError } from '@sluice/core';
import type { CsvFormatOptions } from '@sluice/formats/csv';
import type * as z from 'zod';

import type { delimitedTextDataset } from '../../definition/dataset/file-datasets.ts';
import type { Resolved } from '../../definition/value/resolved-value.ts';

export type TextProperties = Resolved<z.output<typeof delimitedTextDataset>>['typeProperties'];

/** How the files of a dataset are read. @throws `CONNECTOR_MISSING` for what cannot be read here yet. */
export function readingOptions(properties: TextProperties, skipLines: number): CsvFormatOptions {
  const { columnDelimiter: delimiter, rowDelimiter: lineEnd, quoteChar: quote, escapeChar: escape } = properties;
  refuseCompression(properties);
  return {
    delimiter,
    quote,
    escape,
    header: properties.firstRowAsHeader,
    skipLines,
    nullText: properties.nullValue,
    // Data Factory does not tell an empty text from none.
    quotedNulls: true,
    ...(lineEnd === undefined || lineEnd === '' ? {} : { lineEnd }),
    ...(properties.encodingName === undefined ? {} : { encoding: encodingOf(properties.encodingName) }),
  };
}

/** How they are written. @throws `CONNECTOR_MISSING` for what cannot be written here yet. */
export function writingDialect(properties: TextProperties, quoteAll: boolean): CsvFormatOptions {
  const { columnDelimiter: delimiter, rowDelimiter, quoteChar: quote, escapeChar: escape, nullValue } = properties;
  refuseCompression(properties);
  if (properties.encodingName !== undefined && !/^utf-?8$/i.test(encodingOf(properties.encodingName))) {
    throw missing(`the encoding ${properties.encodingName}`, 'Set encodingName to UTF-8.');
  }
  return {
    delimiter,
    quote,
    escape,
    lineEnd: rowDelimiter === undefined || rowDelimiter === '' ? '\r\n' : rowDelimiter,
    header: properties.firstRowAsHeader,
    nullText: nullValue,
    quoteAll,
  };
}

/** Data Factory has a name of its own for UTF-8 without a byte order mark. */
function encodingOf(name: string): string {
  return /^utf-8 without bom$/i.test(name.trim()) ? 'utf-8' : name.trim();
}

function refuseCompression({ compressionCodec: codec }: TextProperties): void {
  if (codec !== undefined && codec !== 'none')
    throw missing(`text files compressed with ${codec}`, 'Set compressionCodec to none.');
}

function missing(what: string, hint: string): SluiceError {
  return new SluiceError('CONNECTOR_MISSING', `there is no connector for ${what} here`, { hint });
}
