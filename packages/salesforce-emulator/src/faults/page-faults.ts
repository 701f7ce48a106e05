import type { QueryJob } from '../bulk-query/query-job.ts';
import { withBody } from '../http/reply.ts';
import type { FaultAction, FaultScene } from './fault-action.ts';
import { changeJson } from './json-faults.ts';

interface ServedPage {
  readonly job: QueryJob;
  readonly offset: number;
  readonly rows: number;
}

/** A full page has the rows of the page before it: two locators, one page. */
export function repeatPage(): FaultAction {
  return pageFault(({ offset, rows }) => (offset % rows === 0 ? Math.max(0, offset - rows) : offset));
}

/** Pages come in another order: each two that follow each other, both of them full, have changed places. */
export function swapPages(): FaultAction {
  return pageFault(({ job, offset, rows }) => {
    const isSecond = (offset / rows) % 2 === 1;
    const other = isSecond ? offset - rows : offset + rows;
    return other + rows <= job.totalRows ? other : offset;
  });
}

/** A page names as its successor the page behind it: one is left out. */
export function skipPage(): FaultAction {
  return {
    after: (reply, scene) => {
      const page = servedPage(reply.headers['Sforce-NumberOfRecords'], scene);
      const offset = (page?.offset ?? 0) + 2 * (page?.rows ?? 0);
      if (page === undefined || offset >= page.job.totalRows) return reply;
      const locator = page.job.locators.give({ kind: 'page', offset });
      return { ...reply, headers: { ...reply.headers, 'Sforce-Locator': locator } };
    },
  };
}

/** The list of links to pages begins with its last one. */
export function reorderPageLinks(): FaultAction {
  return linkFault((links) => links.toReversed());
}

/** The first link comes twice in the list. */
export function repeatPageLink(): FaultAction {
  return linkFault((links) => [...links.slice(0, 1), ...links]);
}

/** The last link is missing in the list. */
export function losePageLink(): FaultAction {
  return linkFault((links) => links.slice(0, -1));
}

/** The body is not compressed, whatever the client asked for. */
export function refuseGzip(): FaultAction {
  return { after: (reply) => ({ ...reply, isPlain: true }) };
}

/** The rows of the page come from another place of the result; its headers stay. */
function pageFault(move: (page: ServedPage) => number): FaultAction {
  return {
    after: (reply, scene) => {
      const page = servedPage(reply.headers['Sforce-NumberOfRecords'], scene);
      if (page === undefined) return reply;
      return withBody(reply, page.job.requireResult().page(move(page), page.rows).body);
    },
  };
}

function servedPage(rows: string | undefined, { request, jobs, jobId = '' }: FaultScene): ServedPage | undefined {
  const job = jobs.get(jobId);
  if (job === undefined || rows === undefined || Number(rows) === 0) return undefined;
  const offset = job.locators.find(request.query.get('locator') ?? '')?.offset ?? 0;
  return { job, offset, rows: Number(rows) };
}

/** In both spellings of the list. */
function linkFault(change: (links: readonly unknown[]) => readonly unknown[]): FaultAction {
  return changeJson((value) => {
    if (typeof value !== 'object' || value === null) return {};
    const entries = Object.entries(value).map(([key, entry]: [string, unknown]) =>
      Array.isArray(entry) ? [key, change(entry)] : [key, entry],
    );
    return Object.fromEntries(entries) as object;
  });
}
