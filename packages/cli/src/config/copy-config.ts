import * as z from 'zod';

import { filesConfig } from './files-config.ts';
import { salesforceConfig } from './salesforce-config.ts';

const milliseconds = z.int().min(0);

const retryConfig = z.strictObject({
  attempts: z.int().min(1).exactOptional().meta({ description: 'Attempts in all, the first included. Default: 5.' }),
  baseMs: milliseconds
    .exactOptional()
    .meta({ description: 'Bound of the first delay, in milliseconds; it doubles with each attempt. Default: 500.' }),
  maxMs: milliseconds.exactOptional().meta({ description: 'Bound of every delay, in milliseconds. Default: 30,000.' }),
  maxRetryAfterMs: milliseconds.exactOptional().meta({
    description: 'A remote side that asks for a longer wait is not waited for, in milliseconds. Default: 600,000.',
  }),
});

/** What `sluice copy` reads: where from, where to, and how. */
export const copyConfig = z.strictObject({
  from: z
    .strictObject({ salesforce: salesforceConfig.meta({ description: 'A query on a Salesforce org.' }) })
    .meta({ description: 'Where the rows come from.' }),
  to: z
    .strictObject({ files: filesConfig.meta({ description: 'Files in a folder of this machine.' }) })
    .meta({ description: 'Where the rows go.' }),
  mode: z.enum(['create', 'overwrite', 'append']).exactOptional().meta({
    description:
      'create refuses when something is there (default); overwrite replaces it at the end, in a folder every file that was there; append adds files to a folder.',
  }),
  truncateWhenEmpty: z.boolean().exactOptional().meta({
    description: 'With overwrite: no rows at all remove what is there. Default: false, they leave it.',
  }),
  parallelism: z.int().min(1).exactOptional().meta({ description: 'Splits read at once. Default: 4.' }),
  prefetch: z.int().min(0).exactOptional().meta({ description: 'Batches read ahead of the writer. Default: 1.' }),
  batchRows: z.int().min(1).exactOptional().meta({ description: 'Rows per batch at most. Default: 65,536.' }),
  batchBytes: z.int().min(1).exactOptional().meta({ description: 'Bytes per batch at most. Default: 4 MiB.' }),
  maxRejects: z
    .union([z.int().min(0), z.literal('unlimited')], { error: 'must be a whole number, or unlimited' })
    .exactOptional()
    .meta({ description: 'Rejected rows the run takes before it fails, or unlimited. Default: 0.' }),
  retry: retryConfig.exactOptional().meta({ description: 'How often and after what delays requests are repeated.' }),
  cleanupMs: milliseconds.exactOptional().meta({
    description: 'Bound on ending and removing what a run has started, in milliseconds. Default: 10,000.',
  }),
});

export type CopyConfig = z.output<typeof copyConfig>;
