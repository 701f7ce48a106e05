import * as z from 'zod';

const sharedOptions = {
  numeric: z
    .strictObject({ precision: z.int().min(1).max(76), scale: z.int().min(0).max(76) })
    .refine(({ precision, scale }) => scale <= precision, { error: 'scale must not be above precision' })
    .optional()
    .meta({ description: 'Bounds for numeric columns that declare none. Default: text in plain notation.' }),
  snapshot: z.enum(['same', 'renew']).default('same').meta({
    description:
      'When the moment the run reads is lost with its connection: fail, or read what is left as it is by then.',
  }),
};

export const tableOptions = z.strictObject({
  table: z.string().min(1).meta({ description: 'Table or view to read, as it is called: case matters, no quotes.' }),
  schema: z.string().min(1).default('public').meta({ description: 'Schema of the table.' }),
  columns: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .meta({ description: 'Columns to read, in order. Default: all.' }),
  where: z.string().min(1).optional().meta({ description: 'SQL condition on the rows to read.' }),
  splitBy: z
    .union([z.string().min(1), z.literal(false)])
    .optional()
    .meta({
      description: 'Column to split the table by, or false for one split. Default: the column of a unique key.',
    }),
  splitRows: z.int().min(1).default(500_000).meta({ description: 'Rows of a split, about.' }),
  ...sharedOptions,
});

export const queryOptions = z.strictObject(sharedOptions);

export type PostgresTableOptions = z.input<typeof tableOptions>;
export type ParsedTableOptions = z.output<typeof tableOptions>;
export type PostgresQueryOptions = z.input<typeof queryOptions>;
export type ParsedQueryOptions = z.output<typeof queryOptions>;
