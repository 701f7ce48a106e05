import { Secret } from '@sluice/core';

import type { CallNode, ExpressionNode, PathNode, PathStep, Template } from './expression-ast.ts';
import { expressionFault, type ExpressionSource } from './expression-fault.ts';
import type { ExpressionContext } from './expression-scope.ts';
import { type ExpressionValue, isArray, isObject, kindOf } from './expression-value.ts';
import { FunctionCall } from './function-call.ts';
import { findCall } from './function-table.ts';
import { MAX_TEXT_CHARS } from './limits.ts';
import { memberNames, missingName, selectItem, selectMember } from './property-access.ts';
import { reveal } from './secret-value.ts';
import { textOf } from './value-text.ts';

/**
 * The value of a string of a JSON document. It is a text, except that `@expr` keeps its type.
 *
 * Nothing is read but the context, and nothing is changed.
 *
 * @throws `EXPRESSION_INVALID` for an unknown function or a wrong number of arguments, `EXPRESSION_FAILED` for the rest;
 * the error says where. It never holds a value, only names and what stands in the expression itself.
 */
export function evaluateTemplate({ source, content }: Template, context: ExpressionContext): ExpressionValue {
  const evaluation = { source, context };
  if (content.kind === 'text') return content.text;
  if (content.kind === 'expression') return evaluateNode(content.expression, evaluation);
  let text = '';
  let hadSecret = false;
  for (const part of content.parts) {
    if (typeof part === 'string') {
      text += part;
    } else {
      const revealed = textOfNode(part, evaluation);
      text += revealed.text;
      hadSecret ||= revealed.hadSecret;
    }
    if (text.length > MAX_TEXT_CHARS) {
      throw expressionFault('EXPRESSION_FAILED', source, 0, `the text has more than ${MAX_TEXT_CHARS} characters`);
    }
  }
  return hadSecret ? new Secret(text) : text;
}

interface Evaluation {
  readonly source: ExpressionSource;
  readonly context: ExpressionContext;
}

function evaluateNode(node: ExpressionNode, evaluation: Evaluation): ExpressionValue {
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'call':
      return evaluateCall(node, evaluation);
    case 'path':
      return evaluatePath(node, evaluation);
  }
}

function textOfNode(
  node: ExpressionNode,
  evaluation: Evaluation,
): { readonly text: string; readonly hadSecret: boolean } {
  const revealed = reveal(evaluateNode(node, evaluation));
  try {
    if (revealed !== undefined) return { text: textOf(revealed.value), hadSecret: revealed.hadSecret };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw expressionFault(
    'EXPRESSION_FAILED',
    evaluation.source,
    node.offset,
    'the value is too large or nested too deep for a text',
  );
}

function evaluateCall(node: CallNode, evaluation: Evaluation): ExpressionValue {
  const { source, context } = evaluation;
  const definition = findCall(node.name, node.args.length);
  if ('message' in definition) {
    throw expressionFault('EXPRESSION_INVALID', source, node.offset, definition.message, definition);
  }
  const evaluate = (arg: ExpressionNode): ExpressionValue => evaluateNode(arg, evaluation);
  return new FunctionCall({ definition, node, source, context, evaluate }).run();
}

function evaluatePath({ root, steps }: PathNode, evaluation: Evaluation): ExpressionValue {
  let value = evaluateNode(root, evaluation);
  for (const step of steps) value = evaluateStep(value, step, evaluation);
  return value;
}

function evaluateStep(target: ExpressionValue, step: PathStep, evaluation: Evaluation): ExpressionValue {
  const key = step.kind === 'member' ? step.name : evaluateKey(step.index, evaluation);
  const selected = select(target, key);
  if (selected !== undefined) return selected;
  if (step.isOptional && (target === null || isFitting(target, key))) return null;
  const { message, hint } = missing(target, key, writtenName(step));
  throw expressionFault('EXPRESSION_FAILED', evaluation.source, step.offset, message, { hint });
}

function evaluateKey(node: ExpressionNode, evaluation: Evaluation): ExpressionValue {
  const key = evaluateNode(node, evaluation);
  return Secret.is(key) ? key.reveal() : key;
}

function select(target: ExpressionValue, key: ExpressionValue): ExpressionValue | undefined {
  if (isArray(target)) return selectItem(target, key);
  return isObject(target) && typeof key === 'string' ? selectMember(target, key) : undefined;
}

/** Whether something could be there under such a key. */
function isFitting(target: ExpressionValue, key: ExpressionValue): boolean {
  return isArray(target) ? typeof key === 'number' : isObject(target) && typeof key === 'string';
}

/** The name in the step where it is written, not computed. */
function writtenName(step: PathStep): string | undefined {
  if (step.kind === 'member') return step.name;
  return step.index.kind === 'literal' && typeof step.index.value === 'string' ? step.index.value : undefined;
}

function missing(
  target: ExpressionValue,
  key: ExpressionValue,
  written: string | undefined,
): { readonly message: string; readonly hint: string | undefined } {
  if (isArray(target)) {
    const message =
      typeof key === 'number'
        ? `the index is outside of the array, which has ${target.length} items`
        : `an item of an array is selected by an integer, not by ${kindOf(key)}`;
    return { message, hint: undefined };
  }
  if (isObject(target)) {
    if (typeof key === 'string') return missingName('property', written, memberNames(target));
    return { message: `a property of an object is selected by a text, not by ${kindOf(key)}`, hint: undefined };
  }
  const what = written === undefined ? 'nothing' : `no property ${JSON.stringify(written)}`;
  const hint = target === null ? 'Where null is expected, select with ?. or ?[…].' : undefined;
  return { message: `${kindOf(target)} has ${what} to select`, hint };
}
