import type { QueryScope } from './query-scope.ts';
import type { ExpressionNode } from './soql-ast.ts';

export interface ConditionContext {
  readonly scope: QueryScope;
  readonly nowMs: number;
  readonly includeDeleted: boolean;
  readonly semiJoins: SemiJoinLimits;
  /** Whether the clause may hold the expression: no aggregate in WHERE, nothing ungrouped in HAVING. */
  readonly isAllowed: (node: ExpressionNode) => boolean;
}

/** Where sub-selects may stand: at most two in a statement, not within OR, not within one another. */
export interface SemiJoinLimits {
  /** A new sub-select: its number from 1, and what forbids it. */
  readonly enter: () => { readonly number: number; readonly problem: string | undefined };
  readonly withinOr: () => SemiJoinLimits;
}

const MOST_SEMI_JOINS = 2;

export function semiJoinLimits(): SemiJoinLimits {
  let count = 0;
  const limits = (isWithinOr: boolean): SemiJoinLimits => ({
    enter: () => {
      count += 1;
      const tooMany = `Maximum ${MOST_SEMI_JOINS} semi join sub-selects are allowed`;
      if (count > MOST_SEMI_JOINS) return { number: count, problem: tooMany };
      const inOr = "Semi join sub-selects are not allowed with the 'OR' operator";
      return { number: count, problem: isWithinOr ? inOr : undefined };
    },
    withinOr: () => limits(true),
  });
  return limits(false);
}

/** The limits within a sub-select. */
export const NO_SEMI_JOINS: SemiJoinLimits = {
  enter: () => ({ number: 0, problem: 'Nesting of semi join sub-selects is not supported' }),
  withinOr: () => NO_SEMI_JOINS,
};
