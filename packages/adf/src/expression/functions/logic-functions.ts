import type { PlainValue } from '../expression-value.ts';
import type { FunctionCall } from '../function-call.ts';
import { defineFunction, type FunctionDefinition } from '../function-definition.ts';
import { canonicalJson } from '../value-text.ts';

export const LOGIC_FUNCTIONS: readonly FunctionDefinition[] = [
  defineFunction('and', 'expression1, expression2, ...expression', (call) => {
    for (let i = 0; i < call.count; i++) if (!call.boolean(i)) return false;
    return true;
  }),
  defineFunction('or', 'expression1, expression2, ...expression', (call) => {
    for (let i = 0; i < call.count; i++) if (call.boolean(i)) return true;
    return false;
  }),
  defineFunction('not', 'expression', (call) => !call.boolean(0)),
  defineFunction('equals', 'object1, object2', (call) => equals(call.value(0), call.value(1))),
  defineFunction('greater', 'value, compareTo', (call) => compare(call) > 0),
  defineFunction('greaterOrEquals', 'value, compareTo', (call) => compare(call) >= 0),
  defineFunction('less', 'value, compareTo', (call) => compare(call) < 0),
  defineFunction('lessOrEquals', 'value, compareTo', (call) => compare(call) <= 0),
  defineFunction('if', 'expression, valueIfTrue, valueIfFalse', (call) => call.raw(call.boolean(0) ? 1 : 2)),
];

/** A boolean is as good as the number 1 or 0; texts are told apart by case. */
function equals(left: PlainValue, right: PlainValue): boolean {
  if (typeof left === 'boolean' && isNumber(right)) return equals(left ? 1 : 0, right);
  if (typeof right === 'boolean' && isNumber(left)) return equals(right, left);
  // Exact between a bigint and a float.
  if (isNumber(left) && isNumber(right)) return !(left < right) && !(left > right);
  return canonicalJson(left) === canonicalJson(right);
}

/** Numbers by value, a bigint with a float too; texts by their UTF-16 units. */
function compare(call: FunctionCall): number {
  const left = call.value(0);
  if (!isNumber(left) && typeof left !== 'string') throw call.mustBe(0, 'a number or a text', left);
  const right = typeof left === 'string' ? call.text(1) : call.number(1);
  return left < right ? -1 : left > right ? 1 : 0;
}

function isNumber(value: PlainValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
