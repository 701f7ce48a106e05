import { SluiceError } from '@sluice/core';
import type { CsvFormatOptions } from '@sluice/formats/csv';
import type * as z from 'zod';

import { findEncoding } from '../../check/encoding.ts';
import type { delimitedTextDataset } from '../../definition/dataset/file-datasets.ts';
import type { Resolved } from '../../definition/value/resolved-value.ts';

export type TextProperties = Resolved<z.output<typeof delimitedTextDataset>>['typeProperties'];

/** How the files of a dataset are read. @throws `CONFIG_INVALID` */
export function readingOptions(
  properties: TextProperties,
  { skipLines, skipsRows }: { readonly skipLines: number; readonly skipsRows: boolean },
): CsvFormatOptions {
  const { columnDelimiter: delimiter, rowDelimiter: lineEnd, quoteChar: quote, escapeChar: escape } = properties;
  return {
    delimiter,
    quote,
    escape,
    header: properties.firstRowAsHeader,
    skipLines,
    malformedRows: skipsRows ? 'reject' : 'fail',
    nullText: properties.nullValue,
    // Data Factory does not tell an empty text from none.
    quotedNulls: true,
    ...(lineEnd === undefined || lineEnd === '' ? {} : { lineEnd }),
    ...encodingOf(properties),
  };
}

/** How they are written. @throws `CONNECTOR_MISSING` for what cannot be written here yet. */
export function writingDialect(properties: TextProperties, quoteAll: boolean): CsvFormatOptions {
  const { columnDelimiter: delimiter, rowDelimiter, quoteChar: quote, escapeChar: escape, nullValue } = properties;
  const { encoding = 'utf-8' } = encodingOf(properties);
  if (encoding !== 'utf-8') {
    throw new SluiceError('CONNECTOR_MISSING', `there is no connector for text files in ${encoding} here`, {
      hint: 'Set encodingName to UTF-8.',
    });
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

/** @throws `CONFIG_INVALID` */
function encodingOf({ encodingName }: TextProperties): { readonly encoding?: string } {
  if (encodingName === undefined) return {};
  const encoding = findEncoding(encodingName);
  if (encoding !== undefined) return { encoding };
  throw new SluiceError('CONFIG_INVALID', `encodingName: ${JSON.stringify(encodingName)} is no encoding that is known`);
}
