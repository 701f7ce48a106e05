import type { ExpressionSource } from './expression-fault.ts';

/** Offsets count UTF-16 units from the start of the whole string. */
export interface LiteralNode {
  readonly kind: 'literal';
  readonly value: null | boolean | number | bigint | string;
  readonly offset: number;
}

export interface CallNode {
  readonly kind: 'call';
  /** As written; functions are found without regard to case. */
  readonly name: string;
  readonly args: readonly ExpressionNode[];
  readonly offset: number;
}

/** Members selected one after the other: `a.b`, `a?.b`, `a['b']`, `a[0]`. */
export interface PathNode {
  readonly kind: 'path';
  readonly root: LiteralNode | CallNode;
  /** At least one. */
  readonly steps: readonly PathStep[];
  readonly offset: number;
}

export type PathStep =
  | { readonly kind: 'member'; readonly name: string; readonly isOptional: boolean; readonly offset: number }
  | { readonly kind: 'index'; readonly index: ExpressionNode; readonly isOptional: boolean; readonly offset: number };

export type ExpressionNode = LiteralNode | CallNode | PathNode;

export type TemplateContent =
  /** A text without expressions, escapes resolved. */
  | { readonly kind: 'text'; readonly text: string }
  /** `@expr`: keeps the type of its value. */
  | { readonly kind: 'expression'; readonly expression: ExpressionNode }
  /** `text @{expr} text`: always a text. */
  | { readonly kind: 'interpolation'; readonly parts: readonly (string | ExpressionNode)[] };

/** A string of a JSON document, taken apart. */
export interface Template {
  readonly source: ExpressionSource;
  readonly content: TemplateContent;
}
