import * as z from 'zod';

import { UNVERIFIED_ROW_ERRORS, type UnverifiedRowError } from './row-fault.ts';

const HOUR_MS = 3_600_000;

// The keys of an object literal are its key type's.
const rowError = z.enum(Object.keys(UNVERIFIED_ROW_ERRORS) as [UnverifiedRowError, ...UnverifiedRowError[]]);

/** What ingest jobs do where Salesforce's behaviour varies or is not known. */
export const ingestOptions = z.strictObject({
  queuedMs: z.number().min(0).default(0).meta({ description: 'Time in `UploadComplete`.' }),
  runningMs: z.number().min(0).default(0).meta({ description: 'Least time in `InProgress`.' }),
  hold: z.boolean().default(false).meta({ description: 'Jobs move on by `job.tick()` and `job.step()` alone.' }),
  chunkRows: z.int().min(1).default(200).meta({ description: 'Rows that are saved in one transaction.' }),
  chunksPerPoll: z.int().min(1).default(50).meta({ description: 'Chunks that are saved from one poll to the next.' }),
  openMs: z
    .number()
    .min(1)
    .default(24 * HOUR_MS)
    .meta({ description: 'A job left open dies after that long.' }),
  openEnd: z
    .enum(['Aborted', 'Failed', 'gone'])
    .default('Aborted')
    .meta({ unverified: true, description: 'What becomes of it then.' }),
  secondUpload: z
    .enum(['rejectAtPut', 'rejectAtClose'])
    .default('rejectAtPut')
    .meta({ unverified: true, description: 'Where the second upload of a job is refused.' }),
  uploadBase64Bytes: z
    .int()
    .min(1)
    .default(150_000_000)
    .meta({ description: 'Most bytes of an upload, counted in base64.' }),
  requireLength: z
    .boolean()
    .default(false)
    .meta({ description: 'Uploads without `Content-Length` are refused with 411, as by some proxies.' }),
  dailyRecords: z.int().min(0).default(150_000_000).meta({ description: 'Rows per 24 hours.' }),
  hardDelete: z
    .boolean()
    .default(false)
    .meta({ description: 'The user may use `hardDelete` ("Bulk API Hard Delete").' }),
  viewAllData: z
    .boolean()
    .default(true)
    .meta({ description: 'The user may upsert by an external id that is not unique ("View All Data").' }),
  embeddedLineFeeds: z
    .enum(['keep', 'failJob'])
    .default('keep')
    .meta({ unverified: true, description: 'A line feed within quotes is data, or the line ending is invalid.' }),
  unknownColumns: z
    .enum(['failJob', 'ignore'])
    .default('failJob')
    .meta({ unverified: true, description: 'A column without a field fails the job, or does not count.' }),
  lookupMiss: z.enum(['rejectRow', 'failJob']).default('rejectRow').meta({
    unverified: true,
    description: 'A relationship column that finds no parent, or several, rejects the row or fails the job.',
  }),
  duplicateKeys: z.enum(['rejectLater', 'rejectAll']).default('rejectLater').meta({
    unverified: true,
    description: 'Which of the rows with one external id in a chunk are rejected.',
  }),
  unknownPicklistValues: z
    .enum(['store', 'reject'])
    .default('store')
    .meta({ description: 'What an unrestricted picklist does with a value it does not know.' }),
  datesWithOffset: z
    .boolean()
    .default(false)
    .meta({ unverified: true, description: 'Dates may be followed by `Z` or an offset.' }),
  resultValues: z.enum(['typed', 'stored', 'sent']).default('typed').meta({
    unverified: true,
    description: 'Result files hold numbers, dates and ids as read and text as sent, or all as stored, or all as sent.',
  }),
  resultColumns: z.enum(['matched', 'fieldsOnly']).default('matched').meta({
    unverified: true,
    description: 'Columns that come back in result files: all that count, or those that are fields.',
  }),
  shuffleResults: z.boolean().default(true).meta({ description: 'Rows of result files come in another order.' }),
  rowErrors: z
    .partialRecord(rowError, z.string())
    .default({})
    .meta({ unverified: true, description: 'Other texts for row errors that nobody has recorded.' }),
});

export type IngestSettings = z.output<typeof ingestOptions>;
