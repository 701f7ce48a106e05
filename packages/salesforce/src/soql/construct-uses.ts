import type { ConstructUse } from './construct-rules.ts';
import { aggregateUse } from './select-columns.ts';
import type { QueryNode, SelectNode } from './soql-ast.ts';

export function usesOfClauses(clauses: QueryNode['clauses']): readonly ConstructUse[] {
  return clauses.map(({ name, offset }) => ({ construct: name, offset }));
}

/** Everything in a query that some interface may refuse. */
export function constructUses({ clauses, select }: QueryNode): readonly ConstructUse[] {
  return [...select.flatMap((item) => selectUse(item) ?? []), ...usesOfClauses(clauses)];
}

function selectUse(item: SelectNode): ConstructUse | undefined {
  if (item.kind === 'typeof') return { construct: 'TYPEOF', offset: item.offset };
  if (item.kind === 'subquery') return { construct: 'a subquery for child records', offset: item.offset };
  return aggregateUse(item.expression);
}
