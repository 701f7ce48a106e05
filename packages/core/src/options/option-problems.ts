import type * as z from 'zod';

import { nearestName } from '../text/nearest-name.ts';
import { describedAt } from './described-option.ts';

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** Keys and list positions from the outermost option. */
export type OptionPath = readonly (string | number)[];

/** One thing that is wrong with options. Holds no value of them, since that may be a secret. */
export interface OptionProblem {
  readonly path: OptionPath;
  /** Goes on behind the name of the option: `must be at least 1`. */
  readonly message: string;
  /** What the option is for, as its schema says. */
  readonly description: string | undefined;
}

export type CheckedOptions<T> = { readonly data: T } | { readonly problems: readonly OptionProblem[] };

/** Parses by a schema; what is wrong is told in words for whoever wrote the options, without their values. */
export function checkOptions<T>(schema: z.ZodType<T>, input: unknown): CheckedOptions<T> {
  const knownKeys: KnownKeys = new WeakMap();
  const parsed = schema.safeParse(input, {
    error(issue) {
      const names = shapeOf(issue);
      // The list is the same one in the issue that comes out, which no longer has its schema.
      if (issue.code === 'unrecognized_keys' && names !== undefined) knownKeys.set(issue.keys, names);
      return messageOf(issue);
    },
  });
  if (parsed.success) return { data: parsed.data };
  const found = parsed.error.issues.flatMap((issue) => problemsOf(issue, [], knownKeys));
  return { problems: found.map((problem) => ({ ...problem, description: describedAt(schema, problem.path) })) };
}

/** `poll.firstMs`, `include[1]`. */
export function optionName(path: OptionPath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

type KnownKeys = WeakMap<readonly string[], readonly string[]>;
type FoundProblem = Omit<OptionProblem, 'description'>;

function problemsOf(issue: Issue, outer: OptionPath, knownKeys: KnownKeys): readonly FoundProblem[] {
  const path: OptionPath = [...outer, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  if (issue.code === 'unrecognized_keys') {
    const names = knownKeys.get(issue.keys) ?? [];
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, names) }));
  }
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.filter((issues) => !issues.some(isOfAnotherKind));
    if (meant.length === 1) return meant[0]!.flatMap((inner) => problemsOf(inner, path, knownKeys));
  }
  return [{ path, message: issue.message }];
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
  // Of an object that allows no other keys, or there were none to report.
  const { shape } = (inst?._zod.def ?? {}) as Partial<z.core.$ZodObjectDef>;
  return shape === undefined ? undefined : Object.keys(shape);
}

/** Undefined leaves it to zod, whose messages hold no values either. */
function messageOf(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, issue.input);
    case 'invalid_value':
      return `must be ${alternatives(issue.values.map(String))}`;
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return `must be at most ${sizeText(issue.maximum, issue.origin)}`;
    case 'invalid_format':
      return issue.format === 'url' ? 'must be a URL' : 'is not written as it must be';
    case 'invalid_union':
      return 'is none of what it can be';
    default:
      return undefined;
  }
}

function tooSmall({ origin, minimum }: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall>): string {
  if (Number(minimum) === 1 && (origin === 'string' || origin === 'array')) return 'is empty';
  return `must be at least ${sizeText(minimum, origin)}`;
}

function sizeText(size: number | bigint, origin: string): string {
  if (origin !== 'string') return String(size);
  return size === 1 ? '1 character' : `${size} characters`;
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
