import * as z from 'zod';

import { choice, flag, text } from '../value/dynamic-value.ts';
import { DATASET_HEAD } from './dataset-head.ts';
import { fileLocation } from './file-location.ts';

const compressionLevel = choice('How hard to compress.', ['Optimal', 'Fastest']).optional();

/** Of files as a whole; Parquet has codecs of its own. */
const FILE_CODECS = ['none', 'gzip', 'bzip2', 'deflate', 'ZipDeflate', 'TarGzip', 'Tar', 'snappy', 'lz4'] as const;

/** Format of Azure Data Factory for delimited text: "Dataset properties", read 2026-11. */
export const delimitedTextDataset = z.object({
  type: z.literal('DelimitedText').meta({ description: 'CSV and its like.' }),
  ...DATASET_HEAD,
  typeProperties: z.object({
    location: fileLocation,
    columnDelimiter: text('What stands between columns.').default(','),
    rowDelimiter: text('What ends a row. Default: any line end when reading, CRLF when writing.').optional(),
    quoteChar: text('One character around values; empty for none.').default('"'),
    escapeChar: text('One character before a quote within a value; the quote itself to double it.').default('\\'),
    firstRowAsHeader: flag('Whether the first row holds the names of the columns.').default(false),
    nullValue: text('Text that stands for null.').default(''),
    encodingName: text('Encoding. Default: UTF-8; a byte order mark wins.').optional(),
    compressionCodec: choice('Compression of the file as a whole.', FILE_CODECS).optional(),
    compressionLevel,
  }),
});

export const parquetDataset = z.object({
  type: z.literal('Parquet').meta({ description: 'Apache Parquet.' }),
  ...DATASET_HEAD,
  typeProperties: z.object({
    location: fileLocation,
    compressionCodec: choice('Compression of pages when writing.', ['none', 'gzip', 'snappy', 'lzo']).default('snappy'),
    compressionLevel,
  }),
});

export const jsonDataset = z.object({
  type: z.literal('Json').meta({ description: 'JSON: lines, an array, or objects one after the other.' }),
  ...DATASET_HEAD,
  typeProperties: z.object({
    location: fileLocation,
    encodingName: text('Encoding. Default: UTF-8; a byte order mark wins.').optional(),
    compression: z
      .object({ type: choice('Compression of the file as a whole.', FILE_CODECS), level: compressionLevel })
      .optional(),
  }),
});
