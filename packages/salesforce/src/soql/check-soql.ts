import type { SluiceError } from '@sluice/core';

import { refusedConstructs, type RuleScope } from './construct-rules.ts';
import { constructUses, usesOfClauses } from './construct-uses.ts';
import { refusedObject } from './object-verdict.ts';
import { parseSoql } from './parse-soql.ts';
import { queryError, type QueryProblem } from './query-problem.ts';

/**
 * What can be known to be wrong with a query without asking an org: its grammar, and what query jobs refuse. One error
 * with all of it, or nothing.
 */
export function checkSoql(soql: string, scope: RuleScope): SluiceError | undefined {
  const parsed = parseSoql(soql);
  const problems: QueryProblem[] = [];
  if (parsed.query === undefined) {
    problems.push(...refusedConstructs(usesOfClauses(parsed.clauses), scope), parsed.problem);
  } else {
    const { from } = parsed.query;
    const refusal = refusedObject(from.text);
    problems.push(...refusedConstructs(constructUses(parsed.query), scope));
    if (refusal !== undefined) problems.push({ ...refusal, offset: from.offset });
  }
  return problems.length === 0 ? undefined : queryError(problems, { text: soql, label: 'the query', start: 0 });
}
