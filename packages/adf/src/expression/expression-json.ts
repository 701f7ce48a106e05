import { SluiceError } from '@sluice/core';

import { evaluateTemplate } from './evaluate-template.ts';
import type { Template } from './expression-ast.ts';
import { expressionFault } from './expression-fault.ts';
import type { ExpressionContext, ExpressionDeclarations } from './expression-scope.ts';
import { type ExpressionObject, type ExpressionValue, isArray, isObject } from './expression-value.ts';
import { MAX_VALUE_DEPTH } from './limits.ts';
import { checkTemplate } from './template-check.ts';
import { parseTemplate } from './template-parser.ts';

/**
 * The JSON with every string in it evaluated, and every `{ "type": "Expression", "value": "…" }` replaced by its value.
 *
 * `path` is where the JSON stands in its document, for errors.
 *
 * @throws `EXPRESSION_INVALID` or `EXPRESSION_FAILED` for the first string that has no value, naming its path.
 */
export function evaluateJson(json: ExpressionValue, context: ExpressionContext, path = ''): ExpressionValue {
  return mapTemplates(json, path, (template) => evaluateTemplate(template, context));
}

/**
 * Everything that is wrong with the expressions in the JSON and can be seen without evaluating one: those that cannot
 * be read, and what `checkTemplate` finds in the others. Each is an `EXPRESSION_INVALID` that names its path.
 */
export function findExpressionProblems(
  json: ExpressionValue,
  declarations: ExpressionDeclarations,
  path = '',
): readonly SluiceError[] {
  const problems: SluiceError[] = [];
  mapTemplates(
    json,
    path,
    (template) => {
      problems.push(...checkTemplate(template, declarations));
      return null;
    },
    (problem) => problems.push(problem),
  );
  return problems;
}

/** With `report`, goes on after what cannot be read. */
function mapTemplates(
  json: ExpressionValue,
  path: string,
  map: (template: Template) => ExpressionValue,
  report?: (problem: SluiceError) => void,
): ExpressionValue {
  const mapText = (text: string, place: string): ExpressionValue => {
    if (report === undefined) return map(parseTemplate(text, place));
    let template: Template;
    try {
      template = parseTemplate(text, place);
    } catch (error) {
      if (!SluiceError.is(error)) throw error;
      report(error);
      return null;
    }
    return map(template);
  };
  const refuse = (message: string, place: string): null => {
    const problem = expressionFault('EXPRESSION_INVALID', { text: '', path: place }, 0, message);
    if (report === undefined) throw problem;
    report(problem);
    return null;
  };
  const visit = (value: ExpressionValue, place: string, depth: number): ExpressionValue => {
    if (depth > MAX_VALUE_DEPTH) return refuse('the JSON is nested too deep', path);
    if (typeof value === 'string') return mapText(value, place);
    if (isArray(value)) return value.map((item, index) => visit(item, `${place}[${index}]`, depth + 1));
    if (!isObject(value)) return value;
    if (isExpressionObject(value)) {
      if (typeof value['value'] === 'string') return mapText(value['value'], place);
      return refuse('an object of type Expression has a text as its value', place);
    }
    const members: [string, ExpressionValue][] = [];
    for (const [name, member] of Object.entries(value)) {
      if (member !== undefined) members.push([name, visit(member, memberPath(place, name), depth + 1)]);
    }
    // A member called __proto__ becomes a member, as it is in JSON.
    return Object.fromEntries(members);
  };
  return visit(json, path, 0);
}

/** Has the members `type` and `value`, and no others. */
function isExpressionObject(object: ExpressionObject): boolean {
  const { type } = object;
  return (
    typeof type === 'string' &&
    type.toLowerCase() === 'expression' &&
    Object.hasOwn(object, 'value') &&
    Object.keys(object).length === 2
  );
}

function memberPath(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}
