import * as z from 'zod';

const rows = z.int().min(1);
const bytes = z.int().min(1);

const parquetConfig = z.strictObject({
  compression: z.enum(['snappy', 'zstd', 'none']).exactOptional().meta({ description: 'Default: snappy.' }),
  rowGroupRows: rows
    .exactOptional()
    .meta({ description: 'A row group ends after so many rows at the latest. Default: 1,048,576.' }),
  rowGroupBytes: bytes.exactOptional().meta({
    description: 'A row group ends with the row that fills so many bytes before compression. Default: 32 MiB.',
  }),
});

const arrowConfig = z.strictObject({
  messageRows: rows.exactOptional().meta({ description: 'Rows per record batch at most. Default: 65,536.' }),
  messageBytes: bytes.exactOptional().meta({ description: 'Bytes per record batch at most. Default: 4 MiB.' }),
});

export const formatConfig = z
  .union(
    [
      z.enum(['parquet', 'arrow']),
      z
        .strictObject({
          parquet: parquetConfig.exactOptional().meta({ description: 'Parquet files, and how they are written.' }),
          arrow: arrowConfig.exactOptional().meta({ description: 'Arrow IPC streams, and how they are written.' }),
        })
        .refine((format) => (format.parquet === undefined) !== (format.arrow === undefined), {
          error: 'needs either parquet or arrow',
          when: ({ issues }) => issues.length === 0,
        }),
    ],
    { error: 'must be parquet or arrow' },
  )
  .meta({ description: 'The format of the files: its name, or its name with options.' });

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
export type FormatConfig = z.output<typeof formatConfig>;
