import { isArray } from '../expression-value.ts';
import type { FunctionCall } from '../function-call.ts';
import { defineFunction, type FunctionDefinition } from '../function-definition.ts';
import { fromInteger, integerOf } from '../integer-arithmetic.ts';
import { MAX_RANGE_ITEMS } from '../limits.ts';

/** Integers are of 64 bits and exact; a float makes the result a float, except of `div`. */
export const MATH_FUNCTIONS: readonly FunctionDefinition[] = [
  defineFunction('add', 'summand1, summand2', (call) => {
    return calculate(
      call,
      (a, b) => a + b,
      (a, b) => a + b,
    );
  }),
  defineFunction('sub', 'minuend, subtrahend', (call) => {
    return calculate(
      call,
      (a, b) => a - b,
      (a, b) => a - b,
    );
  }),
  defineFunction('mul', 'multiplicand1, multiplicand2', (call) => {
    return calculate(
      call,
      (a, b) => a * b,
      (a, b) => a * b,
    );
  }),
  // Always an integer, towards zero.
  defineFunction('div', 'dividend, divisor', (call) => {
    requireDivisor(call);
    return calculate(
      call,
      (a, b) => a / b,
      (a, b) => Math.trunc(a / b),
    );
  }),
  // The sign is the dividend's.
  defineFunction('mod', 'dividend, divisor', (call) => {
    requireDivisor(call);
    return calculate(
      call,
      (a, b) => a % b,
      (a, b) => a % b,
    );
  }),
  defineFunction('max', 'number1, ...number', (call) => extreme(call, (candidate, best) => candidate > best)),
  defineFunction('min', 'number1, ...number', (call) => extreme(call, (candidate, best) => candidate < best)),
  defineFunction('rand', 'minValue, maxValue', (call) => {
    const [least, end] = [safeInteger(call, 0), safeInteger(call, 1)];
    if (end <= least) throw call.fail('must be greater than the argument before it', 1);
    return least + Math.floor((call.context.random ?? Math.random)() * (end - least));
  }),
  defineFunction('range', 'startIndex, count', (call) => {
    const start = safeInteger(call, 0);
    const length = call.size(1);
    if (length > MAX_RANGE_ITEMS) throw call.fail(`must be at most ${MAX_RANGE_ITEMS}`, 1);
    return Array.from({ length }, (_, index) => start + index);
  }),
];

/** Integers this size stay exact in sums with counts and each other. */
const MAX_PLACE = 2n ** 52n;

function calculate(
  call: FunctionCall,
  onIntegers: (a: bigint, b: bigint) => bigint,
  onFloats: (a: number, b: number) => number,
): number | bigint {
  const [left, right] = [call.number(0), call.number(1)];
  const [a, b] = [integerOf(left), integerOf(right)];
  const result =
    a !== undefined && b !== undefined ? fromInteger(onIntegers(a, b)) : onFloats(Number(left), Number(right));
  if (result === undefined) throw call.fail('gives an integer beyond 64 bits');
  if (result === Infinity || result === -Infinity) throw call.fail('gives a number beyond what a float holds');
  return result === 0 ? 0 : result;
}

function requireDivisor(call: FunctionCall): void {
  if (Number(call.number(1)) === 0) throw call.fail('must not be 0', 1);
}

function extreme(
  call: FunctionCall,
  isBetter: (candidate: number | bigint, best: number | bigint) => boolean,
): number | bigint {
  const only = call.count === 1 ? call.value(0) : undefined;
  const numbers = isArray(only)
    ? only.map((item) => {
        if (typeof item === 'number' || typeof item === 'bigint') return item;
        throw call.mustBe(0, 'an array of numbers', item);
      })
    : call.values().map((_, index) => call.number(index));
  const [first] = numbers;
  if (first === undefined) throw call.fail('must not be empty', 0);
  return numbers.reduce((best, candidate) => (isBetter(candidate, best) ? candidate : best), first);
}

function safeInteger(call: FunctionCall, index: number): number {
  const integer = call.integer(index);
  if (integer < -MAX_PLACE || integer > MAX_PLACE) throw call.fail('is too large', index);
  return Number(integer);
}
