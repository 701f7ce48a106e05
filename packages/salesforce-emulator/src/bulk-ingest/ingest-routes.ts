import type { EmulatorParts } from '../emulator-parts.ts';
import { ApiFault } from '../http/api-fault.ts';
import { type Body, emptyReply, jsonReply, type Reply } from '../http/reply.ts';
import type { Call, Route } from '../http/router.ts';
import { recordId } from '../org/record-id.ts';
import type { IngestJob } from './ingest-job.ts';
import { createdIngestJob, ingestCore, ingestStatus, listedIngestJob } from './ingest-json.ts';
import { parseIngestCreation, parseIngestState, requireCsvUpload } from './ingest-request.ts';

const JOBS = '/services/data/:version/jobs/ingest';
const JOB = `${JOBS}/:id`;
const SINCE = 41;

/** Ingest jobs: create, upload, close, abort, status, list, results, delete. */
export function ingestRoutes(parts: EmulatorParts): readonly Route[] {
  const { ingestJobs, org } = parts;
  const named = ({ params, aboutJob }: Call): IngestJob => {
    const job = ingestJobs.require(params['id'] ?? '');
    aboutJob(job.id);
    return job;
  };
  const route = (method: string, path: string, handle: Route['handle']): Route => {
    return { method, path, since: SINCE, handle };
  };
  return [
    route('POST', JOBS, (call) => createJob(parts, call)),
    route('GET', JOBS, (call) => listJobs(parts, call)),
    route('PUT', `${JOB}/batches`, (call) => uploadRows(parts, call, named(call))),
    route('GET', JOB, async (call) => {
      const job = named(call);
      await job.poll();
      return jsonReply(ingestStatus(job, org.userId));
    }),
    route('PATCH', JOB, async (call) => {
      const job = named(call);
      const state = await parseIngestState(call.request);
      if (state === 'Aborted') await job.abort();
      else job.close();
      return jsonReply(ingestCore(job, org.userId));
    }),
    route('DELETE', JOB, (call) => {
      const job = named(call);
      if (job.state === 'Open' || job.state === 'InProgress') {
        const message = 'Error encountered when deleting the job because the job is not terminated';
        throw new ApiFault(400, 'API_ERROR', message);
      }
      ingestJobs.remove(job.id);
      return emptyReply(204);
    }),
    route('GET', `${JOB}/successfulResults`, (call) => csvReply(named(call).successfulResults())),
    route('GET', `${JOB}/failedResults`, (call) => failedResults(parts, call, named)),
    // Documented in lower case; clients use both.
    ...['unprocessedrecords', 'unprocessedRecords'].map((name) =>
      route('GET', `${JOB}/${name}`, (call) => csvReply(named(call).unprocessedRecords())),
    ),
  ];
}

async function createJob({ ingestJobs, org }: EmulatorParts, { request, version, aboutJob }: Call): Promise<Reply> {
  const { request: creation, content } = await parseIngestCreation(request, version);
  const job = ingestJobs.create(creation);
  aboutJob(job.id);
  if (content !== undefined) {
    await job.upload([Buffer.from(content)]);
    job.close();
  }
  return jsonReply(createdIngestJob(job, org.userId));
}

async function uploadRows({ options }: EmulatorParts, { request }: Call, job: IngestJob): Promise<Reply> {
  if (options.ingest.requireLength && request.headers['content-length'] === undefined) return lengthRequired();
  requireCsvUpload(request);
  await job.upload(request.body());
  return emptyReply(201);
}

/** As a proxy on the way says it. */
function lengthRequired(): Reply {
  const html = '<html><head><title>411 Length Required</title></head><body><h1>411 Length Required</h1></body></html>';
  return { status: 411, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: [Buffer.from(html)] };
}

/** As recorded, the id of a query job gets the header row. */
function failedResults({ jobs }: EmulatorParts, call: Call, named: (call: Call) => IngestJob): Reply {
  if (jobs.get(call.params['id'] ?? '') !== undefined) return csvReply([Buffer.from('"sf__Id","sf__Error"\n')]);
  return csvReply(named(call).failedResults());
}

function csvReply(body: Body): Reply {
  return { status: 200, headers: { 'Content-Type': 'text/csv; charset=UTF-8' }, body };
}

function listJobs({ ingestJobs, org, options }: EmulatorParts, { request, version }: Call): Reply {
  const { query } = request;
  const [, start] = /-(\d+)$/.exec(query.get('queryLocator') ?? '-0') ?? [];
  if (start === undefined) throw new ApiFault(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  const isListed = (query.get('jobType') ?? 'V2Ingest') === 'V2Ingest' && query.get('isPkChunkingEnabled') !== 'true';
  const listed = isListed ? ingestJobs.all : [];
  const end = Number(start) + options.jobs.listRows;
  const done = end >= listed.length;
  return jsonReply({
    done,
    records: listed.slice(Number(start), end).map((job) => listedIngestJob(job, org.userId)),
    nextRecordsUrl: done ? null : `/services/data/v${version}/jobs/ingest?queryLocator=${recordId('01g', 1)}-${end}`,
  });
}
