import * as z from 'zod';

/** What every contender that works on the database gets. */
export const postgresInput = z.object({
  host: z.string(),
  port: z.int(),
  database: z.string(),
  user: z.string(),
  /** The rows as CSV, every cell in quotes. */
  path: z.string(),
  /** Read from, or written to. */
  table: z.string(),
  /** Where a table is to be written to that is there already. */
  isThere: z.boolean().default(false),
  /** Of a range of the table that is read as one. */
  splitRows: z.int().default(500_000),
});

export type PostgresInput = z.output<typeof postgresInput>;
