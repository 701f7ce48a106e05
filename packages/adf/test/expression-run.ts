import { SluiceError } from '@sluice/core';
import { expect } from 'vitest';

import { evaluateTemplate, type ExpressionContext, type ExpressionScope, parseTemplate } from '../src/index.ts';
import type { ExpressionValue } from '../src/index.ts';

/** The documentation's "today". */
export const NOW_MS = Date.UTC(2018, 3, 15, 13);

export function evaluate(
  text: string,
  scope: ExpressionScope = {},
  context: Omit<ExpressionContext, 'scope'> = {},
): ExpressionValue {
  return evaluateTemplate(parseTemplate(text), { clock: { now: () => NOW_MS }, ...context, scope });
}

/** The error that evaluating ends in; anything but a coded error fails the test. */
export function failureOf(text: string, scope: ExpressionScope = {}): SluiceError {
  try {
    evaluate(text, scope);
  } catch (error) {
    if (SluiceError.is(error)) return error;
    throw error;
  }
  return expect.fail(`${text} has a value`);
}
