import { isGroupable } from '../org/field-capabilities.ts';
import { compileExpression, type Expression, isAggregateCall, TEXT_TYPES } from './expression-compiler.ts';
import type { QueryScope } from './query-scope.ts';
import { refuseDuplicates, type SelectedColumn } from './select-compiler.ts';
import type { ExpressionNode, QueryNode } from './soql-ast.ts';

export interface Grouping {
  readonly columns: readonly SelectedColumn[];
  readonly groupBy: readonly string[];
  /** Whether an expression has one value in a group: an aggregate, or what the rows are grouped by. */
  readonly isGrouped: (node: ExpressionNode) => boolean;
}

export function isGroupedQuery({ select, groupBy, having }: QueryNode): boolean {
  const hasAggregate = select.some((item) => item.kind === 'expression' && isAggregateCall(item.expression));
  return hasAggregate || groupBy.length > 0 || having !== undefined;
}

/** The columns and groups of a query with aggregates or GROUP BY; text is grouped ignoring case. */
export function compileGrouping(scope: QueryScope, query: QueryNode): Grouping {
  if (query.groupingSetsOffset !== undefined) {
    const message = 'GROUP BY ROLLUP and GROUP BY CUBE are not supported by this emulator';
    throw scope.fault(query.groupingSetsOffset, 'MALFORMED_QUERY', message);
  }
  const groups = query.groupBy.map((node) => groupExpression(scope, node));
  const keys = new Set(groups.map(({ sql }) => sql));
  const isGrouped = (node: ExpressionNode): boolean =>
    isAggregateCall(node) || keys.has(compileExpression(scope, node).sql);
  let unnamed = 0;
  const columns = query.select.map((item): SelectedColumn => {
    if (item.kind !== 'expression') {
      const offset = item.kind === 'subquery' ? item.query.from.offset : item.offset;
      throw scope.fault(offset, 'MALFORMED_QUERY', 'a grouped query selects fields and aggregates alone');
    }
    const expression = compileExpression(scope, item.expression);
    if (!isGrouped(item.expression)) {
      const message = `Field must be grouped or aggregated: ${expression.field.name}`;
      throw scope.fault(expression.offset, 'MALFORMED_QUERY', message);
    }
    const isField = item.expression.kind === 'path';
    const header = item.alias?.name ?? (isField ? expression.field.name : `expr${unnamed++}`);
    const { field, type } = expression;
    return { result: { header, path: [header], field, type }, expression };
  });
  refuseDuplicates(columns.map(({ result }) => result.header));
  return { columns, groupBy: groups.map(groupSql), isGrouped };
}

function groupExpression(scope: QueryScope, node: ExpressionNode): Expression {
  const expression = compileExpression(scope, node);
  const { field, functions, offset } = expression;
  const isDateFunction = functions.length > 0 && expression.resolved !== undefined && !expression.isAggregate;
  if (expression.isAggregate || (!isDateFunction && !isGroupable(field))) {
    throw scope.fault(offset, 'INVALID_FIELD', `field '${field.name}' can not be grouped in a query call`);
  }
  return expression;
}

function groupSql({ sql, type }: Expression): string {
  return TEXT_TYPES.has(type) ? `${sql} COLLATE NOCASE` : sql;
}
