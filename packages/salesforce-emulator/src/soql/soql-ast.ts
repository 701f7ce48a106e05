/** A dotted name as written: `Account.Owner.Name`. */
export interface PathNode {
  readonly kind: 'path';
  readonly parts: readonly string[];
  readonly offset: number;
}

export interface CallNode {
  readonly kind: 'call';
  /** In upper case. */
  readonly name: string;
  readonly args: readonly (ExpressionNode | LiteralNode)[];
  readonly offset: number;
}

export type ExpressionNode = PathNode | CallNode;

export type LiteralKind = 'string' | 'number' | 'boolean' | 'null' | 'date' | 'datetime' | 'time' | 'relativeDate';

export interface LiteralNode {
  readonly kind: 'literal';
  readonly type: LiteralKind;
  /** Of a string its value, of a relative date its name in upper case, else the text as written. */
  readonly value: string;
  /** Of a string: as a LIKE pattern. */
  readonly pattern: string;
  /** Of a relative date: the number after the colon, where there is one. */
  readonly count: number | undefined;
  readonly offset: number;
}

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE';

export type ConditionNode =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly ConditionNode[] }
  | { readonly kind: 'not'; readonly term: ConditionNode }
  | {
      readonly kind: 'compare';
      readonly left: ExpressionNode;
      readonly operator: ComparisonOperator;
      readonly right: LiteralNode;
      readonly offset: number;
    }
  | {
      readonly kind: 'in' | 'includes';
      readonly left: ExpressionNode;
      readonly negated: boolean;
      readonly values: readonly LiteralNode[];
      readonly offset: number;
    }
  | {
      readonly kind: 'semiJoin';
      readonly left: ExpressionNode;
      readonly negated: boolean;
      readonly query: QueryNode;
      readonly offset: number;
    };

export type SelectNode =
  | { readonly kind: 'expression'; readonly expression: ExpressionNode; readonly alias: AliasNode | undefined }
  | { readonly kind: 'fields'; readonly group: string; readonly offset: number }
  | { readonly kind: 'subquery'; readonly query: QueryNode; readonly offset: number }
  | { readonly kind: 'typeof'; readonly offset: number };

export interface AliasNode {
  readonly name: string;
  readonly offset: number;
}

export interface OrderNode {
  readonly expression: ExpressionNode;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

export interface QueryNode {
  readonly select: readonly SelectNode[];
  /** The name after FROM; for a child subquery the relationship's name. */
  readonly from: AliasNode;
  /** Names given in FROM, in lower case, and the path each stands for (empty: the object itself). */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly scope: AliasNode | undefined;
  readonly where: ConditionNode | undefined;
  readonly groupBy: readonly ExpressionNode[];
  /** Where `GROUP BY ROLLUP` or `CUBE` stands, if it does. */
  readonly groupingSetsOffset: number | undefined;
  readonly having: ConditionNode | undefined;
  readonly orderBy: readonly OrderNode[];
  readonly limit: number | undefined;
  readonly offset: { readonly rows: number; readonly offset: number } | undefined;
}
