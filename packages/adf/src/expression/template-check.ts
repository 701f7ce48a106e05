import type { SluiceError } from '@sluice/core';

import type { CallNode, ExpressionNode, PathStep, Template } from './expression-ast.ts';
import { expressionFault } from './expression-fault.ts';
import type { ExpressionDeclarations, ExpressionScope } from './expression-scope.ts';
import { paramAt } from './function-definition.ts';
import { findCall, findFunction, readerOf } from './function-table.ts';
import { NOT_READABLE, SYSTEM_VARIABLES } from './functions/scope-functions.ts';
import { missingName } from './property-access.ts';

/**
 * What can be known to be wrong with a template without evaluating it: unknown functions, wrong numbers of arguments,
 * names that are not declared, formats and time zones that are written out and are none. All of it, in order.
 */
export function checkTemplate({ source, content }: Template, declarations: ExpressionDeclarations): SluiceError[] {
  if (content.kind === 'text') return [];
  const problems: SluiceError[] = [];
  const check: Check = {
    declarations,
    report: (offset, message, hint, functionName) => {
      const options = { hint, ...(functionName === undefined ? {} : { functionName }) };
      problems.push(expressionFault('EXPRESSION_INVALID', source, offset, message, options));
    },
  };
  if (content.kind === 'expression') visit(content.expression, [], check);
  else for (const part of content.parts) if (typeof part !== 'string') visit(part, [], check);
  return problems;
}

interface Check {
  readonly declarations: ExpressionDeclarations;
  readonly report: (offset: number, message: string, hint?: string, functionName?: string) => void;
}

/** `steps` are those selected from the value of the node. */
function visit(node: ExpressionNode, steps: readonly PathStep[], check: Check): void {
  if (node.kind === 'literal') return;
  if (node.kind === 'call') {
    visitCall(node, steps, check);
    return;
  }
  visit(node.root, node.steps, check);
  for (const step of node.steps) if (step.kind === 'index') visit(step.index, [], check);
}

function visitCall(node: CallNode, steps: readonly PathStep[], check: Check): void {
  const { name, offset, args } = node;
  const call = findCall(name, args.length);
  if ('message' in call) check.report(offset, call.message, call.hint, call.functionName);
  else visitScope(call.name, node, steps, check);
  const definition = findFunction(name);
  args.forEach((arg, index) => {
    const text = textLiteral(arg);
    const param = definition === undefined ? undefined : paramAt(definition, index);
    const reading = text === undefined || param === undefined ? undefined : readerOf(param)?.(text);
    if (definition !== undefined && reading !== undefined && 'problem' in reading) {
      const message = `${definition.name}: argument ${index + 1} (${param}) ${reading.problem}`;
      check.report(arg.offset, message, reading.hint, definition.name);
    }
    visit(arg, [], check);
  });
}

function visitScope(name: string, node: CallNode, steps: readonly PathStep[], check: Check): void {
  const { pipeline, variables, activities, item, dataset, linkedService, trigger } = check.declarations;
  switch (name) {
    case 'pipeline':
      if (requireScope('pipeline', pipeline, node, check)) visitPipeline(pipeline, steps, check);
      return;
    case 'dataset':
      if (requireScope('dataset', dataset, node, check)) requireName('parameter', dataset, steps[0], check);
      return;
    case 'linkedService':
      if (requireScope('linkedService', linkedService, node, check)) {
        requireName('parameter', linkedService, steps[0], check);
      }
      return;
    case 'variables':
      if (requireScope('variables', variables, node, check)) requireArgument('variable', variables, node, check);
      return;
    case 'activity':
      if (requireScope('activities', activities, node, check)) {
        requireArgument('activity upstream', activities, node, check);
      }
      return;
    case 'item':
      requireScope('item', item === true ? item : undefined, node, check);
      return;
    case 'trigger':
      requireScope('trigger', trigger === true ? trigger : undefined, node, check);
      return;
    default:
  }
}

function visitPipeline(
  pipeline: NonNullable<ExpressionDeclarations['pipeline']>,
  [first, second]: readonly PathStep[],
  check: Check,
): void {
  const name = stepName(first)?.toLowerCase();
  if (name === 'parameters') requireName('parameter', pipeline.parameters, second, check);
  else if (name !== 'globalparameters') {
    requireName('system variable', [...SYSTEM_VARIABLES, 'parameters', 'globalParameters'], first, check);
  } else if (pipeline.globalParameters !== undefined) {
    requireName('global parameter', pipeline.globalParameters, second, check);
  }
}

function requireScope<Part>(
  part: keyof ExpressionScope,
  value: Part | undefined,
  { name, offset }: CallNode,
  check: Check,
): value is Part {
  if (value !== undefined) return true;
  check.report(offset, `${name} ${NOT_READABLE[part]}`, undefined, name);
  return false;
}

/** The name may be computed, and `?.` allows for its absence. */
function requireName(what: string, names: readonly string[], step: PathStep | undefined, check: Check): void {
  const name = stepName(step);
  if (step === undefined || name === undefined || step.isOptional) return;
  report(what, names, name, step.offset, check);
}

function requireArgument(what: string, names: readonly string[], { args }: CallNode, check: Check): void {
  const [arg] = args;
  const name = arg === undefined ? undefined : textLiteral(arg);
  if (arg !== undefined && name !== undefined) report(what, names, name, arg.offset, check);
}

function report(what: string, names: readonly string[], name: string, offset: number, check: Check): void {
  if (names.some((known) => known.toLowerCase() === name.toLowerCase())) return;
  const { message, hint } = missingName(what, name, names);
  check.report(offset, message, hint);
}

function stepName(step: PathStep | undefined): string | undefined {
  if (step === undefined) return undefined;
  return step.kind === 'member' ? step.name : textLiteral(step.index);
}

function textLiteral(node: ExpressionNode): string | undefined {
  return node.kind === 'literal' && typeof node.value === 'string' ? node.value : undefined;
}
