import { Secret, SluiceError } from '@sluice/core';
import * as z from 'zod';

import type { Frozen, Resolved } from '../definition/value/resolved-value.ts';
import { type ExpressionValue, isArray } from '../expression/expression-value.ts';
import { resolvedSchema } from './resolved-schema.ts';

/** How the expressions of a definition are evaluated, and its secrets revealed. */
export interface Resolving {
  evaluate(json: unknown, path: string): ExpressionValue;
  reveal(secret: Secret): string;
}

export interface ResolvedProperties<Value> {
  /** With secrets revealed, for the one who uses it. */
  readonly value: Resolved<Frozen<Value>>;
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
  const parsed = z.safeParse(resolvedSchema(schema), plain);
  if (!parsed.success) throw invalidProperties(path, parsed.error.issues);
  // The schema made from the given one gives what that one does, without expressions.
  return { value: parsed.data as Resolved<Frozen<z.output<Schema>>>, shown, hadSecret };
}

function withSecrets(value: ExpressionValue, reveal: (secret: Secret) => string): unknown {
  if (Secret.is(value)) return reveal(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.map((item) => withSecrets(item as ExpressionValue, reveal));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, member === undefined ? member : withSecrets(member, reveal)]),
  );
}

/** Messages of schemas name what was expected, not what came. */
function invalidProperties(path: string, issues: readonly z.core.$ZodIssue[]): SluiceError {
  const problems = issues.map((issue) => `${[path, ...issue.path.map(String)].join('.')}: ${issue.message}`);
  return new SluiceError('CONFIG_INVALID', problems.join('; '), { hint: 'Check what the expressions give there.' });
}
