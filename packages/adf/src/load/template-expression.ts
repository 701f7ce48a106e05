import { SluiceError } from '@sluice/core';

import type { ExpressionNode } from '../expression/expression-ast.ts';
import { parseTemplate } from '../expression/template-parser.ts';
import type { JsonNode } from '../json/json-node.ts';

/** What expressions of a deployment template can read. */
export interface TemplateScope {
  readonly parameters: ReadonlyMap<string, JsonNode>;
  readonly variables: ReadonlyMap<string, JsonNode>;
}

export type TemplateValue = JsonNode | { readonly problem: string; readonly hint?: string };

/** Whether a text of a template is an expression: in brackets, of which the first is not doubled. */
export function isTemplateExpression(text: string): boolean {
  return text.startsWith('[') && !text.startsWith('[[') && text.endsWith(']');
}

/**
 * Evaluates what exported templates hold: `parameters`, `variables`, `concat` and texts.
 *
 * Azure Resource Manager, "Template functions", read 2026-11.
 */
export function evaluateTemplateExpression(text: string, scope: TemplateScope, offset: number): TemplateValue {
  let expression: ExpressionNode;
  try {
    const { content } = parseTemplate(`@${text.slice(1, -1).trim()}`);
    if (content.kind !== 'expression') return { problem: 'is no expression of a template' };
    ({ expression } = content);
  } catch (error) {
    if (!SluiceError.is(error)) throw error;
    return {
      problem: 'cannot be read as an expression of a template',
      hint: 'Write [[ for a text that begins with [.',
    };
  }
  return evaluate(expression, scope, offset, 0);
}

const MAX_DEPTH = 20;

function evaluate(node: ExpressionNode, scope: TemplateScope, offset: number, depth: number): TemplateValue {
  if (depth > MAX_DEPTH) return { problem: 'is nested too deep' };
  if (node.kind === 'literal') return { kind: 'scalar', offset, value: node.value };
  if (node.kind === 'path') return { problem: 'selects a member, which is not supported in templates here' };
  const args = node.args.map((arg) => evaluate(arg, scope, offset, depth + 1));
  const failed = args.find((arg) => 'problem' in arg);
  if (failed !== undefined) return failed;
  const texts = args.map((arg) => ('kind' in arg && arg.kind === 'scalar' ? String(arg.value) : undefined));
  const [name] = texts;
  switch (node.name.toLowerCase()) {
    case 'parameters':
      return (
        lookUp(scope.parameters, name) ?? {
          problem: `needs a value for the template parameter ${JSON.stringify(name)}`,
          hint: 'Give it in the parameter file of the template, or as an option.',
        }
      );
    case 'variables': {
      const value = lookUp(scope.variables, name);
      if (value === undefined)
        return { problem: `reads the variable ${JSON.stringify(name)}, which the template has not` };
      if (value.kind !== 'scalar' || typeof value.value !== 'string' || !isTemplateExpression(value.value))
        return value;
      const inner = parseTemplate(`@${value.value.slice(1, -1)}`).content;
      return inner.kind === 'expression' ? evaluate(inner.expression, scope, offset, depth + 1) : value;
    }
    case 'concat':
      if (texts.includes(undefined)) return { problem: 'joins something else than texts' };
      return { kind: 'scalar', offset, value: texts.join('') };
    default:
      return { problem: `calls ${node.name}, which is not supported in templates here`, hint: 'Write the value out.' };
  }
}

function lookUp(values: ReadonlyMap<string, JsonNode>, name: string | undefined): JsonNode | undefined {
  return name === undefined ? undefined : values.get(name.toLowerCase());
}
