import type { SluiceError } from '@sluice/core';

import type { CallNode, ExpressionNode } from './expression-ast.ts';
import { expressionFault, type ExpressionSource } from './expression-fault.ts';
import type { ExpressionContext } from './expression-scope.ts';
import {
  type ExpressionValue,
  isArray,
  isObject,
  kindOf,
  type PlainObject,
  type PlainValue,
} from './expression-value.ts';
import { type FunctionDefinition, paramAt } from './function-definition.ts';
import { integerOf } from './integer-arithmetic.ts';
import { MAX_TEXT_CHARS } from './limits.ts';
import { conceal, reveal } from './secret-value.ts';

/** What a text means, or why it means nothing. The text itself is not in the problem. */
export type Reading<Value> =
  | { readonly value: Value }
  | { readonly problem: string; readonly hint?: string | undefined };

export type Reader<Value> = (text: string) => Reading<Value>;

export interface CallSite {
  readonly definition: FunctionDefinition;
  readonly node: CallNode;
  readonly source: ExpressionSource;
  readonly context: ExpressionContext;
  readonly evaluate: (node: ExpressionNode) => ExpressionValue;
}

/**
 * One call of a function. Arguments are evaluated when they are first asked for, so that a branch not taken cannot
 * fail; asked for as a type, they are of it or the call fails.
 */
export class FunctionCall {
  readonly context: ExpressionContext;
  readonly #site: CallSite;
  readonly #values: (ExpressionValue | undefined)[] = [];
  #sawSecret = false;

  constructor(site: CallSite) {
    this.context = site.context;
    this.#site = site;
  }

  /** How many arguments there are. */
  get count(): number {
    return this.#site.node.args.length;
  }

  /** Evaluates the call. A text that was made of a secret is a secret. */
  run(): ExpressionValue {
    let result: ExpressionValue;
    try {
      result = this.#site.definition.evaluate(this);
    } catch (error) {
      // What V8 says of a text or an array beyond its limits.
      if (error instanceof RangeError) throw this.fail('gives more than can be held');
      throw error;
    }
    if (typeof result === 'string') this.requireTextChars(result.length);
    return this.#sawSecret ? conceal(result) : result;
  }

  /** An argument as it is, for functions that hand it on unseen. */
  raw(index: number): ExpressionValue {
    const known = this.#values[index];
    if (known !== undefined) return known;
    const node = this.#site.node.args[index];
    if (node === undefined) throw new TypeError(`${this.#site.definition.name} has no argument ${index}`);
    const value = this.#site.evaluate(node);
    this.#values[index] = value;
    return value;
  }

  /** All arguments as they are. */
  raws(): readonly ExpressionValue[] {
    return this.#site.node.args.map((_, index) => this.raw(index));
  }

  /** An argument to work on. */
  value(index: number): PlainValue {
    const revealed = reveal(this.raw(index));
    if (revealed === undefined) throw this.fail('is too large or nested too deep', index);
    this.#sawSecret ||= revealed.hadSecret;
    return revealed.value;
  }

  values(): readonly PlainValue[] {
    return this.#site.node.args.map((_, index) => this.value(index));
  }

  text(index: number): string {
    const value = this.value(index);
    if (typeof value === 'string') return value;
    throw this.mustBe(index, 'a text', value);
  }

  boolean(index: number): boolean {
    const value = this.value(index);
    if (typeof value === 'boolean') return value;
    throw this.mustBe(index, 'a boolean', value);
  }

  number(index: number): number | bigint {
    const value = this.value(index);
    if (typeof value === 'number' || typeof value === 'bigint') return value;
    throw this.mustBe(index, 'a number', value);
  }

  integer(index: number): bigint {
    const value = this.value(index);
    const integer = typeof value === 'number' || typeof value === 'bigint' ? integerOf(value) : undefined;
    if (integer !== undefined) return integer;
    throw this.mustBe(index, 'an integer', value);
  }

  /** An integer from 0 that counts or places something. */
  size(index: number): number {
    const integer = this.integer(index);
    if (integer < 0n) throw this.fail('must not be negative', index);
    return Number(integer);
  }

  array(index: number): readonly PlainValue[] {
    const value = this.value(index);
    if (isArray(value)) return value;
    throw this.mustBe(index, 'an array', value);
  }

  object(index: number): PlainObject {
    const value = this.value(index);
    if (isObject(value)) return value;
    throw this.mustBe(index, 'an object', value);
  }

  /** An argument that is a text with a meaning of its own, such as a date. */
  read<Value>(index: number, reader: Reader<Value>): Value {
    const reading = reader(this.text(index));
    if ('value' in reading) return reading.value;
    throw this.fail(reading.problem, index, reading.hint);
  }

  /** The argument, where it is written in the expression as a text; that may be quoted in messages. */
  literal(index: number): string | undefined {
    const node = this.#site.node.args[index];
    return node?.kind === 'literal' && typeof node.value === 'string' ? node.value : undefined;
  }

  mustBe(index: number, expected: string, found: ExpressionValue): SluiceError {
    return this.fail(`must be ${expected}, not ${kindOf(found)}`, index);
  }

  requireTextChars(chars: number): void {
    if (chars > MAX_TEXT_CHARS) throw this.fail(`gives a text of more than ${MAX_TEXT_CHARS} characters`);
  }

  /** An error of this call, of one of its arguments where `index` is given. */
  fail(message: string, index?: number, hint?: string): SluiceError {
    const { definition, node, source } = this.#site;
    const param = index === undefined ? undefined : paramAt(definition, index);
    const subject = param === undefined ? definition.name : `${definition.name}: argument ${index! + 1} (${param})`;
    const offset = index === undefined ? node.offset : (node.args[index]?.offset ?? node.offset);
    return expressionFault('EXPRESSION_FAILED', source, offset, `${subject} ${message}`, {
      hint,
      functionName: definition.name,
    });
  }
}
