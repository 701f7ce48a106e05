import { isSortable } from '../org/field-capabilities.ts';
import { compileExpression, TEXT_TYPES } from './expression-compiler.ts';
import { isDecimalText } from './literal-value.ts';
import type { QueryScope } from './query-scope.ts';
import type { ExpressionNode, QueryNode } from './soql-ast.ts';

/**
 * The terms of ORDER BY: text ignoring case, nulls first unless the query says last. Rows that compare equal come in
 * the order of `tieBreaker`.
 */
export function compileOrder(
  scope: QueryScope,
  { orderBy }: QueryNode,
  isAllowed: (node: ExpressionNode) => boolean,
  tieBreaker: string,
): string {
  const terms = orderBy.map(({ expression: node, descending, nullsLast }) => {
    const expression = compileExpression(scope, node);
    const { field, type, sql, offset, isAggregate } = expression;
    if (!isAllowed(node)) {
      throw scope.fault(offset, 'MALFORMED_QUERY', `Ordered field must be grouped or aggregated: ${field.name}`);
    }
    if (!isAggregate && (!isSortable(field) || expression.functions.includes('FORMAT'))) {
      throw scope.fault(offset, 'INVALID_FIELD', `field '${field.name}' can not be sorted in a query call`);
    }
    const isText = TEXT_TYPES.has(type) && !isAggregate;
    const key = isText ? `fold(${sql})` : isDecimalText(type, isAggregate, scope) ? `decimal_key(${sql})` : sql;
    return `${key} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsLast ? 'LAST' : 'FIRST'}`;
  });
  return [...terms, tieBreaker].join(', ');
}

/** A key that puts rows in an order drawn from a seed: a mix of bits that gives every row number another key. */
export function shuffleKey(rowNumber: string, seed: number): string {
  const start = `((${rowNumber} * 2654435761 + ${Math.trunc(Math.abs(seed)) % 4_294_967_296} * 40503) & 4294967295)`;
  const folded = `((${start} | (${start} >> 15)) - (${start} & (${start} >> 15)))`;
  return `((${folded} * 1540483477) & 4294967295)`;
}
