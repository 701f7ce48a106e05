import { decodeSchema, SluiceError, type Context, type Delivery, type Json } from '@sluice/core';

import type { OrgClient } from '../org/org-client.ts';
import { assertSameOrg } from '../org/org-identity.ts';
import { jobMemo } from './job-memo.ts';
import type { ParsedQueryOptions } from './query-options.ts';
import {
  parsePosition,
  parseSplit,
  parseState,
  type PageSplit,
  type QueryPosition,
  type SequenceSplit,
} from './query-state.ts';
import { readPage, type PagePlace, type PageRows, type PageTypes } from './read-page.ts';
import { claimPage } from './repeated-page.ts';
import { openPage, pathOfLocator, type ResultPage } from './result-page.ts';
import { assertJobRows, assertTotalRows } from './row-totals.ts';

export interface SplitRequest {
  readonly plan: Json;
  readonly split: Json;
  readonly from: Json | undefined;
  readonly decimals: ParsedQueryOptions['decimals'];
}

const START: PagePlace = { row: 0 };

type Deliveries = AsyncGenerator<Delivery<QueryPosition>, void, undefined>;

/** The rows of a split behind a position, each page asked for when the rows before it are taken. */
export async function* readSplit(client: OrgClient, request: SplitRequest, ctx: Context): Deliveries {
  const { headers, schema } = parseState(request.plan);
  const split = parseSplit(request.split);
  const from = request.from === undefined ? undefined : parsePosition(request.from);
  assertSameOrg(split.job.orgId, await client.identity(ctx));
  const types = { headers, schema: decodeSchema(schema), decimals: request.decimals };
  yield* split.kind === 'page'
    ? readListedPage(client, split, types, from, ctx)
    : readSequence(client, split, types, from, ctx);
}

async function* readListedPage(
  { http }: OrgClient,
  split: PageSplit,
  types: PageTypes,
  from: QueryPosition | undefined,
  ctx: Context,
): Deliveries {
  const { page: number, job, rows, path } = split;
  const memo = jobMemo(ctx.memo);
  // Its locator would lead to a page that has a split of its own.
  using page = await openPage(http, job, { number, path }, ctx);
  for await (const { row, begin, isLast, delivery } of readClaimedPage(page, number, types, from ?? START, ctx)) {
    if (isLast) {
      await memo.setPageRows(number, row);
      assertTotalRows(memo, job, rows ?? undefined);
    }
    if (delivery !== undefined) yield { ...delivery, position: { v: 1, row, begin } };
  }
}

async function* readSequence(
  { http }: OrgClient,
  { job, rows, pageRows }: SequenceSplit,
  types: PageTypes,
  from: QueryPosition | undefined,
  ctx: Context,
): Deliveries {
  let locator: string | null = from?.locator ?? null;
  let pagesBefore = from?.pagesBefore ?? 0;
  let rowsBefore = from?.rowsBefore ?? 0;
  let place: PagePlace = from ?? START;
  const seen = new Set<string | null>();
  for (;;) {
    if (seen.has(locator)) throw repeatedLocator(job.id, pagesBefore);
    seen.add(locator);
    const path = pathOfLocator(job, locator, pageRows);
    const number = pagesBefore;
    using page = await openPage(http, job, { number, path }, ctx);
    const next = page.nextLocator;
    for await (const { row, begin, isLast, delivery } of readClaimedPage(page, number, types, place, ctx)) {
      if (isLast && next === undefined) assertJobRows(job, rows ?? undefined, rowsBefore + row, pagesBefore + 1);
      const position: QueryPosition =
        isLast && next !== undefined
          ? { v: 1, row: 0, locator: next, pagesBefore: pagesBefore + 1, rowsBefore: rowsBefore + row }
          : { v: 1, row, begin, locator, pagesBefore, rowsBefore };
      if (delivery !== undefined) yield { ...delivery, position };
      if (isLast) rowsBefore += row;
    }
    if (next === undefined) return;
    locator = next;
    pagesBefore += 1;
    place = START;
  }
}

/** Nothing of a page comes before it is certain that no other page had its rows. */
async function* readClaimedPage(
  page: ResultPage,
  number: number,
  types: PageTypes,
  from: PagePlace,
  ctx: Context,
): AsyncGenerator<PageRows, void, undefined> {
  let isClaimed = from.row > 0;
  for await (const rows of readPage(page, types, from, ctx)) {
    const { batch } = rows.delivery ?? {};
    if (!isClaimed && batch !== undefined && batch.numRows > 0) {
      await claimPage(jobMemo(ctx.memo), page.job, number, batch);
      isClaimed = true;
    }
    yield rows;
  }
}

function repeatedLocator(job: string, page: number): SluiceError {
  return new SluiceError(
    'RESPONSE_INVALID',
    `query job ${job}: result page ${page - 1} names as its successor a page that was read before`,
    { hint: 'Start a new run; report it to Salesforce if it happens again.', details: { job, page: page - 1 } },
  );
}
