import { Secret, SluiceError } from '@sluice/core';

import type { Parameter, ParameterType, VariableType } from '../definition/value/parameter.ts';
import { type ExpressionObject, type ExpressionValue, isArray, isObject } from '../expression/expression-value.ts';
import { parseJsonText } from '../expression/json-text.ts';
import { didYouMean } from '../expression/nearest-name.ts';
import { textOf } from '../expression/value-text.ts';

const EXPECTED: Readonly<Record<ParameterType, string>> = {
  Object: 'an object',
  String: 'a text',
  Int: 'a whole number',
  Float: 'a number',
  Bool: 'true or false',
  Array: 'an array',
  SecureString: 'a text',
};

export interface ParameterOwner {
  /** Such as `pipeline Load`. */
  readonly what: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
}

/**
 * The values of all parameters: the argument given, else the default. Names are the same whatever their case.
 *
 * @throws `CONFIG_INVALID` naming each parameter that has no value, a value of another type, or is none.
 */
export function parameterValues(owner: ParameterOwner, given: ExpressionObject): ExpressionObject {
  const { what, parameters } = owner;
  const problems: string[] = [];
  const names = Object.keys(parameters);
  const hints: string[] = [];
  const args = new Map<string, ExpressionValue>();
  for (const [name, value] of Object.entries(given)) {
    const known = names.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    if (known === undefined) {
      problems.push(`there is no parameter ${JSON.stringify(name)}`);
      hints.push(didYouMean(name, names) ?? `Parameters: ${names.join(', ') || 'none'}.`);
    } else if (value !== undefined) {
      args.set(known, value);
    }
  }
  const values: [string, ExpressionValue][] = [];
  for (const [name, { type, defaultValue }] of Object.entries(parameters)) {
    // Whatever JSON holds is a value.
    const value = args.has(name) ? args.get(name) : (defaultValue as ExpressionValue | undefined);
    if (value === undefined) {
      problems.push(`the parameter ${JSON.stringify(name)} has no value and no default`);
      continue;
    }
    const typed = typedValue(type, value);
    if (typed === undefined) problems.push(`the parameter ${JSON.stringify(name)} must be ${EXPECTED[type]}`);
    else values.push([name, typed]);
  }
  if (problems.length === 0) return Object.fromEntries(values);
  const message = `${what}: ${problems.join('; ')}`;
  throw new SluiceError('CONFIG_INVALID', message, hints.length === 0 ? {} : { hint: hints.join(' ') });
}

/** The value as one of the type; a text that says one is read. `undefined` where it is none. */
export function typedValue(type: ParameterType | VariableType, value: ExpressionValue): ExpressionValue | undefined {
  if (value === null) return null;
  switch (type) {
    case 'SecureString':
      return secretOf(value);
    case 'String':
      return Secret.is(value) || typeof value === 'string' ? value : scalarText(value);
    case 'Bool':
    case 'Boolean':
      return typeof value === 'boolean' ? value : booleanOf(value);
    case 'Int':
    case 'Integer':
      return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))
        ? value
        : numberOf(value, /^[+-]?\d+$/);
    case 'Float':
      return typeof value === 'number' || typeof value === 'bigint'
        ? value
        : numberOf(value, /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i);
    case 'Array':
      return isArray(value) ? value : jsonOf(value, (json) => isArray(json));
    case 'Object':
      return isObject(value) || isArray(value) ? value : jsonOf(value, (json) => isObject(json) || isArray(json));
  }
}

function secretOf(value: ExpressionValue): Secret | undefined {
  if (Secret.is(value)) return value;
  if (typeof value === 'string') return new Secret(value);
  if (!isObject(value)) return undefined;
  const { type, value: text } = value;
  return type === 'SecureString' && typeof text === 'string' ? new Secret(text) : undefined;
}

function scalarText(value: ExpressionValue): string | undefined {
  return typeof value === 'object' ? undefined : textOf(value);
}

function booleanOf(value: ExpressionValue): boolean | undefined {
  if (typeof value !== 'string') return undefined;
  const word = value.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

function numberOf(value: ExpressionValue, pattern: RegExp): number | bigint | undefined {
  if (typeof value !== 'string' || !pattern.test(value.trim())) return undefined;
  const number = Number(value);
  return /^[+-]?\d+$/.test(value.trim()) && !Number.isSafeInteger(number)
    ? BigInt(value.trim().replace(/^\+/, ''))
    : number;
}

function jsonOf(value: ExpressionValue, fits: (json: ExpressionValue) => boolean): ExpressionValue | undefined {
  const json = typeof value === 'string' ? parseJsonText(value) : undefined;
  return json !== undefined && fits(json) ? json : undefined;
}
