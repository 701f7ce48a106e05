import { Secret } from '@sluice/core';

/**
 * What expressions take and give: JSON and two additions.
 *
 * An integer beyond 2^53 is a `bigint`, so that 64 bits stay exact; every other number is a `number`. A text that must
 * not be shown is a `Secret`, and so is every text made of one.
 */
export type ExpressionValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Secret
  | readonly ExpressionValue[]
  | ExpressionObject;

export interface ExpressionObject {
  readonly [name: string]: ExpressionValue | undefined;
}

/** A value whose secrets are revealed; it does not leave the function that works on it. */
export type PlainValue = null | boolean | number | bigint | string | readonly PlainValue[] | PlainObject;

export interface PlainObject {
  readonly [name: string]: PlainValue | undefined;
}

/** `Array.isArray` alone does not narrow to readonly arrays. */
export function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export function isObject(value: ExpressionValue | undefined): value is ExpressionObject {
  return typeof value === 'object' && value !== null && !isArray(value) && !Secret.is(value);
}

/** What a value is, for messages; never the value. */
export function kindOf(value: ExpressionValue): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'boolean':
      return 'a boolean';
    case 'bigint':
      return 'an integer';
    case 'number':
      return Number.isSafeInteger(value) ? 'an integer' : 'a float';
    case 'string':
      return 'a text';
    default:
      if (Secret.is(value)) return 'a text';
      return isArray(value) ? 'an array' : 'an object';
  }
}
