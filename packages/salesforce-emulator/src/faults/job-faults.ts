import type { QueryJob } from '../bulk-query/query-job.ts';
import type { FaultAction } from './fault-action.ts';

/** The job that the request creates or names will end as `Failed` with this text. */
export function failJob(errorMessage: string): FaultAction {
  return jobFault((job) => job.failWith(errorMessage));
}

/** The job stays in the state it is in after the request. */
export function hangJob(): FaultAction {
  return jobFault((job) => job.hold());
}

/** The job is gone, results and all, as soon as the request is answered: 404 from then on. */
export function vanishJob(): FaultAction {
  return {
    after: (reply, { jobs, jobId }) => {
      if (jobId !== undefined) jobs.remove(jobId);
      return reply;
    },
  };
}

function jobFault(change: (job: QueryJob) => void): FaultAction {
  return {
    after: (reply, { jobs, jobId }) => {
      const job = jobId === undefined ? undefined : jobs.get(jobId);
      if (job !== undefined) change(job);
      return reply;
    },
  };
}
