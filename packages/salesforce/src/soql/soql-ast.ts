/** A name as written. Offsets count UTF-16 units of the query text, from 0. */
export interface NameNode {
  readonly text: string;
  readonly offset: number;
}

/** A dotted name, such as `Account.Owner.Name`. */
export interface FieldNode {
  readonly kind: 'field';
  readonly path: readonly string[];
  readonly offset: number;
}

export interface CallNode {
  readonly kind: 'call';
  /** In upper case. */
  readonly name: string;
  readonly args: readonly (ExpressionNode | LiteralNode)[];
  readonly offset: number;
  /** Just behind the closing parenthesis. */
  readonly end: number;
}

export type ExpressionNode = FieldNode | CallNode;

export type LiteralType =
  | 'text'
  | 'number'
  | 'currency'
  | 'boolean'
  | 'null'
  | 'date'
  | 'datetime'
  | 'time'
  | 'relativeDate';

/** What kind of value stands where. The value itself is nobody's concern here, so no message can show it. */
export interface LiteralNode {
  readonly kind: 'literal';
  readonly type: LiteralType;
  readonly offset: number;
}

/** One comparison. How comparisons are joined is checked when parsing and not kept: nothing depends on it. */
export interface ConditionNode {
  readonly left: ExpressionNode;
  /** In upper case, such as `=`, `NOT IN`. */
  readonly operator: string;
  readonly values: readonly LiteralNode[];
  /** Of a semi-join or anti-join. */
  readonly subquery: QueryNode | undefined;
}

export type SelectNode =
  | { readonly kind: 'expression'; readonly expression: ExpressionNode; readonly alias: NameNode | undefined }
  | { readonly kind: 'subquery'; readonly offset: number }
  | { readonly kind: 'typeof'; readonly offset: number };

/** A clause by the words that open it, such as `GROUP BY`, in upper case. */
export interface ClauseNode {
  readonly name: string;
  readonly offset: number;
}

export interface QueryNode {
  readonly select: readonly SelectNode[];
  readonly from: NameNode;
  /** Names given in FROM, in lower case, and the path each stands for; the empty path is the object itself. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  /** Those behind FROM, in order. */
  readonly clauses: readonly ClauseNode[];
  /** Of WHERE alone, in order. */
  readonly conditions: readonly ConditionNode[];
  readonly orderBy: readonly ExpressionNode[];
  readonly limit: number | undefined;
}
