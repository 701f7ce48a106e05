import type * as z from 'zod';

import { didYouMean } from '../expression/nearest-name.ts';
import type { JsonPath } from '../json/json-node.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { isList, isRecord, type JsonValue } from './canonical-json.ts';

type Issue = z.core.$ZodIssue;

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  nonoptional: 'given',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a text',
};

/** Reports what a schema found, in words that quote no value of the JSON. */
export function reportIssues(issues: readonly Issue[], json: JsonValue, report: ProblemReport): void {
  for (const issue of issues) {
    // Paths in JSON hold texts and numbers alone.
    const path = issue.path as JsonPath;
    const value = valueAt(json, path);
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const best = bestOption(issue.errors, value);
      reportIssues(
        best.map((inner): Issue => ({ ...inner, path: [...path, ...inner.path] })),
        json,
        report,
      );
      continue;
    }
    const { message, hint } = issueText(issue, value);
    report.error(path, message, { hint });
  }
}

/** Of the options of a union, the one that was probably meant: expressions and vault secrets say so by their type. */
function bestOption(options: readonly (readonly Issue[])[], value: JsonValue | undefined): readonly Issue[] {
  const type = isRecord(value) ? value['type'] : undefined;
  const meant =
    typeof type === 'string'
      ? options.find((issues) => !issues.some(({ path }) => path.length === 0 || path[0] === 'type'))
      : undefined;
  return meant ?? options[0]!;
}

function issueText(
  issue: Issue,
  value: JsonValue | undefined,
): { readonly message: string; readonly hint?: string | undefined } {
  if (value === undefined && issue.code !== 'custom') return { message: 'is missing' };
  switch (issue.code) {
    case 'invalid_type': {
      const expected = KINDS[issue.expected] ?? `of type ${issue.expected}`;
      const isQuoted = typeof value === 'string' && ['boolean', 'number', 'int'].includes(issue.expected);
      return {
        message: `must be ${expected}, not ${kindOf(value)}`,
        hint: isQuoted ? 'Write it without quotes, or as an expression.' : undefined,
      };
    }
    case 'invalid_value':
      return oneOf(issue.values.map(String), value);
    case 'invalid_union':
      return oneOf('options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [], value);
    case 'too_small':
      return {
        message: issue.message.startsWith('must')
          ? issue.message
          : `must be at least ${issue.minimum}${issue.origin === 'string' ? ' character' : ''}`,
      };
    case 'too_big':
      return { message: issue.message.startsWith('must') ? issue.message : `must be at most ${issue.maximum}` };
    default:
      return { message: issue.message.startsWith('must') ? issue.message : 'is not acceptable here' };
  }
}

const LISTED_WORDS = 12;

function oneOf(
  words: readonly string[],
  value: JsonValue | undefined,
): { readonly message: string; readonly hint?: string | undefined } {
  if (typeof value !== 'string') return { message: `must be a text, not ${kindOf(value)}` };
  const hint = didYouMean(value, words);
  if (words.length > LISTED_WORDS)
    return {
      message: 'is not a type that is known here',
      hint: hint ?? 'Correct the type; it is spelled as in Data Factory.',
    };
  return { message: `must be ${words.map((word) => JSON.stringify(word)).join(' or ')}`, hint };
}

function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  return typeof value === 'string'
    ? 'a text'
    : typeof value === 'object'
      ? 'an object'
      : typeof value === 'boolean'
        ? 'true or false'
        : 'a number';
}

function valueAt(json: JsonValue, path: JsonPath): JsonValue | undefined {
  let value: JsonValue | undefined = json;
  for (const step of path) {
    if (isList(value)) value = value[Number(step)];
    else if (isRecord(value)) value = Object.hasOwn(value, step) ? value[step] : undefined;
    else return undefined;
  }
  return value;
}
