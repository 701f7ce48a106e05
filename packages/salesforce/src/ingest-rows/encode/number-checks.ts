import { type CellEncoder, valueCells } from '@sluice/core/cells';
import { type NumberText, readNumberText, specOf } from '@sluice/core/decimal';
import { type Data, DataType, type Field } from 'apache-arrow';

import type { PlannedColumn } from '../ingest-plan.ts';
import { INEXACT, type ValueCheck } from './value-check.ts';

/** What a double keeps of any number. Salesforce help, "Numbers lose digits after the fifteenth", read 2026-11. */
const EXACT_DIGITS = 15;
const MAX_EXACT_UNSCALED = 10 ** EXACT_DIGITS;
const WORD = 0x1_0000_0000;
/** Where the zeros a number ends in are found by its words. */
const MAX_QUICK = 1e18;

const text: NumberText = { isNegative: false, first: 0, last: 0, digits: 0, exponent: 0 };
const scratch = new Uint8Array(512);

/** What is asked of the numbers of a column. */
export interface NumberBounds {
  /** Digits left of the point, at most. */
  readonly wholeDigits: number;
  readonly isWhole: boolean;
  /** Whether the org keeps a double. */
  readonly isDouble: boolean;
}

export function numberBounds({ maxWholeDigits, isWhole, isDouble }: PlannedColumn): NumberBounds {
  return { wholeDigits: maxWholeDigits ?? Infinity, isWhole: isWhole === true, isDouble: isDouble === true };
}

/** What is wrong with the number that is written `bytes[start, end)`. */
export function numberFault(
  bytes: Uint8Array,
  start: number,
  end: number,
  bounds: NumberBounds,
): string | typeof INEXACT | undefined {
  if (!readNumberText(bytes, start, end, text)) return expectedNumber(bounds);
  if (text.digits === 0) return undefined;
  if (bounds.isWhole && text.exponent < 0) return expectedNumber(bounds);
  if (text.digits + text.exponent > bounds.wholeDigits) return expectedDigits(bounds);
  return bounds.isDouble && text.digits > EXACT_DIGITS ? INEXACT : undefined;
}

export function expectedNumber({ isWhole }: NumberBounds): string {
  return isWhole ? 'expected a whole number' : 'expected a number';
}

function expectedDigits({ wholeDigits }: NumberBounds): string {
  return `expected at most ${wholeDigits} digits before the point`;
}

/** What is wrong with a number; undefined for a column of another type, and where every number is right. */
export function numberCheck(field: Field, bounds: NumberBounds): ValueCheck | undefined {
  const { type } = field;
  if (DataType.isFloat(type)) return (data) => doubleCheck(data, bounds);
  if (DataType.isDecimal(type)) {
    const { precision, scale, bitWidth } = specOf(type);
    const fits = precision - scale <= bounds.wholeDigits && (!bounds.isWhole || scale <= 0);
    if (fits && (precision <= EXACT_DIGITS || !bounds.isDouble)) return undefined;
    return (data) => wordsCheck(field, data, { count: bitWidth / 32, scale, isSigned: true }, bounds);
  }
  if (!DataType.isInt(type)) return undefined;
  if (type.bitWidth < 64) {
    const limit = 10 ** bounds.wholeDigits;
    if (limit > 2 ** (type.isSigned ? type.bitWidth - 1 : type.bitWidth)) return undefined;
    return (data) => smallCheck(data, limit, bounds);
  }
  const { isSigned } = type;
  return (data) => wordsCheck(field, data, { count: 2, scale: 0, isSigned }, bounds);
}

function doubleCheck(data: Data, bounds: NumberBounds): ReturnType<ValueCheck> {
  const values: Float64Array = data.values;
  const limit = 10 ** bounds.wholeDigits;
  return (row) => {
    const value = values[row]!;
    if (!Number.isFinite(value) || (bounds.isWhole && !Number.isInteger(value))) return expectedNumber(bounds);
    return Math.abs(value) >= limit ? expectedDigits(bounds) : undefined;
  };
}

function smallCheck(data: Data, limit: number, bounds: NumberBounds): ReturnType<ValueCheck> {
  const values: Int32Array = data.values;
  return (row) => (Math.abs(values[row]!) >= limit ? expectedDigits(bounds) : undefined);
}

interface WordNumbers {
  /** Words of 32 bits for each number. */
  readonly count: number;
  readonly scale: number;
  readonly isSigned: boolean;
}

/** By the words while they make a number that is small and an exact double, else by its text. */
function wordsCheck(
  field: Field,
  data: Data,
  { count, scale, isSigned }: WordNumbers,
  bounds: NumberBounds,
): ReturnType<ValueCheck> {
  const { buffer, byteOffset, byteLength }: Uint32Array = data.values;
  const words = new Uint32Array(buffer, byteOffset, byteLength / 4);
  const write: CellEncoder | undefined = valueCells(field)?.open(data);
  const wholeLimit = 10 ** (bounds.wholeDigits + scale);
  const unit = 10 ** Math.max(scale, 0);
  return (row) => {
    const at = row * count;
    const size = magnitude(words, at, count, isSigned);
    if (size < Math.min(MAX_EXACT_UNSCALED, wholeLimit) && (!bounds.isWhole || size % unit === 0)) return undefined;
    if (bounds.isDouble && !bounds.isWhole && size < Math.min(MAX_QUICK, wholeLimit)) {
      return hasZeros(words, at, size, isSigned) ? undefined : INEXACT;
    }
    const end = write?.(scratch, 0, row) ?? 0;
    return numberFault(scratch, 0, end, bounds);
  };
}

/** The number without its sign, as the nearest double; Infinity where it takes more than 64 bits. */
function magnitude(words: Uint32Array, at: number, count: number, isSigned: boolean): number {
  const extension = isSigned && words[at + count - 1]! >= 0x8000_0000 ? 0xffff_ffff : 0;
  for (let i = at + 2; i < at + count; i++) if (words[i] !== extension) return Infinity;
  return ((words[at + 1]! ^ extension) >>> 0) * WORD + ((words[at]! ^ extension) >>> 0) + (extension & 1);
}

/**
 * Whether a number of 64 bits, at least 1e15, ends in so many zeros that 15 digits are left. Its size may be off by less
 * than what a number that has the zeros could be.
 */
function hasZeros(words: Uint32Array, at: number, size: number, isSigned: boolean): boolean {
  let divisor = 1;
  for (let limit = MAX_EXACT_UNSCALED; size >= limit; limit *= 10) divisor *= 10;
  const high = isSigned ? words[at + 1]! | 0 : words[at + 1]!;
  // The remainder of the upper word times 2^32 stays an exact double.
  return ((high % divisor) * (WORD % divisor) + words[at]!) % divisor === 0;
}
