import { jsonText } from '../http/json-text.ts';
import type { QueryJob } from './query-job.ts';

export interface JobJsonOptions {
  readonly userId: string;
  readonly countersWhileRunning: 'zero' | 'absent';
  readonly chunkingFact: boolean;
}

/** The ten keys that the answer to an abort has. */
export function jobCore(job: QueryJob, { userId }: JobJsonOptions): object {
  return {
    id: job.id,
    operation: job.request.operation,
    object: job.objectName,
    createdById: userId,
    createdDate: bulkInstant(job.createdMs),
    systemModstamp: bulkInstant(job.stateMs),
    state: job.state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: jsonText(job.request.version),
  };
}

export function createdJob(job: QueryJob, options: JobJsonOptions): object {
  const { lineEnding, columnDelimiter } = job.request;
  return { ...jobCore(job, options), lineEnding, columnDelimiter };
}

/** As the list of jobs shows them: without counters. */
export function listedJob(job: QueryJob, options: JobJsonOptions): object {
  const { lineEnding, columnDelimiter } = job.request;
  return { ...jobCore(job, options), jobType: 'V2Query', lineEnding, columnDelimiter };
}

export function jobStatus(job: QueryJob, options: JobJsonOptions): object {
  const { countersWhileRunning, chunkingFact } = options;
  const counters = {
    numberRecordsProcessed: job.totalRows,
    retries: 0,
    totalProcessingTime: job.isTerminal ? Math.round(job.stateMs - job.createdMs) : 0,
  };
  return {
    ...listedJob(job, options),
    ...(job.isTerminal || countersWhileRunning === 'zero' ? counters : {}),
    ...(chunkingFact ? { isPkChunkingSupported: true } : {}),
    ...(job.errorMessage === undefined ? {} : { errorMessage: job.errorMessage }),
  };
}

/** Milliseconds are always zero, and the offset has no colon. */
export function bulkInstant(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('Z', '+0000');
}
