import { DataType } from 'apache-arrow';

import { columnOpener } from '../column-reader.ts';
import type { AnyValue } from '../column-value.ts';
import { type CastKernel, type CastOptions, type ConvertValue, valueKernel } from './cast-kernel.ts';
import { doubleOfExact, type ExactNumber, exactOfNumber, isHeldBy, rescaled, roundedNumber } from './exact-number.ts';
import { isFullFloat, isNumberType, isSingle, isSmallNumber, roomOf } from './number-kind.ts';

/** Between numbers, and between whole numbers and booleans. Undefined for other types. */
export function numberCast(from: DataType, to: DataType, options: CastOptions): CastKernel | undefined {
  const isToggle = (DataType.isBool(from) && DataType.isInt(to)) || (DataType.isInt(from) && DataType.isBool(to));
  if (!isToggle && !(isNumberType(from) && isNumberType(to))) return undefined;
  return valueKernel(columnOpener(from)!, to, conversion(from, to, options), roomOf(to));
}

function conversion(from: DataType, to: DataType, options: CastOptions): ConvertValue {
  if (DataType.isBool(to)) return booleanOf;
  if (DataType.isBool(from)) {
    const [one, zero] = DataType.isInt(to) && to.bitWidth === 64 ? [1n, 0n] : [1, 0];
    return (value) => (value === true ? one : zero);
  }
  if (isSmallNumber(from) && isSmallNumber(to)) {
    // A number type that is small has numbers.
    return smallConversion(to, options) as ConvertValue;
  }
  return wideConversion(from, to, options);
}

function booleanOf(value: AnyValue, fail: (reason: string) => void): boolean | undefined {
  const number = Number(value);
  if (number !== 0 && number !== 1) fail('expected 0 or 1');
  return number === 1;
}

type Convert<From> = (value: From, fail: (reason: string) => void) => AnyValue | undefined;

function smallConversion(to: DataType, { excessDigits }: CastOptions): Convert<number> {
  if (DataType.isFloat(to)) {
    if (!isSingle(to) || excessDigits !== 'error') return (value) => value;
    return (value, fail) => {
      if (Number.isFinite(value) && Math.fround(value) !== value)
        return failing(fail, `expected ${roomOf(to)} exactly`);
      return value;
    };
  }
  if (excessDigits !== 'error') return (value) => roundedNumber(value, excessDigits);
  return (value) => value;
}

/** By way of whole numbers of any size. */
function wideConversion(from: DataType, to: DataType, { excessDigits }: CastOptions): ConvertValue {
  const exact = exactReader(from);
  if (isFullFloat(to)) return floatConversion(exact, to, excessDigits === 'error');
  const scale = DataType.isDecimal(to) ? to.scale : 0;
  const tooFine = DataType.isDecimal(to)
    ? `expected at most ${scale} digits behind the point`
    : `expected ${roomOf(to)}`;
  const isNarrow = DataType.isInt(to) && to.bitWidth < 64;
  return (value, fail) => {
    const number = exact(value);
    if (number === undefined) return failing(fail, 'expected a finite number');
    const unscaled = rescaled(number, scale, excessDigits);
    if (unscaled === undefined) return failing(fail, tooFine);
    return isNarrow ? Number(unscaled) : unscaled;
  };
}

function floatConversion(exact: ExactReader, to: DataType, isExact: boolean): ConvertValue {
  const single = isSingle(to);
  return (value, fail) => {
    const number = exact(value)!; // Whole numbers and decimals are finite.
    const double = doubleOfExact(number);
    const float = single ? Math.fround(double) : double;
    if (isExact && !(Number.isFinite(float) && isHeldBy(number, float, single))) {
      return failing(fail, `expected ${roomOf(to)} exactly`);
    }
    return double;
  };
}

type ExactReader = (value: AnyValue) => ExactNumber | undefined;

/** Undefined for what is not finite. */
function exactReader(type: DataType): ExactReader {
  if (isFullFloat(type)) {
    const single = isSingle(type);
    return (value) => (Number.isFinite(value) ? exactOfNumber(value as number, single) : undefined);
  }
  const scale = DataType.isDecimal(type) ? type.scale : 0;
  return (value) => ({ unscaled: BigInt(value as bigint | number), scale });
}

function failing(fail: (reason: string) => void, reason: string): undefined {
  fail(reason);
  return undefined;
}
