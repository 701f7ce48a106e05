import * as z from 'zod';

/** What every contender of the query suite gets. */
export const queryInput = z.object({
  url: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  soql: z.string(),
  /** For those who can choose. */
  gzip: z.boolean().default(true),
});

export type QueryInput = z.output<typeof queryInput>;

export const API_VERSION = '64.0';
