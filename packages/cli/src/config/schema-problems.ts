import { nearestName } from '@sluice/core';
import * as z from 'zod';

import type { ConfigPath, ConfigProblem } from './config-problem.ts';
import { isLiteralSecret, SECRET_HINT } from './secret-config.ts';

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

export type Parsed<T> = { readonly data: T } | { readonly problems: readonly ConfigProblem[] };

/** Parses by a schema; what is wrong is told in words of a configuration, without its values. */
export function parseBySchema<T>(schema: z.ZodType<T>, value: unknown): Parsed<T> {
  const knownKeys: KnownKeys = new WeakMap();
  const parsed = schema.safeParse(value, {
    error(issue) {
      const names = shapeOf(issue);
      // The list is the same one in the issue that comes out, which no longer has its schema.
      if (issue.code === 'unrecognized_keys' && names !== undefined) knownKeys.set(issue.keys, names);
      return messageOf(issue);
    },
  });
  if (parsed.success) return { data: parsed.data };
  return { problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, [], knownKeys)) };
}

type KnownKeys = WeakMap<readonly string[], readonly string[]>;

function problemsOf(issue: Issue, outer: ConfigPath, knownKeys: KnownKeys): readonly ConfigProblem[] {
  const path: ConfigPath = [...outer, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  if (issue.code === 'unrecognized_keys') {
    const names = knownKeys.get(issue.keys) ?? [];
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, names) }));
  }
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.filter((issues) => !issues.some(isOfAnotherKind));
    if (meant.length === 1) return meant[0]!.flatMap((inner) => problemsOf(inner, path, knownKeys));
  }
  const { message } = issue;
  return [{ path, message, hint: isLiteralSecret(message) ? SECRET_HINT : undefined }];
}

/** The value as a whole is not what this branch of a union is about. */
function isOfAnotherKind({ code, path }: Issue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
}

function unknownKey(key: string, names: readonly string[]): string {
  const nearest = nearestName(key, names);
  return nearest === undefined
    ? `is not known here; known are ${names.join(', ')}`
    : `is not known; did you mean ${nearest}?`;
}

function shapeOf({ inst }: RawIssue): readonly string[] | undefined {
  return inst instanceof z.ZodObject ? Object.keys(inst.shape) : undefined;
}

/** Undefined leaves it to zod, whose messages hold no values either. */
function messageOf(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, issue.input);
    case 'invalid_value':
      return `must be ${alternatives(issue.values.map(String))}`;
    case 'too_small':
      return issue.origin === 'string' ? 'is empty' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    default:
      return undefined;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
};

function wrongType(expected: string, input: unknown): string {
  if (input === undefined) return 'is missing';
  if (input === null) return 'is empty';
  const quotes = expected === 'string' && (typeof input === 'number' || typeof input === 'boolean');
  return `must be ${KINDS[expected] ?? expected}${quotes ? ': put it in quotes' : ''}`;
}

function alternatives(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
