import * as z from 'zod';

import { choice, flag, integer, text } from '../value/dynamic-value.ts';

/** How to unpack; the type says which of the two properties there may be. */
const compressionProperties = z
  .object({
    type: z.enum(['ZipDeflateReadSettings', 'TarReadSettings', 'TarGZipReadSettings']),
    preserveZipFileNameAsFolder: flag('Whether the name of the archive becomes a folder.').optional(),
    preserveCompressionFileNameAsFolder: flag('Whether the name of the archive becomes a folder.').optional(),
  })
  .optional();

export const delimitedTextReadSettings = z.object({
  type: z.literal('DelimitedTextReadSettings'),
  skipLineCount: integer('Lines to skip before the header; empty lines do not count.').optional(),
  compressionProperties,
});

export const parquetReadSettings = z.object({ type: z.literal('ParquetReadSettings'), compressionProperties });
export const jsonReadSettings = z.object({ type: z.literal('JsonReadSettings'), compressionProperties });

const splitFiles = {
  maxRowsPerFile: integer('Most rows in a file; the target is a folder then.', { min: 1 }).optional(),
  fileNamePrefix: text('How the names of such files begin: <prefix>_00000.<extension>.').optional(),
};

export const delimitedTextWriteSettings = z.object({
  type: z.literal('DelimitedTextWriteSettings'),
  quoteAllText: flag('Whether to quote texts that need no quotes.').optional(),
  fileExtension: text('Extension of generated names.').optional(),
  ...splitFiles,
});

export const parquetWriteSettings = z.object({ type: z.literal('ParquetWriteSettings'), ...splitFiles });

export const jsonWriteSettings = z.object({
  type: z.literal('JsonWriteSettings'),
  filePattern: choice('Lines of objects, or one array.', ['setOfObjects', 'arrayOfObjects']).default('setOfObjects'),
});
