import type { AfterRows, IngestJob } from '../bulk-ingest/ingest-job.ts';
import type { QueryJob } from '../bulk-query/query-job.ts';
import type { FaultAction } from './fault-action.ts';

/**
 * The job that the request creates or names will end as `Failed` with this text. Of an ingest job, the rows after
 * `afterRows` (default 0) are unprocessed.
 */
export function failJob(errorMessage: string, options?: AfterRows): FaultAction {
  return jobFault((job) => job.failWith(errorMessage, options));
}

/** As `failJob`, because rows of other jobs are locked for too long. */
export function failJobByLocks(options?: AfterRows): FaultAction {
  return failJob('TooManyLockFailure : Too many lock failure 201 Trying again later.', options);
}

/** The job stays in the state it is in after the request; an ingest job stays in progress after `afterRows` rows. */
export function hangJob(options?: AfterRows): FaultAction {
  return jobFault((job) => job.hold(options));
}

/** The job is gone, results and all, as soon as the request is answered: 404 from then on. */
export function vanishJob(): FaultAction {
  return {
    after: (reply, { jobs, ingestJobs, jobId }) => {
      if (jobId !== undefined) {
        jobs.remove(jobId);
        ingestJobs.remove(jobId);
      }
      return reply;
    },
  };
}

function jobFault(
  change: (job: Pick<IngestJob, 'failWith' | 'hold'> | Pick<QueryJob, 'failWith' | 'hold'>) => void,
): FaultAction {
  return {
    after: (reply, { jobs, ingestJobs, jobId }) => {
      const job = jobId === undefined ? undefined : (jobs.get(jobId) ?? ingestJobs.get(jobId));
      if (job !== undefined) change(job);
      return reply;
    },
  };
}
