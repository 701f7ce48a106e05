import type { EmulatorParts } from '../emulator-parts.ts';
import { notFound } from '../http/api-fault.ts';
import { type Body, jsonReply, type Reply } from '../http/reply.ts';
import type { Call, Route } from '../http/router.ts';
import { UnverifiedFault } from '../http/unverified-errors.ts';
import type { QueryJob } from './query-job.ts';
import type { ResultPlace } from './result-locators.ts';

const JOB = '/services/data/:version/jobs/query/:id';
const LINKS_PER_LIST = 5;
const BYTES_PER_MB = 1_048_576;

/** The pages of a complete job's result, and the list of links to them. */
export function resultRoutes(parts: EmulatorParts): readonly Route[] {
  return [
    { method: 'GET', path: `${JOB}/results`, since: 47, handle: (call) => resultPage(parts, call) },
    // Documented in both spellings.
    ...['resultPages', 'resultpages'].map((name): Route => {
      return { method: 'GET', path: `${JOB}/${name}`, since: 58, handle: (call) => pageLinks(parts, call) };
    }),
  ];
}

function resultPage({ jobs, options, quotas }: EmulatorParts, call: Call): Reply {
  const job = completeJob(jobs.require(call.params['id'] ?? ''), call);
  const result = job.requireResult();
  const { kind, offset } = placeOf(job, call, { kind: 'page', offset: 0 });
  if (kind === 'list') throw new UnverifiedFault('badLocator');
  const { pageRows, pageTimeoutMs } = options.results;
  const limit = kind === 'link' ? pageRows : Math.min(maxRecords(call), pageRows);
  const rows = Math.max(0, Math.min(limit, result.totalRows - offset));
  const end = offset + rows;
  const { body, gzipBody } = result.page(offset, rows);
  const use = (bytes: number): void => quotas.use('DailyBulkV2QueryFileStorageMB', bytes / BYTES_PER_MB);
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/csv; charset=UTF-8',
      'Sforce-NumberOfRecords': String(rows),
      'Sforce-Locator': end < result.totalRows ? job.locators.give({ kind: 'page', offset: end }) : 'null',
    },
    body: counted(body, use),
    ...(gzipBody === undefined ? {} : { gzipBody: counted(gzipBody, use) }),
    timeoutMs: pageTimeoutMs,
  };
}

function pageLinks({ jobs, options }: EmulatorParts, call: Call): Reply {
  const { parallelPages, continuationKey, pageRows } = options.results;
  if (parallelPages === 'absent') throw notFound();
  const job = completeJob(jobs.require(call.params['id'] ?? ''), call);
  const { totalRows } = job.requireResult();
  const { kind, offset } = placeOf(job, call, { kind: 'list', offset: 0 });
  if (kind !== 'list') throw new UnverifiedFault('badLocator');
  const end = offset + LINKS_PER_LIST * pageRows;
  const offsets = [offset];
  while (offsets.length < LINKS_PER_LIST && offsets.at(-1)! + pageRows < totalRows) {
    offsets.push(offsets.at(-1)! + pageRows);
  }
  const path = `/jobs/query/${job.id}`;
  const rooted = `/services/data/v${call.version}${path}`;
  const links = offsets.map((from) => `results?locator=${locator(job, { kind: 'link', offset: from })}`);
  const done = end >= totalRows;
  const next = done ? null : `${rooted}/resultpages?locator=${locator(job, { kind: 'list', offset: end })}`;
  return jsonReply({
    ...(parallelPages === 'resultPages'
      ? { resultPages: links.map((link) => ({ resultUrl: `${rooted}/${link}` })) }
      : { resultChunks: links.map((link) => ({ resultLink: `${path}/${link}` })) }),
    ...(continuationKey === 'nextRecordUrl' ? {} : { nextRecordsUrl: next }),
    ...(continuationKey === 'nextRecordsUrl' ? {} : { nextRecordUrl: next }),
    done,
  });
}

/** @throws {ApiFault} 409 when the job was created with another API version. */
function completeJob(job: QueryJob, { version, aboutJob }: Call): QueryJob {
  aboutJob(job.id);
  if (job.request.version !== version) throw new UnverifiedFault('versionConflict');
  return job;
}

function placeOf(job: QueryJob, { request }: Call, start: ResultPlace): ResultPlace {
  const given = request.query.get('locator');
  if (given === null) return start;
  const place = job.locators.find(given);
  if (place === undefined) throw new UnverifiedFault('badLocator');
  return place;
}

function locator(job: QueryJob, place: ResultPlace): string {
  return encodeURIComponent(job.locators.give(place));
}

function maxRecords({ request }: Call): number {
  const text = request.query.get('maxRecords');
  if (text === null) return Infinity;
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new UnverifiedFault('badMaxRecords');
  return Number(text);
}

async function* counted(body: Body, count: (bytes: number) => void): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of body) {
    count(chunk.length);
    yield chunk;
  }
}
