import { parseSoql } from '../soql/parse-soql.ts';
import type { ObjectRequest, SoqlRequest } from '../soql/query-plan.ts';

/** What a query tells by itself, before the org is asked. */
export interface QueryFacts {
  /** As written; undefined when the query cannot be read, which planning reports. */
  readonly object: string | undefined;
  readonly isOrdered: boolean;
  /** A filter may leave any number of rows. */
  readonly isFiltered: boolean;
  /** Of LIMIT. */
  readonly maxRows: number | undefined;
}

const UNFILTERED_CLAUSES = new Set(['ORDER BY', 'LIMIT']);

export function factsOf(request: SoqlRequest | ObjectRequest): QueryFacts {
  if ('object' in request) {
    const { object, where } = request;
    return { object, isOrdered: false, isFiltered: where !== undefined, maxRows: undefined };
  }
  const { query } = parseSoql(request.soql);
  return {
    object: query?.from.text,
    isOrdered: query !== undefined && query.orderBy.length > 0,
    isFiltered: query?.clauses.some(({ name }) => !UNFILTERED_CLAUSES.has(name)) ?? true,
    maxRows: query?.limit,
  };
}
