import * as z from 'zod';

import { filesConfig, filesSourceConfig } from './files-config.ts';
import { mappingConfig } from './mapping-config.ts';
import { salesforceConfig, salesforceSinkConfig } from './salesforce-config.ts';

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

interface Ends {
  readonly salesforce?: unknown;
  readonly files?: unknown;
}

function isOne({ salesforce, files }: Ends): boolean {
  return (salesforce === undefined) !== (files === undefined);
}

/** What is wrong with an end is told before how many there are. */
function isSound({ issues }: z.core.ParsePayload): boolean {
  return issues.length === 0;
}

/** What `sluice copy` reads: where from, where to, and how. */
export const copyConfig = z.strictObject({
  from: z
    .strictObject({
      salesforce: salesforceConfig.exactOptional().meta({ description: 'A query on a Salesforce org.' }),
      files: filesSourceConfig.exactOptional().meta({ description: 'Files in a folder of this machine.' }),
    })
    .refine(isOne, { error: 'needs either salesforce or files', when: isSound })
    .meta({ description: 'Where the rows come from.' }),
  to: z
    .strictObject({
      files: filesConfig.exactOptional().meta({ description: 'Files in a folder of this machine.' }),
      salesforce: salesforceSinkConfig.exactOptional().meta({ description: 'An object of a Salesforce org.' }),
    })
    .refine(isOne, { error: 'needs either files or salesforce', when: isSound })
    .meta({ description: 'Where the rows go.' }),
  map: mappingConfig
    .exactOptional()
    .meta({ description: 'Which columns go there, and as what. Default: all, as they are.' }),
  rejected: filesConfig.exactOptional().meta({ description: 'Where rejected rows go, with the reasons.' }),
  written: filesConfig
    .exactOptional()
    .meta({ description: 'Where written rows go, with the ids that the target gave them.' }),
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
    .union([z.int().min(0), z.literal('unlimited'), z.strictObject({ share: z.number().min(0).max(1) })], {
      error: 'must be a whole number, unlimited, or a share from 0 to 1',
    })
    .exactOptional()
    .meta({
      description: 'Rejected rows the run takes before it fails: how many, which share, or unlimited. Default: 0.',
    }),
  maxInDoubt: z
    .union([z.int().min(0), z.literal('unlimited')], { error: 'must be a whole number, or unlimited' })
    .exactOptional()
    .meta({
      description:
        'Rows of which nobody can say whether they were written that the run takes before it fails. Default: 0.',
    }),
  rowAttempts: z
    .int()
    .min(1)
    .exactOptional()
    .meta({ description: 'How often a row is sent that the target refuses for a passing reason. Default: 5.' }),
  retry: retryConfig.exactOptional().meta({ description: 'How often and after what delays requests are repeated.' }),
  cleanupMs: milliseconds.exactOptional().meta({
    description: 'Bound on ending and removing what a run has started, in milliseconds. Default: 10,000.',
  }),
});

export type CopyConfig = z.output<typeof copyConfig>;
