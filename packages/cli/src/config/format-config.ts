import * as z from 'zod';

const rows = z.int().min(1);
const bytes = z.int().min(1);

const compression = z
  .enum(['gzip', 'deflate'])
  .exactOptional()
  .meta({ description: 'How files are compressed as a whole. Default: not at all.' });

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
  compression,
});

const csvConfig = z.strictObject({
  delimiter: z.string().min(1).exactOptional().meta({ description: 'Between cells. Default: a comma.' }),
  quote: z
    .string()
    .max(1)
    .exactOptional()
    .meta({ description: 'Around cells that need it, or empty for none. Default: ".' }),
  escape: z
    .string()
    .length(1)
    .exactOptional()
    .meta({ description: 'Before a quote within quotes. Default: the quote itself.' }),
  nullText: z.string().exactOptional().meta({ description: 'What stands for null without quotes. Default: nothing.' }),
  header: z.boolean().exactOptional().meta({ description: 'Whether the first row names the columns. Default: true.' }),
  comment: z
    .string()
    .min(1)
    .exactOptional()
    .meta({ description: 'What lines begin with that are passed over. Default: none are.' }),
  skipLines: z
    .int()
    .min(0)
    .exactOptional()
    .meta({ description: 'Lines to pass over ahead of the header. Default: 0.' }),
  encoding: z.string().min(1).exactOptional().meta({ description: 'Of files that are read. Default: UTF-8.' }),
  malformedRows: z
    .enum(['fail', 'reject'])
    .exactOptional()
    .meta({ description: 'What becomes of rows that are none, when reading. Default: fail.' }),
  compression,
});

const jsonConfig = z.strictObject({
  layout: z
    .enum(['lines', 'array'])
    .exactOptional()
    .meta({ description: 'One object on each line, or one array of all. Default: lines.' }),
  compression,
});

const FORMATS = ['parquet', 'arrow', 'csv', 'json'] as const;

export const formatConfig = z
  .union(
    [
      z.enum(FORMATS),
      z
        .strictObject({
          parquet: parquetConfig.exactOptional().meta({ description: 'Parquet files, and how they are written.' }),
          arrow: arrowConfig.exactOptional().meta({ description: 'Arrow IPC streams, and how they are written.' }),
          csv: csvConfig.exactOptional().meta({ description: 'Delimited text.' }),
          json: jsonConfig.exactOptional().meta({ description: 'JSON objects.' }),
        })
        .refine((format) => FORMATS.filter((name) => format[name] !== undefined).length === 1, {
          error: 'needs one of parquet, arrow, csv and json',
          when: ({ issues }) => issues.length === 0,
        }),
    ],
    { error: 'must be parquet, arrow, csv or json' },
  )
  .meta({ description: 'The format of the files: its name, or its name with options.' });

export type FormatConfig = z.output<typeof formatConfig>;
