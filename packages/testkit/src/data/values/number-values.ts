import { Precision } from 'apache-arrow';

import { decimalTextOf } from '../decimal-words.ts';

/** The edges of an integer type, and what lies beyond the exact range of a double. */
export function integerValues(bitWidth: number, isSigned: boolean): readonly (number | bigint)[] {
  const bits = BigInt(bitWidth);
  const max = (1n << (isSigned ? bits - 1n : bits)) - 1n;
  const min = isSigned ? -max - 1n : 0n;
  const all = [0n, 1n, max, min, max - 1n, min + 1n, 9_007_199_254_740_993n, isSigned ? -1n : 2n, 100n, 42n];
  const fitting = all.filter((value) => value >= min && value <= max);
  return bitWidth === 64 ? fitting : fitting.map(Number);
}

export function floatValues(precision: Precision): readonly number[] {
  const common = [0, -0, 1.5, -2.25, 1024, Infinity, -Infinity, NaN];
  if (precision === Precision.HALF) return [...common, 65_504];
  if (precision === Precision.SINGLE) return [...common, Math.fround(0.1), Math.fround(3.402_823_466e38), 1e10];
  return [...common, 0.1, Number.MAX_VALUE, Number.MIN_VALUE, 1e21, 123_456_789.123_456_79, 9_007_199_254_740_991];
}

/** The least and greatest of a precision and scale, trailing zeros, and values that no double holds. */
export function decimalValues(precision: number, scale: number): readonly string[] {
  const max = 10n ** BigInt(precision) - 1n;
  const one = 10n ** BigInt(Math.max(0, scale));
  const all = [0n, 1n, -1n, max, -max, max - 1n, one, -one, one * 100n, max / 3n];
  return all.filter((value) => value >= -max && value <= max).map((value) => decimalTextOf(value, scale));
}
