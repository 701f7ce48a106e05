import * as z from 'zod';

import { MAX_PAGE_ROWS } from '../limits.ts';
import { queryHandle } from './query-handle.ts';

const milliseconds = z.int().min(1);
const names = z.array(z.string().min(1));

/** An object as a whole, or some of its fields and rows. */
export const objectQuery = z.strictObject({
  object: z.string().min(1).meta({ description: 'API name of the object.' }),
  fields: z
    .strictObject({
      include: names.exactOptional().meta({
        description: 'Fields to read, in this order; paths to parents are allowed. Default: every field of the object.',
      }),
      exclude: names.exactOptional().meta({ description: 'Fields to leave out.' }),
    })
    .exactOptional()
    .meta({ description: 'Which fields to read, by API name in any case.' }),
  where: z.string().min(1).exactOptional().meta({ description: 'What would follow WHERE.' }),
});

/** How a query is read. */
export const queryOptions = z.strictObject({
  includeDeletedObjects: z.boolean().default(false).meta({
    description: 'Read rows in the recycle bin and archived ones, too.',
  }),
  base64: z.enum(['error', 'skip']).default('error').meta({
    description:
      'What becomes of base64 fields, which no query job returns: refused by name, or left out where they were not named one by one.',
  }),
  decimals: z
    .strictObject({ excessDigits: z.enum(['round', 'error', 'widen']) })
    .default({ excessDigits: 'round' })
    .meta({
      description:
        'Fraction digits beyond the declared scale: rounded half away from zero and counted, a reject of the row, or room for them planned.',
    }),
  picklists: z.enum(['text', 'dictionary']).default('text').meta({
    description: 'Picklist columns as plain text, or encoded as Arrow dictionaries.',
  }),
  strict: z.boolean().default(false).meta({
    description: 'Refuse ORDER BY and LIMIT, as Azure Data Factory does.',
  }),
  pageSize: z.int().min(1).max(MAX_PAGE_ROWS).optional().meta({
    description:
      'Rows per result page where pages are read one after another. Default: about 32 MB of them. Pages that the org lists, to be read in parallel, are as large as the org makes them.',
  }),
  parallelPages: z.boolean().default(true).meta({
    description: 'Read result pages in parallel where the org offers it; rows of an ordered query never are.',
  }),
  keepJob: z
    .boolean()
    .optional()
    .meta({ description: 'Leave the query job in the org. Default: only a job the run was attached to stays.' }),
  waitTimeoutMs: milliseconds.optional().meta({
    description:
      'Bound on the wait for the query job, in milliseconds: then the run fails with WAIT_TIMEOUT and a handle, and the job goes on. Default: none.',
  }),
  queryTimeoutMs: milliseconds.optional().meta({
    description:
      'Bound on the query job, from its creation, in milliseconds: then it is aborted and deleted. Default: none.',
  }),
  poll: z
    .strictObject({
      firstMs: milliseconds
        .default(1_000)
        .meta({ description: 'Before the first question about the job, in milliseconds.' }),
      startMs: milliseconds
        .default(1_000)
        .meta({ description: 'Before the second, in milliseconds; it grows by half each time.' }),
      maxMs: milliseconds.default(30_000).meta({ description: 'Between two questions at most, in milliseconds.' }),
    })
    .prefault({})
    .meta({ description: 'Each question is one API call of the org; a quarter is added or taken at random.' }),
  handle: queryHandle.optional().meta({
    description: 'A query job of another run to read, in place of a new one; the query must be the same.',
  }),
});

export type ObjectQuery = z.input<typeof objectQuery>;
export type BulkQueryOptions = z.input<typeof queryOptions>;
export type ParsedQueryOptions = z.output<typeof queryOptions>;
