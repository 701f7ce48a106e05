import { SluiceError, type Context } from '@sluice/core';
import * as z from 'zod';

import type { JobReference } from '../bulk-job/bulk-job.ts';
import type { OrgAnswer, SalesforceHttp } from '../http/salesforce-http.ts';
import { jobPath } from './query-job.ts';

const link = z.string().min(1);

/** Two shapes are known, and the documentation spells the continuation in two ways. */
const pagesResponse = z.looseObject({
  resultPages: z.array(z.looseObject({ resultUrl: link.optional(), resultLink: link.optional() })).optional(),
  resultChunks: z.array(z.looseObject({ resultUrl: link.optional(), resultLink: link.optional() })).optional(),
  nextRecordsUrl: link.nullish(),
  nextRecordUrl: link.nullish(),
  done: z.boolean().optional(),
});

type PagesResponse = z.output<typeof pagesResponse>;

/** The pages of one answer, and where it came from. */
export interface PageList {
  readonly path: string;
  /** Path and query of each page. */
  readonly pages: readonly string[];
}

/**
 * The paths of a complete job's result pages, asked for five at a time as they are needed; from `start`, the path of an
 * earlier list, on.
 *
 * Bulk API 2.0 Developer Guide, "Get Parallel Results for a Query Job", read 2026-11.
 *
 * @throws `RESPONSE_INVALID` for an unknown shape, a link to another job, or one that comes twice.
 */
export async function* listResultPages(
  http: SalesforceHttp,
  job: JobReference,
  ctx: Context,
  start = `${jobPath(job)}/resultPages`,
): AsyncGenerator<PageList, void, undefined> {
  const what = `list the result pages of query job ${job.id}`;
  const seen = new Set([start]);
  let path: string | undefined = start;
  while (path !== undefined) {
    const { value }: OrgAnswer<PagesResponse> = await http.json(
      { what, method: 'GET', path, safe: true },
      pagesResponse,
      ctx,
    );
    const entries = value.resultPages ?? value.resultChunks;
    if (entries === undefined) throw invalidList(what, 'it holds no list of pages');
    const pages = entries.map((entry) => firstSight(entry.resultUrl ?? entry.resultLink, job, seen, what));
    yield { path, pages };
    const next: string | null | undefined = value.nextRecordsUrl ?? value.nextRecordUrl;
    if (value.done === false && next == null) throw invalidList(what, 'it is not done and names no continuation');
    path = value.done === true || next == null ? undefined : firstSight(next, job, seen, what);
  }
}

/** Path and query of a link, which may be absolute, or relative to the API's root. */
function pathOfLink(link: string, apiVersion: string): string {
  const origin = 'https://org.invalid';
  const rooted = /^[a-z]+:\/\//i.test(link)
    ? link
    : /^\/?services\/data\//.test(link)
      ? `${origin}/${link.replace(/^\/+/, '')}`
      : `${origin}/services/data/v${apiVersion}/${link.replace(/^\/+/, '')}`;
  const url = URL.canParse(rooted) ? new URL(rooted) : undefined;
  return url === undefined ? '' : url.pathname + url.search;
}

function firstSight(link: string | undefined, job: JobReference, seen: Set<string>, what: string): string {
  if (link === undefined) throw invalidList(what, 'an entry has no link');
  const path = pathOfLink(link, job.apiVersion);
  // Ids come with 15 or 18 characters; the first 15 tell the job.
  if (!path.includes(`/jobs/query/${job.id.slice(0, 15)}`)) throw invalidList(what, 'a link leads to another job');
  if (seen.has(path)) throw invalidList(what, 'a link comes twice');
  seen.add(path);
  return path;
}

function invalidList(what: string, problem: string): SluiceError {
  return new SluiceError('RESPONSE_INVALID', `${what}: the answer makes no sense: ${problem}`, {
    hint: 'Set `parallelPages: false` to read the pages one after another.',
  });
}
