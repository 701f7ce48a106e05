import { Secret } from '@sluice/core';
import type * as z from 'zod';

import type { Resolved } from '../definition/value/resolved-value.ts';
import { type ExpressionValue, isArray } from '../expression/expression-value.ts';
import { checkEvaluated } from './check-evaluated.ts';

/** How the expressions of a definition are evaluated, and its secrets revealed. */
export interface Resolving {
  evaluate(json: unknown, path: string): ExpressionValue;
  reveal(secret: Secret): string;
}

export interface ResolvedProperties<Value> {
  /** With secrets revealed, for the one who uses it. */
  readonly value: Resolved<Value>;
  /** With secrets hidden, for records. */
  readonly shown: ExpressionValue;
  readonly hadSecret: boolean;
}

/**
 * Properties with their expressions evaluated, and held against their schema once more.
 *
 * @throws `EXPRESSION_INVALID`, `EXPRESSION_FAILED`; `CONFIG_INVALID` naming each property that is not as it should be.
 */
export function resolveProperties<Schema extends z.ZodType>(
  schema: Schema,
  json: unknown,
  path: string,
  { evaluate, reveal }: Resolving,
): ResolvedProperties<z.output<Schema>> {
  const shown = evaluate(json, path);
  let hadSecret = false;
  const plain = withSecrets(shown, (secret) => {
    hadSecret = true;
    return reveal(secret);
  });
  return { value: checkEvaluated(schema, plain, path), shown, hadSecret };
}

function withSecrets(value: ExpressionValue, reveal: (secret: Secret) => string): ExpressionValue {
  if (Secret.is(value)) return reveal(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.map((item) => withSecrets(item, reveal));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, member === undefined ? member : withSecrets(member, reveal)]),
  );
}
