import { Secret, SluiceError } from '@sluice/core';
import { expect } from 'vitest';

import {
  evaluateTemplate,
  type ExpressionContext,
  type ExpressionScope,
  type ExpressionValue,
  parseTemplate,
} from '../src/index.ts';

/** The documentation's "today". */
export const NOW_MS = Date.UTC(2018, 3, 15, 13);

export function evaluate(
  text: string,
  scope: ExpressionScope = {},
  context: Omit<ExpressionContext, 'scope'> = {},
): ExpressionValue {
  return evaluateTemplate(parseTemplate(text), { clock: { now: () => NOW_MS }, ...context, scope });
}

/** For expressions whose value is a text. */
export function evaluateText(text: string, scope: ExpressionScope = {}): string {
  const value = evaluate(text, scope);
  return typeof value === 'string' ? value : expect.fail(`${text} is no text`);
}

/** The text of an expression whose value is a secret. */
export function evaluateSecret(text: string, scope: ExpressionScope): string {
  const value = evaluate(text, scope);
  return Secret.is(value) ? value.reveal() : expect.fail(`${text} is no secret`);
}

export type Outcome =
  | { readonly value: ExpressionValue; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: SluiceError };

/** What evaluating ends in; anything but a value or a coded error is thrown on. */
export function outcomeOf(text: string, scope: ExpressionScope = {}): Outcome {
  try {
    return { value: evaluate(text, scope) };
  } catch (error) {
    if (SluiceError.is(error)) return { error };
    throw error;
  }
}

/** The coded error that evaluating ends in. */
export function failureOf(text: string, scope: ExpressionScope = {}): SluiceError {
  return outcomeOf(text, scope).error ?? expect.fail(`${text} has a value`);
}
