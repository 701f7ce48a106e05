import { SluiceError } from '@sluice/core';

import type { Template } from '../expression/expression-ast.ts';
import type { ExpressionDeclarations } from '../expression/expression-scope.ts';
import { checkTemplate } from '../expression/template-check.ts';
import { parseTemplate } from '../expression/template-parser.ts';
import type { JsonPath } from '../json/json-node.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { isList, isRecord, type JsonValue } from '../reading/canonical-json.ts';

/** What Data Factory takes at most. */
const MAX_EXPRESSION_CHARS = 8192;

/** Checks every expression in the JSON, except in texts that are secrets, of which only the fault is told. */
export function checkExpressions(
  json: JsonValue | undefined,
  path: JsonPath,
  declarations: ExpressionDeclarations,
  report: ProblemReport,
): void {
  if (typeof json === 'string') {
    checkText(json, path, declarations, report);
  } else if (isList(json)) {
    json.forEach((item, index) => checkExpressions(item, [...path, index], declarations, report));
  } else if (isRecord(json)) {
    if (json['type'] === 'SecureString' && typeof json['value'] === 'string') {
      checkSecret(json['value'], [...path, 'value'], declarations, report);
      return;
    }
    for (const [name, value] of Object.entries(json)) checkExpressions(value, [...path, name], declarations, report);
  }
}

function checkText(text: string, path: JsonPath, declarations: ExpressionDeclarations, report: ProblemReport): void {
  for (const problem of problemsOf(text, declarations)) {
    report.error(path, messageOf(problem), { code: problem.code, hint: problem.hint });
  }
  if (text.length > MAX_EXPRESSION_CHARS && holdsExpression(text)) {
    report.beyondFactory(
      path,
      `the expression has ${text.length} characters; Data Factory takes ${MAX_EXPRESSION_CHARS}`,
    );
  }
}

/** The place in the text comes last: that in the file is said elsewhere. */
function messageOf({ message }: SluiceError): string {
  const [prefix, place] = /^(line \d+, column \d+): /.exec(message) ?? [];
  return prefix === undefined ? message : `${message.slice(prefix.length)} (${place} of the text)`;
}

function checkSecret(text: string, path: JsonPath, declarations: ExpressionDeclarations, report: ProblemReport): void {
  if (problemsOf(text, declarations).length === 0) return;
  report.error(path, 'the secret is read as an expression, and as one it is wrong', {
    code: 'EXPRESSION_INVALID',
    hint: 'Write @@ for an @ at its beginning, and @@{ for @{ within it.',
  });
}

function problemsOf(text: string, declarations: ExpressionDeclarations): readonly SluiceError[] {
  if (!text.includes('@')) return [];
  let template: Template;
  try {
    template = parseTemplate(text);
  } catch (error) {
    if (!SluiceError.is(error)) throw error;
    return [error];
  }
  return checkTemplate(template, declarations);
}

/** Whether a text is or holds an expression; one that cannot be read is meant to be one. */
export function holdsExpression(text: string): boolean {
  if (!text.includes('@')) return false;
  try {
    return parseTemplate(text).content.kind !== 'text';
  } catch {
    return true;
  }
}

/** The text, where it is written out; `undefined` where an expression gives it or there is none. */
export function literalText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (!value.includes('@')) return value;
  try {
    const { content } = parseTemplate(value);
    return content.kind === 'text' ? content.text : undefined;
  } catch {
    return undefined;
  }
}
