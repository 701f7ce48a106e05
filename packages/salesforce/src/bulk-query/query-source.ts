import type { Delivery, Json, LeftBehind, Plan, Source } from '@sluice/core';

import { checkOrg } from '../org/check-org.ts';
import { discoverObjects } from '../org/discover-objects.ts';
import type { OrgClient } from '../org/org-client.ts';
import { noteRowVisibility } from '../org/row-visibility.ts';
import type { ObjectRequest, SoqlRequest } from '../soql/query-plan.ts';
import { cleanUpJob } from './job-cleanup.ts';
import { jobMemo } from './job-memo.ts';
import { planRun } from './plan-run.ts';
import { factsOf } from './query-facts.ts';
import { queryDigest } from './query-handle.ts';
import type { ParsedQueryOptions } from './query-options.ts';
import { parseSplit, parseState, type QueryPosition, type QuerySplit, type QueryState } from './query-state.ts';
import { readSplit } from './read-split.ts';
import { readyJob } from './ready-job.ts';
import { splitResult } from './result-splits.ts';

export type QuerySource = Source<QueryState, QuerySplit, QueryPosition>;

/**
 * Reads one query through a Bulk API 2.0 query job.
 *
 * Splits are the pages of the result, read in parallel where the org lists them; else the result is one split, read page
 * after page. The job is created with the first split and deleted after the sink's commit; a run that is abandoned
 * aborts and deletes it. A resumed run reads the job of the run before with the API version it was created with.
 *
 * Rows of every page are counted against `Sforce-NumberOfRecords`, and those of all pages against the job. Where rows
 * have their `Id`, a page that stands in for another is noticed, too. Memory: one batch and one chunk of the response per
 * split.
 *
 * Bulk API 2.0 Developer Guide, "Bulk API 2.0 Query", read 2026-11.
 *
 * @throws what the plan refuses; `JOB_FAILED`, `JOB_GONE`; `WAIT_TIMEOUT` with a handle in its details;
 * `DEADLINE_EXCEEDED`; `COUNT_MISMATCH`, `RESPONSE_TRUNCATED` (read again), `SCHEMA_CHANGED`; `SOURCE_CHANGED`,
 * `RESPONSE_INVALID` for pages that are not what they were or ought to be; `RUN_MISMATCH`.
 */
export function querySource(
  client: OrgClient,
  query: SoqlRequest | ObjectRequest,
  options: ParsedQueryOptions,
): QuerySource {
  const facts = factsOf(query);
  const { includeDeletedObjects, base64, decimals, picklists, strict, keepJob, parallelPages } = options;
  const planned = { includeDeletedObjects, base64, decimals, picklists, strict };

  return {
    contractVersion: 1,
    name: 'salesforce query',
    // What decides on the rows and their types; how long to wait may change from one attempt to the next.
    config: { environmentUrl: client.environmentUrl, query: configOf(query), ...planned },
    traits: { ordered: facts.isOrdered, positions: true },

    async check(ctx) {
      await checkOrg(client, ctx);
      if (facts.object !== undefined) await noteRowVisibility(client, facts.object, ctx);
    },

    discover: (ctx) => discoverObjects(client, ctx),

    plan: async (ctx): Promise<Plan<QueryState>> =>
      await planRun(client, { ...query, ...planned }, facts, options, ctx),

    async *splits(plan, ctx, after): AsyncGenerator<QuerySplit, void, undefined> {
      const state = parseState(plan);
      const memo = jobMemo(ctx.memo);
      const ready = await readyJob(client, state, options, memo, ctx);
      const { isOrdered, pageRows } = state;
      const layout = { isOrdered, pageRows, parallelPages };
      yield* splitResult(client.http, ready, layout, memo, ctx, after === undefined ? undefined : parseSplit(after));
    },

    read: (plan, split, ctx, from): AsyncIterable<Delivery<QueryPosition>> =>
      readSplit(client, { plan, split, from, decimals }, ctx),

    async finish(plan, end, ctx): Promise<readonly LeftBehind[]> {
      const { operation, soql } = parseState(plan);
      const cleanup = { end, keepJob, queryDigest: queryDigest(operation, soql) };
      return await cleanUpJob(client, jobMemo(ctx.memo), cleanup, ctx);
    },

    async [Symbol.asyncDispose]() {
      // Connections are the org's.
    },
  };
}

function configOf(query: SoqlRequest | ObjectRequest): Json {
  if ('soql' in query) return query.soql;
  const { object, fields, where } = query;
  return {
    object,
    ...(fields?.include === undefined ? {} : { include: fields.include }),
    ...(fields?.exclude === undefined ? {} : { exclude: fields.exclude }),
    ...(where === undefined ? {} : { where }),
  };
}
