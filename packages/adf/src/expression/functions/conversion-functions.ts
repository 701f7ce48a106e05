import type { ExpressionValue, PlainValue } from '../expression-value.ts';
import type { FunctionCall } from '../function-call.ts';
import { defineFunction, type FunctionDefinition } from '../function-definition.ts';
import { fromInteger, integerOf } from '../integer-arithmetic.ts';
import { parseJsonText } from '../json-text.ts';
import { textOf } from '../value-text.ts';
import { parseXml } from '../xml/xml-document.ts';
import { jsonOfXml } from '../xml/xml-json.ts';

const INTEGER = /^\s*[+-]?\d+\s*$/;
const FLOAT = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i;

export const CONVERSION_FUNCTIONS: readonly FunctionDefinition[] = [
  defineFunction('array', 'value', (call) => [call.raw(0)]),
  defineFunction('createArray', 'object1, ...object', (call) => call.raws()),
  defineFunction('bool', 'value', bool),
  defineFunction('coalesce', 'object1, ...object', coalesce),
  defineFunction('float', 'value', float),
  defineFunction('int', 'value', int),
  defineFunction('string', 'value', (call) => textOf(call.value(0))),
  defineFunction('json', 'value', json),
];

function coalesce(call: FunctionCall): ExpressionValue {
  for (let i = 0; i < call.count; i++) {
    const value = call.raw(i);
    if (value !== null) return value;
  }
  return null;
}

function bool(call: FunctionCall): boolean {
  const value = call.value(0);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value) !== 0;
  const text = call.text(0).trim().toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  throw call.fail('must be true, false or a number', 0);
}

function int(call: FunctionCall): number | bigint {
  const integer = wholeNumber(call, call.value(0));
  const result = integer === undefined ? undefined : fromInteger(integer);
  if (result === undefined) throw call.fail('is an integer beyond 64 bits', 0);
  return result;
}

/** `undefined` for a text of more digits than it is worth reading. */
function wholeNumber(call: FunctionCall, value: PlainValue): bigint | undefined {
  if (typeof value === 'string') {
    if (!INTEGER.test(value)) throw call.fail('is not the text of an integer', 0);
    return Number.isFinite(Number(value)) ? BigInt(value.trim().replace(/^\+/, '')) : undefined;
  }
  const integer = typeof value === 'number' || typeof value === 'bigint' ? integerOf(value) : undefined;
  if (integer !== undefined) return integer;
  throw call.fail('must be a text or an integer', 0, 'div(number, 1) cuts off the digits behind the point.');
}

function float(call: FunctionCall): number {
  const value = call.value(0);
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  const text = call.text(0);
  const result = FLOAT.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(result)) throw call.fail('is not the text of a number that a float holds', 0);
  return result === 0 ? 0 : result;
}

function json(call: FunctionCall): PlainValue {
  if (call.value(0) === null) return {};
  const text = call.text(0);
  const value = parseJsonText(text);
  if (value !== undefined) return value;
  const document = text.trimStart().startsWith('<') ? parseXml(text) : undefined;
  if (document !== undefined) return jsonOfXml(document);
  throw call.fail('is neither JSON text nor XML, or is nested too deep', 0);
}
