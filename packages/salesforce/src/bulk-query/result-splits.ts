import { SluiceError, type Context } from '@sluice/core';

import type { SalesforceHttp } from '../http/salesforce-http.ts';
import { MIN_PARALLEL_PAGES_API_VERSION } from '../limits.ts';
import { majorVersion } from '../org/api-version.ts';
import type { JobMemo, JobRecord } from './job-memo.ts';
import type { PageSplit, QuerySplit } from './query-state.ts';
import type { ReadyJob } from './ready-job.ts';
import { listResultPages, type PageList } from './result-pages.ts';
import { assertTotalRows } from './row-totals.ts';

export interface SplitOptions {
  readonly isOrdered: boolean;
  readonly parallelPages: boolean;
  readonly pageRows: number;
}

/**
 * A complete job's result as splits: its pages, where the org lists them, else all of it as one, read page after page.
 *
 * The choice is made once, before the first split. Rows the user wants in order are read one after another, since
 * nothing promises that listed pages follow each other.
 */
export async function* splitResult(
  http: SalesforceHttp,
  ready: ReadyJob,
  options: SplitOptions,
  memo: JobMemo,
  ctx: Context,
  after?: QuerySplit,
): AsyncGenerator<QuerySplit, void, undefined> {
  if (after?.kind === 'sequence') return;
  const lists =
    after === undefined
      ? await firstLists(http, ready, options, memo, ctx)
      : listResultPages(http, ready.job, ctx, after.list);
  if (lists === undefined) {
    yield { v: 1, kind: 'sequence', ...common(ready), pageRows: options.pageRows };
    return;
  }
  yield* pageSplits(lists, ready, memo, after);
}

async function* pageSplits(
  lists: AsyncIterable<PageList>,
  ready: ReadyJob,
  memo: JobMemo,
  after: PageSplit | undefined,
): AsyncGenerator<QuerySplit, void, undefined> {
  let page = after === undefined ? 0 : after.page - after.entry;
  let isBehind = after === undefined;
  for await (const { path: list, pages } of lists) {
    if (!isBehind && after !== undefined && pages[after.entry] !== after.path) throw changedList(ready.job);
    for (const [entry, path] of pages.entries()) {
      if (isBehind || entry > (after?.entry ?? -1)) {
        yield { v: 1, kind: 'page', ...common(ready), page, path, list, entry };
      }
      page += 1;
    }
    isBehind = true;
  }
  await memo.setPages(page);
  assertTotalRows(memo, ready.job, ready.rows);
}

/** The lists of pages, the first one fetched; undefined where the result is to be read in sequence. */
async function firstLists(
  http: SalesforceHttp,
  { job, rows }: ReadyJob,
  { isOrdered, parallelPages }: SplitOptions,
  memo: JobMemo,
  ctx: Context,
): Promise<AsyncIterable<PageList> | undefined> {
  const known = memo.layout();
  if (known === 'pages') return listResultPages(http, job, ctx);
  if (known === undefined && parallelPages && !isOrdered) {
    const problem = await tryLists(http, job, rows, ctx);
    if (typeof problem !== 'string') {
      await memo.setLayout('pages');
      return problem;
    }
    const message = `The result of query job ${job.id} is read page after page: ${problem}.`;
    await ctx.note({ code: 'PARALLEL_PAGES_UNAVAILABLE', message });
  }
  await memo.setLayout('sequence');
  return undefined;
}

/** The lists, or why there are none. */
async function tryLists(
  http: SalesforceHttp,
  job: JobRecord,
  rows: number | undefined,
  ctx: Context,
): Promise<AsyncIterable<PageList> | string> {
  if (majorVersion(job.apiVersion) < MIN_PARALLEL_PAGES_API_VERSION) {
    return `API version ${job.apiVersion} has no parallel pages, ${MIN_PARALLEL_PAGES_API_VERSION}.0 and later have`;
  }
  try {
    const lists = listResultPages(http, job, ctx);
    const { value: first } = await lists.next();
    if (first === undefined || (first.pages.length === 0 && rows !== 0)) return 'the org lists no pages';
    return startingWith(first, lists);
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (!SluiceError.is(error) || error.code === 'AUTH_REJECTED' || error.code === 'QUOTA_EXCEEDED') throw error;
    return `the org does not list its pages (${error.code})`;
  }
}

async function* startingWith(
  first: PageList,
  rest: AsyncIterable<PageList>,
): AsyncGenerator<PageList, void, undefined> {
  yield first;
  yield* rest;
}

function common({ job: { id, apiVersion, orgId }, rows }: ReadyJob): Pick<QuerySplit, 'job' | 'rows'> {
  return { job: { id, apiVersion, orgId }, rows: rows ?? null };
}

function changedList({ id }: JobRecord): SluiceError {
  return new SluiceError('RESPONSE_INVALID', `query job ${id} no longer lists the pages it listed before`, {
    hint: 'Start a new run; with `parallelPages: false` no list is needed.',
    details: { job: id },
  });
}
