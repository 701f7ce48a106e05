import { DataType, type Decimal, type Float, type Int, Precision } from 'apache-arrow';

import { specOf } from '../../decimal/decimal-spec.ts';

/** What a number type has room for, in words. */
export function roomOf(type: DataType): string {
  if (DataType.isBool(type)) return '0 or 1';
  if (DataType.isInt(type)) {
    const most = 2n ** BigInt(type.isSigned ? type.bitWidth - 1 : type.bitWidth) - 1n;
    return `a whole number from ${type.isSigned ? -most - 1n : 0n} to ${most}`;
  }
  if (DataType.isDecimal(type)) return `at most ${type.precision - type.scale} digits before the point`;
  return `a number that ${isSingle(type) ? 'a single' : 'a double'} can hold`;
}

export function isSingle(type: DataType): boolean {
  return DataType.isFloat(type) && type.precision === Precision.SINGLE;
}

/** Whether values are JavaScript numbers that nothing gets lost in. */
export function isSmallNumber(type: DataType): boolean {
  return isFullFloat(type) || (DataType.isInt(type) && type.bitWidth < 64);
}

export function isFullFloat(type: DataType): type is Float {
  return DataType.isFloat(type) && type.precision !== Precision.HALF;
}

/** @throws `TYPE_UNSUPPORTED` for a decimal that is none. */
export function isNumberType(type: DataType): type is Int | Float | Decimal {
  if (DataType.isDecimal(type)) specOf(type);
  return DataType.isInt(type) || isFullFloat(type) || DataType.isDecimal(type);
}
