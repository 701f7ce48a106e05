import * as z from 'zod';

import { MAX_UPLOAD_BYTES } from '../limits.ts';

const milliseconds = z.int().min(1);

/** What is written, and how. */
export const ingestOptions = z.strictObject({
  object: z.string().min(1).meta({ description: 'API name of the object to write.' }),
  operation: z.enum(['insert', 'upsert', 'update', 'delete', 'hardDelete']).default('insert').meta({
    description: 'What the org does with each row. `hardDelete` needs the permission "Bulk API Hard Delete".',
  }),
  externalId: z.string().min(1).optional().meta({
    description:
      'For `upsert`: the field that tells whether a row is there already, an external id or `Id`; the rows must have it.',
  }),
  assignmentRuleId: z
    .string()
    .regex(/^[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?$/, 'must be an id of 15 or 18 characters')
    .optional()
    .meta({ description: 'Assignment rule to run for cases and leads; needs API version 49.0.' }),
  ignoreNullValues: z.boolean().default(false).meta({
    description:
      'A null leaves the field as it is, or to its default, in place of clearing it. Empty text is as null: an org does not tell them apart.',
  }),
  requiredNulls: z.enum(['reject', 'leave']).default('reject').meta({
    description: 'A null for a field that cannot be null rejects its row, or leaves that field alone.',
  }),
  duplicateKeys: z.enum(['reject', 'lastWins', 'send']).default('reject').meta({
    description:
      'Rows of one job with the same key: all but the first are rejected, only the last is sent, or the org decides.',
  }),
  keysAreUnique: z.boolean().default(false).meta({
    description:
      'No two rows have the same key: jobs may run side by side, where else they run one after another so that rows with one key take effect in their order.',
  }),
  inexactNumbers: z.enum(['send', 'reject']).default('send').meta({
    description:
      'Numbers of more than 15 significant digits, which an org keeps as the nearest double: sent and counted, or a reject of the row.',
  }),
  controlCharacters: z.enum(['reject', 'send']).default('reject').meta({
    description:
      'Control characters in text, other than tab and line ends: a reject of the row, or sent. NUL never is.',
  }),
  picklists: z.enum(['ignore', 'warn', 'reject']).default('ignore').meta({
    description:
      'Values that a picklist does not have, which an unrestricted one stores: sent, sent and counted, or a reject of the row.',
  }),
  writeEncrypted: z.boolean().default(false).meta({
    description:
      'Write encrypted text fields: values that were read without the permission "View Encrypted Data" are masks, and would replace what is there.',
  }),
  groupBy: z.string().min(1).optional().meta({
    description:
      'A column, such as the id of a parent: rows of a job that agree in it are sent together, against lock contention.',
  }),
  writeBatchSize: z.int().min(1).max(150_000_000).default(100_000).meta({
    description: 'Rows of an ingest job, at most. Advised are 10,000 to 200,000.',
  }),
  maxUploadBytes: z.int().min(1).max(MAX_UPLOAD_BYTES).default(MAX_UPLOAD_BYTES).meta({
    description: 'Bytes of an ingest job, at most.',
  }),
  maxConcurrentConnections: z.int().min(1).max(100).optional().meta({
    description:
      'Ingest jobs and requests of this sink under way at once, at most. Default: 4. Always 1 where the order of rows matters: for `upsert`, `update` and `delete` without `keysAreUnique`.',
  }),
  deleteJobs: z.boolean().default(false).meta({
    description: 'Delete ingest jobs once their results are in. Default: they stay for administrators to look at.',
  }),
  jobTimeoutMs: milliseconds.optional().meta({
    description:
      'Bound on the processing of an ingest job, in milliseconds: then it is aborted, and the run fails. Default: none.',
  }),
  poll: z
    .strictObject({
      firstMs: milliseconds
        .default(1_000)
        .meta({ description: 'Before the first question about a job, in milliseconds.' }),
      startMs: milliseconds
        .default(1_000)
        .meta({ description: 'Before the second, in milliseconds; it grows by half each time.' }),
      maxMs: milliseconds.default(30_000).meta({ description: 'Between two questions at most, in milliseconds.' }),
    })
    .prefault({})
    .meta({ description: 'Each question is one API call of the org; a quarter is added or taken at random.' }),
});

export type IngestOptions = z.input<typeof ingestOptions>;
export type ParsedIngestOptions = z.output<typeof ingestOptions>;
