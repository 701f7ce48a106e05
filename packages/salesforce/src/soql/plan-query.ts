import { SluiceError, type Context } from '@sluice/core';

import { MAX_SOQL_CHARACTERS } from '../limits.ts';
import type { OrgClient } from '../org/org-client.ts';
import { orgCatalog, type OrgCatalog } from '../schema/org-catalog.ts';
import { draftFromObject } from './object-draft.ts';
import type { DraftOptions } from './query-draft.ts';
import { queryNotes } from './query-notes.ts';
import type { QueryPlan, QueryRequest } from './query-plan.ts';
import { queryError, type QueryProblem } from './query-problem.ts';
import { nameCollisions, querySchema } from './query-schema.ts';
import { draftFromSoql } from './soql-draft.ts';

/**
 * Checks a query against the language, the Bulk API and the org's metadata, and says what is sent and what comes back.
 * Starts nothing.
 *
 * @throws `QUERY_INVALID`, `QUERY_UNSUPPORTED`, `OBJECT_UNKNOWN`, `FIELD_UNKNOWN`, with every problem that could be
 * found, each with its place, and all of them in the details.
 */
export async function planQuery(client: OrgClient, request: QueryRequest, ctx: Context): Promise<QueryPlan> {
  return await planInCatalog(orgCatalog(client, ctx), client.apiVersion, request);
}

/** `planQuery`, from metadata wherever it comes from. */
export async function planInCatalog(
  catalog: OrgCatalog,
  apiVersion: string,
  request: QueryRequest,
): Promise<QueryPlan> {
  const { includeDeletedObjects = false, base64 = 'error', decimals, picklists = 'text', strict = false } = request;
  const options: DraftOptions = { apiVersion, strict, base64 };
  const draft =
    'soql' in request
      ? await draftFromSoql(requireText(request.soql), options, catalog)
      : await draftFromObject(request, options, catalog);
  const { object, soql, query, queryText, columns } = draft;
  const problems = [...draft.problems, ...nameCollisions(columns), ...tooLong(soql)];
  if (problems.length > 0) throw queryError(problems, queryText);

  const types = { widen: decimals?.excessDigits === 'widen', dictionaries: picklists === 'dictionary' };
  return {
    object: object.name,
    operation: includeDeletedObjects ? 'queryAll' : 'query',
    soql,
    columns: columns.map(({ header }) => ({ header, name: header })),
    schema: querySchema(object.name, columns, types),
    isOrdered: query?.clauses.some(({ name }) => name === 'ORDER BY') ?? false,
    notes: queryNotes(draft, await catalog.userName()),
  };
}

/** Names written out can make a short query long. */
function tooLong({ length }: string): readonly QueryProblem[] {
  if (length <= MAX_SOQL_CHARACTERS) return [];
  const message = `with its fields written out the query has ${length} characters; ${MAX_SOQL_CHARACTERS} are allowed`;
  const hint = 'Read some of the fields in another query and join the rows on Id.';
  return [{ code: 'QUERY_UNSUPPORTED', message, hint }];
}

/** Callers in JavaScript, and configurations, may bring anything. */
function requireText(soql: unknown): string {
  if (typeof soql === 'string') return soql;
  throw new SluiceError('QUERY_INVALID', `the query is not a text`, { hint: 'Give the SOQL as a string.' });
}
