import { encodeSchema, type Context, type Plan } from '@sluice/core';

import type { OrgClient } from '../org/org-client.ts';
import { planQuery } from '../soql/plan-query.ts';
import type { QueryRequest } from '../soql/query-plan.ts';
import { choosePageRows, estimateRowBytes } from './page-rows.ts';
import { estimateQuery } from './query-estimate.ts';
import type { QueryFacts } from './query-facts.ts';
import type { ParsedQueryOptions } from './query-options.ts';
import type { QueryState } from './query-state.ts';

/** Refuses what a query job would, types the columns, and writes down all that reading needs to know. */
export async function planRun(
  client: OrgClient,
  request: QueryRequest,
  { isFiltered, maxRows }: QueryFacts,
  { pageSize }: ParsedQueryOptions,
  ctx: Context,
): Promise<Plan<QueryState>> {
  const planned = await planQuery(client, request, ctx);
  const { object, operation, soql, columns, schema, isOrdered } = planned;
  const { orgId } = await client.identity(ctx);
  const rowBytes = estimateRowBytes(schema);
  const pageRows = pageSize ?? choosePageRows(rowBytes);
  const { estimate, notes } = await estimateQuery(client, { object, rowBytes, pageRows, isFiltered, maxRows }, ctx);
  const state: QueryState = {
    v: 1,
    orgId,
    apiVersion: client.apiVersion,
    object,
    operation,
    soql,
    headers: columns.map(({ header }) => header),
    schema: encodeSchema(schema),
    isOrdered,
    pageRows,
  };
  return { state, schema, estimate, notes: [...planned.notes, ...notes] };
}
