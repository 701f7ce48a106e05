import { decimalType } from '@sluice/core/decimal';
import {
  Bool,
  DateDay,
  Dictionary,
  Int32,
  Int64,
  TimeMillisecond,
  TimestampMillisecond,
  Utf8,
  type DataType,
} from 'apache-arrow';

import type { FieldDescribe } from './sobject-describe.ts';

export interface TypeOptions {
  /** Room for more fraction digits than the org declares. */
  readonly widen: boolean;
  /** Picklists become dictionaries. */
  readonly dictionaries: boolean;
}

const MAX_PRECISION = 38;
/** Where the org declares nothing usable. */
const UNDECLARED = { precision: MAX_PRECISION, scale: 18 } as const;
/** The least scale of a number that the org computes with more digits than usual. */
const HIGH_SCALE = 8;

const CONSTRUCTORS: Readonly<Record<string, () => DataType>> = {
  int: () => new Int32(),
  long: () => new Int64(),
  boolean: () => new Bool(),
  date: () => new DateDay(),
  datetime: () => new TimestampMillisecond('UTC'),
  time: () => new TimeMillisecond(),
};

const DECIMAL_TYPES = new Set(['currency', 'double', 'percent']);

/**
 * The Arrow type of a field's values; whatever is not listed is text.
 *
 * `dictionaryId` identifies the field's dictionary within its schema.
 */
export function arrowType(field: FieldDescribe, { widen, dictionaries }: TypeOptions, dictionaryId: number): DataType {
  if (isDecimalField(field)) {
    const { precision, scale } = decimalSize(field, widen);
    return decimalType(precision, scale);
  }
  if (dictionaries && field.type === 'picklist') return new Dictionary(new Utf8(), new Int32(), dictionaryId);
  return CONSTRUCTORS[field.type]?.() ?? new Utf8();
}

function isDecimalField({ type }: FieldDescribe): boolean {
  return DECIMAL_TYPES.has(type);
}

/**
 * Digits in all, and behind the point, for a number field.
 *
 * As declared, where the declaration makes sense. More fraction digits never cost integer digits: a high-scale number
 * and `widen` raise the precision along with the scale, to at most 38. `widen` gives the fraction all that the declared
 * integer digits leave.
 */
export function decimalSize(
  { precision, scale, highScaleNumber }: Pick<FieldDescribe, 'precision' | 'scale' | 'highScaleNumber'>,
  widen: boolean,
): { readonly precision: number; readonly scale: number } {
  if (precision == null || scale == null || precision <= 0 || precision > MAX_PRECISION) return UNDECLARED;
  if (scale < 0 || precision < scale) return UNDECLARED;
  const integerDigits = precision - scale;
  if (widen) return { precision: MAX_PRECISION, scale: MAX_PRECISION - integerDigits };
  if (highScaleNumber !== true || scale >= HIGH_SCALE) return { precision, scale };
  return { precision: Math.min(MAX_PRECISION, integerDigits + HIGH_SCALE), scale: HIGH_SCALE };
}
