import { SluiceError } from '@sluice/core';

import type { Variable } from '../definition/value/parameter.ts';
import { type ExpressionObject, type ExpressionValue, isArray } from '../expression/expression-value.ts';
import { typedValue } from './parameter-value.ts';

const EXPECTED = {
  String: 'a text',
  Bool: 'true or false',
  Boolean: 'true or false',
  Integer: 'a whole number',
  Array: 'an array',
} as const;

/** The variables of one pipeline run. They belong to the pipeline as a whole, within loops too. */
export class Variables {
  readonly #declared: ReadonlyMap<string, { readonly name: string; readonly type: Variable['type'] }>;
  readonly #values = new Map<string, ExpressionValue>();

  /** @throws `CONFIG_INVALID` for a default of another type. */
  constructor(declared: Readonly<Record<string, Variable>>) {
    this.#declared = new Map(Object.entries(declared).map(([name, { type }]) => [name.toLowerCase(), { name, type }]));
    for (const [name, { type, defaultValue }] of Object.entries(declared)) {
      // Whatever JSON holds is a value.
      const value = (defaultValue ?? null) as ExpressionValue;
      this.#values.set(name, typed(name, type, value));
    }
  }

  /** Values of a run before, of those that are still declared. */
  restore(values: ExpressionObject): void {
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined && this.#declared.has(name.toLowerCase())) this.set(name, value);
    }
  }

  values(): ExpressionObject {
    return Object.fromEntries(this.#values);
  }

  /** @throws `CONFIG_INVALID` for an unknown name or a value of another type. */
  set(given: string, value: ExpressionValue): ExpressionValue {
    const { name, type } = this.#find(given);
    const kept = typed(name, type, value);
    this.#values.set(name, kept);
    return kept;
  }

  /** @throws `CONFIG_INVALID` for a variable that is no array. */
  append(given: string, value: ExpressionValue): ExpressionValue {
    const { name, type } = this.#find(given);
    if (type !== 'Array') throw invalid(name, 'is not an array, so that nothing can be appended');
    const before = this.#values.get(name) ?? null;
    const appended = [...(isArray(before) ? before : []), value];
    this.#values.set(name, appended);
    return appended;
  }

  #find(name: string): { readonly name: string; readonly type: Variable['type'] } {
    const declared = this.#declared.get(name.toLowerCase());
    if (declared === undefined) throw invalid(name, 'is not declared by the pipeline');
    return declared;
  }
}

function typed(name: string, type: Variable['type'], value: ExpressionValue): ExpressionValue {
  const kept = typedValue(type, value);
  if (kept === undefined) throw invalid(name, `takes ${EXPECTED[type]}`);
  return kept;
}

function invalid(name: string, problem: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `the variable ${JSON.stringify(name)} ${problem}`);
}
