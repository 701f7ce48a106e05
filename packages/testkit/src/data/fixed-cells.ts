import type { RowValue } from '@sluice/core';
import { DataType, DateUnit, IntervalUnit, Precision, TimeUnit } from 'apache-arrow';

import { unscaledOf, writeWords } from './decimal-words.ts';
import { halfBits } from './half-float.ts';
import { daysOf, instantUnits, timeUnits } from './time-units.ts';
import { valueText } from './value-text.ts';

export const FRACTION_DIGITS = {
  [TimeUnit.SECOND]: 0,
  [TimeUnit.MILLISECOND]: 3,
  [TimeUnit.MICROSECOND]: 6,
  [TimeUnit.NANOSECOND]: 9,
} as const;

type Numbers = Int32Array | Uint32Array | BigInt64Array | Uint16Array | Float64Array;

/**
 * The values of a column whose rows are numbers of one width; undefined for any other type. Nulls are zeros.
 *
 * Cells are what rows hold: text for decimals, dates, times and instants; `[months]`, `[days, ms]` or
 * `[months, days, ns]` for intervals.
 */
export function fixedCells(type: DataType, cells: readonly RowValue[]): Numbers | undefined {
  if (DataType.isFloat(type) && type.precision === Precision.HALF) {
    return Uint16Array.from(cells, (cell) => halfBits(Number(cell ?? 0)));
  }
  if (DataType.isInt(type) || DataType.isFloat(type)) {
    const array = new type.ArrayType(cells.length);
    cells.forEach(
      (cell, i) =>
        (array[i] =
          array instanceof BigInt64Array || array instanceof BigUint64Array
            ? BigInt(integer(cell))
            : Number(cell ?? 0)),
    );
    // All numeric arrays are filled alike.
    return array as Numbers;
  }
  if (DataType.isDecimal(type)) return decimals(type.bitWidth / 32, type.scale, cells);
  if (DataType.isDate(type)) {
    return type.unit === DateUnit.DAY
      ? Int32Array.from(cells, (cell) => (cell === null ? 0 : daysOf(valueText(cell))))
      : longs(cells, (text) => instantUnits(text, 3));
  }
  if (DataType.isTimestamp(type)) return longs(cells, (text) => instantUnits(text, FRACTION_DIGITS[type.unit]));
  if (DataType.isTime(type)) {
    const units = (cell: RowValue): bigint =>
      cell === null ? 0n : timeUnits(valueText(cell), FRACTION_DIGITS[type.unit]);
    return type.bitWidth === 64
      ? BigInt64Array.from(cells, units)
      : Int32Array.from(cells, (cell) => Number(units(cell)));
  }
  if (DataType.isDuration(type)) return BigInt64Array.from(cells, (cell) => BigInt(integer(cell)));
  if (DataType.isInterval(type)) return intervals(type.unit, cells);
  return undefined;
}

function integer(cell: RowValue): bigint | number {
  return typeof cell === 'bigint' || typeof cell === 'number' ? cell : 0;
}

function longs(cells: readonly RowValue[], units: (text: string) => bigint): BigInt64Array {
  return BigInt64Array.from(cells, (cell) => (cell === null ? 0n : units(valueText(cell))));
}

function decimals(wordsEach: number, scale: number, cells: readonly RowValue[]): Uint32Array {
  const words = new Uint32Array(cells.length * wordsEach);
  cells.forEach((cell, i) => {
    if (cell !== null)
      writeWords(unscaledOf(valueText(cell), scale), words.subarray(i * wordsEach, (i + 1) * wordsEach));
  });
  return words;
}

function intervals(unit: IntervalUnit, cells: readonly RowValue[]): Int32Array {
  const width = unit === IntervalUnit.YEAR_MONTH ? 1 : unit === IntervalUnit.DAY_TIME ? 2 : 4;
  const words = new Int32Array(cells.length * width);
  cells.forEach((cell, i) => {
    if (!Array.isArray(cell)) return;
    const [first, second, nanoseconds] = cell.map((part: RowValue) => BigInt(integer(part)));
    words[i * width] = Number(first ?? 0n);
    if (width > 1) words[i * width + 1] = Number(second ?? 0n);
    if (width === 4) {
      words[i * width + 2] = Number(BigInt.asIntN(32, nanoseconds ?? 0n));
      words[i * width + 3] = Number(BigInt.asIntN(32, (nanoseconds ?? 0n) >> 32n));
    }
  });
  return words;
}
