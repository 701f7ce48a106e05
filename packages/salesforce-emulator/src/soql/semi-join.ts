import { type ConditionContext, NO_SEMI_JOINS } from './condition-context.ts';
import { compileExpression, type Expression, isAggregateCall } from './expression-compiler.ts';
import { QueryScope } from './query-scope.ts';
import type { ConditionNode, ExpressionNode } from './soql-ast.ts';
import { type Sql, sql } from './sql-fragment.ts';

/** `Id IN (SELECT AccountId FROM Opportunity WHERE ...)`. */
export function compileSemiJoin(
  left: Expression,
  { query, offset }: Extract<ConditionNode, { kind: 'semiJoin' }>,
  context: ConditionContext,
  compileCondition: (node: ConditionNode, context: ConditionContext) => Sql,
): Sql {
  const { scope } = context;
  const refuse = (message: string, at = offset): never => {
    throw scope.fault(at, 'MALFORMED_QUERY', message);
  };
  const { number, problem } = context.semiJoins.enter();
  if (problem !== undefined) refuse(problem);
  const [item, second] = query.select;
  if (item?.kind !== 'expression' || item.expression.kind !== 'path' || second !== undefined) {
    return refuse('semi join sub-selects must query exactly one field');
  }
  if (query.orderBy.length > 0 || query.limit !== undefined || query.offset !== undefined || query.groupBy.length > 0) {
    refuse('semi join sub-selects take no GROUP BY, ORDER BY, LIMIT or OFFSET');
  }
  const inner = new QueryScope(scope.source, scope.store, query, `s${number}_`);
  if (inner.root.object === scope.root.object) {
    refuse('The inner and outer selects should not be on the same object type', query.from.offset);
  }
  const selected = compileExpression(inner, item.expression);
  for (const { type, field } of [left, selected]) {
    if (type === 'id' || type === 'reference') continue;
    refuse(`semi joins compare ids; ${field.name} is neither Id nor a reference`);
  }
  const where: Sql[] = [];
  if (!context.includeDeleted) where.push(sql(`s${number}_0."IsDeleted" = 0`));
  if (query.where !== undefined) {
    const isAllowed = (node: ExpressionNode): boolean => !isAggregateCall(node);
    where.push(compileCondition(query.where, { ...context, scope: inner, semiJoins: NO_SEMI_JOINS, isAllowed }));
  }
  where.push(sql(`${selected.sql} IS NOT NULL`));
  const condition = where.map(({ text }) => text).join(' AND ');
  const select = `SELECT ${selected.sql} FROM ${inner.fromSql()} WHERE ${condition}`;
  return sql(`IFNULL(${left.sql} IN (${select}), 0)`, ...where.flatMap(({ params }) => params));
}
