import type { EmulatorParts } from '../emulator-parts.ts';
import { ApiFault } from '../http/api-fault.ts';
import { emptyReply, jsonReply, type Reply } from '../http/reply.ts';
import type { Call, Route } from '../http/router.ts';
import { recordId } from '../org/record-id.ts';
import { createdJob, jobCore, type JobJsonOptions, jobStatus, listedJob } from './job-json.ts';
import { parseAbort, parseJobRequest } from './job-request.ts';
import type { QueryJob } from './query-job.ts';

const JOBS = '/services/data/:version/jobs/query';
const JOB = `${JOBS}/:id`;
const SINCE = 47;

/** Query jobs: create, list, status, abort, delete. */
export function jobRoutes(parts: EmulatorParts): readonly Route[] {
  const { jobs, org, options } = parts;
  const json: JobJsonOptions = { userId: org.userId, ...options.jobs };
  const named = ({ params, aboutJob }: Call): QueryJob => {
    const job = jobs.require(params['id'] ?? '');
    aboutJob(job.id);
    return job;
  };
  return [
    {
      method: 'POST',
      path: JOBS,
      since: SINCE,
      handle: async ({ request, version, aboutJob }) => {
        const job = jobs.create(await parseJobRequest(request, version));
        aboutJob(job.id);
        return jsonReply(createdJob(job, json));
      },
    },
    { method: 'GET', path: JOBS, since: SINCE, handle: (call) => listJobs(parts, call, json) },
    {
      method: 'GET',
      path: JOB,
      since: SINCE,
      handle: (call) => {
        const job = named(call);
        job.poll();
        return jsonReply(jobStatus(job, json));
      },
    },
    {
      method: 'PATCH',
      path: JOB,
      since: SINCE,
      handle: async (call) => {
        const job = named(call);
        await parseAbort(call.request);
        job.abort();
        return jsonReply(jobCore(job, json));
      },
    },
    {
      method: 'DELETE',
      path: JOB,
      since: SINCE,
      handle: (call) => {
        const job = named(call);
        if (!job.isTerminal) {
          const message = 'Error encountered when deleting the job because the job is not terminated';
          throw new ApiFault(400, 'API_ERROR', message);
        }
        jobs.remove(job.id);
        return emptyReply(204);
      },
    },
  ];
}

function listJobs({ jobs, options }: EmulatorParts, { request, version }: Call, json: JobJsonOptions): Reply {
  const { query } = request;
  const [, start] = /-(\d+)$/.exec(query.get('queryLocator') ?? '-0') ?? [];
  if (start === undefined) throw new ApiFault(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  const listed = isListed(query) ? jobs.all : [];
  const end = Number(start) + options.jobs.listRows;
  const done = end >= listed.length;
  return jsonReply({
    done,
    records: listed.slice(Number(start), end).map((job) => listedJob(job, json)),
    // As documented: the path of the ingest jobs, even in the list of query jobs.
    nextRecordsUrl: done ? null : `/services/data/v${version}/jobs/ingest?queryLocator=${recordId('01g', 1)}-${end}`,
  });
}

/** Whether the filters let query jobs of Bulk API 2.0 through, which are parallel and not chunked on request. */
function isListed(query: URLSearchParams): boolean {
  const jobType = query.get('jobType') ?? 'V2Query';
  const mode = query.get('concurrencyMode') ?? 'parallel';
  return jobType === 'V2Query' && mode.toLowerCase() === 'parallel' && query.get('isPkChunkingEnabled') !== 'true';
}
