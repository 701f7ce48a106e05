import * as z from 'zod';

import { typeName } from './column-types.ts';
import { formatConfig } from './format-config.ts';

const rows = z.int().min(1);
const bytes = z.int().min(1);

const root = z.string().min(1);

const declaredColumn = z.strictObject({
  name: z.string().min(1).meta({ description: 'Name of the column in the files.' }),
  type: typeName,
});

/** Files of a folder of this machine, to read. */
export const filesSourceConfig = z.strictObject({
  root: root.meta({ description: 'A folder of this machine; a relative path counts from this file.' }),
  path: z.string().min(1).meta({ description: 'In the folder: a file, or a folder ending in / for all files in it.' }),
  match: z.string().min(1).exactOptional().meta({
    description: 'With a folder: a pattern for the paths below it, with *, ? and **. Default: all files.',
  }),
  format: formatConfig,
  columns: z
    .array(z.string().min(1))
    .min(1)
    .exactOptional()
    .meta({ description: 'The columns to read, in order. Default: all.' }),
  schema: z.array(declaredColumn).min(1).exactOptional().meta({
    description:
      'The columns to read, in order, and their types, in place of `columns`. Default: those of the first file, with text where the format has no types.',
  }),
});

export type FilesSourceConfig = z.output<typeof filesSourceConfig>;

/** Files in a folder of this machine. */
export const filesConfig = z.strictObject({
  root: z.string().min(1).meta({
    description:
      'A folder of this machine; a relative path counts from this file. It is created where it does not exist.',
  }),
  path: z.string().min(1).meta({
    description: 'In the folder: a path that ends in / is a folder of one file per part, any other path one file.',
  }),
  format: formatConfig,
  partRows: rows.exactOptional().meta({ description: 'A part ends after so many rows at the latest.' }),
  partBytes: bytes.exactOptional().meta({ description: 'A part ends after so many bytes of batches at the latest.' }),
});

export type FilesConfig = z.output<typeof filesConfig>;
