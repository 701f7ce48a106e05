import { Secret, SluiceError } from '@sluice/core';

import { type ExpressionValue, isArray } from '../expression/expression-value.ts';

/** @throws `CONFIG_INVALID` for anything but true and false. */
export function requireBoolean(value: ExpressionValue, path: string): boolean {
  if (typeof value === 'boolean') return value;
  throw invalidValue(path, 'true or false');
}

/** @throws `CONFIG_INVALID` */
export function requireArray(value: ExpressionValue, path: string): readonly ExpressionValue[] {
  if (isArray(value)) return value;
  throw invalidValue(path, 'an array');
}

/** @throws `CONFIG_INVALID` */
export function requireInteger(value: ExpressionValue, path: string, min: number, max = 2_147_483_647): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalidValue(path, `a whole number from ${min} to ${max}`);
}

/** Numbers and booleans are taken for their text, as Data Factory does. @throws `CONFIG_INVALID` */
export function requireText(value: ExpressionValue, path: string): string | Secret {
  if (typeof value === 'string' || Secret.is(value)) return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  throw invalidValue(path, 'a text');
}

export function textOfSecret(value: string | Secret): string {
  return typeof value === 'string' ? value : value.reveal();
}

/** Says what was expected, and never what came. */
export function invalidValue(path: string, expected: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `${path} must be ${expected}`, {
    hint: 'Check what the expression gives there.',
  });
}
