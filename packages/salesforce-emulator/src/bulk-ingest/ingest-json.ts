import { bulkInstant } from '../bulk-query/job-json.ts';
import { jsonText } from '../http/json-text.ts';
import type { IngestJob } from './ingest-job.ts';

/** Since this API version the status of a finished job says so; seen in recordings. */
const CHUNKING_FACT_SINCE = 61;

/** What the answer to closing and aborting has. */
export function ingestCore(job: IngestJob, userId: string): object {
  const { operation, externalIdFieldName, assignmentRuleId, version } = job.request;
  return {
    id: job.id,
    operation,
    object: job.objectName,
    createdById: userId,
    createdDate: bulkInstant(job.createdMs),
    systemModstamp: bulkInstant(job.stateMs),
    state: job.state,
    ...(externalIdFieldName === undefined ? {} : { externalIdFieldName }),
    ...(assignmentRuleId === undefined ? {} : { assignmentRuleId }),
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: jsonText(version),
  };
}

export function createdIngestJob(job: IngestJob, userId: string): object {
  const { lineEnding, columnDelimiter } = job.request;
  return { ...ingestCore(job, userId), ...contentUrl(job), lineEnding, columnDelimiter };
}

/** As the list of jobs shows them: without counters. */
export function listedIngestJob(job: IngestJob, userId: string): object {
  const { lineEnding, columnDelimiter } = job.request;
  return { ...ingestCore(job, userId), jobType: 'V2Ingest', ...contentUrl(job), lineEnding, columnDelimiter };
}

export function ingestStatus(job: IngestJob, userId: string): object {
  const { processingMs, processedRows, failedRows, errorMessage, isTerminal } = job;
  const hasCounters = job.hasData || job.state !== 'Open';
  return {
    ...listedIngestJob(job, userId),
    ...(hasCounters ? { numberRecordsProcessed: processedRows, numberRecordsFailed: failedRows } : {}),
    retries: 0,
    totalProcessingTime: isTerminal ? processingMs : 0,
    apiActiveProcessingTime: processingMs,
    apexProcessingTime: 0,
    ...(isTerminal && Number(job.request.version) >= CHUNKING_FACT_SINCE ? { isPkChunkingSupported: false } : {}),
    ...(errorMessage === undefined ? {} : { errorMessage }),
  };
}

/** Neither a host nor a slash in front, as recorded. */
function contentUrl({ id, state, request }: IngestJob): object {
  return state === 'Open' ? { contentUrl: `services/data/v${request.version}/jobs/ingest/${id}/batches` } : {};
}
