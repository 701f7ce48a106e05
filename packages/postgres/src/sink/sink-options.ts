import * as z from 'zod';

export const sinkOptions = z.strictObject({
  table: z.string().min(1).meta({ description: 'Table to write to, as it is called: case matters, no quotes.' }),
  schema: z.string().min(1).default('public').meta({ description: 'Schema of the table.' }),
  createTable: z
    .boolean()
    .default(false)
    .meta({ description: 'Create the table if it is missing. With mode create it always is.' }),
  preCopyScript: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'SQL to run first in the transaction that makes the rows visible.' }),
  duplicateKeys: z
    .enum(['reject', 'lastWins'])
    .default('reject')
    .meta({ description: 'upsert: what becomes of rows that repeat the key of an earlier row.' }),
  writers: z.int().min(1).max(64).default(4).meta({ description: 'Connections that write at once.' }),
  partRows: z.int().min(1).optional().meta({ description: 'Rows in one transaction of the staging, at most.' }),
});

export type PostgresSinkOptions = z.input<typeof sinkOptions>;
export type ParsedSinkOptions = z.output<typeof sinkOptions>;
