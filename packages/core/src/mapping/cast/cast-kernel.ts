import type { Data, DataType } from 'apache-arrow';

import { forEachValidRun } from '../../arrow/validity.ts';
import type { ExcessDigits } from '../../decimal/decimal-spec.ts';
import { columnBuilder } from '../column-builder.ts';
import type { ColumnOpener } from '../column-reader.ts';
import type { AnyValue } from '../column-value.ts';
import type { FailRow } from '../failed-rows.ts';

export interface CastOptions {
  /** Digits that a number has no room for. Default `error`. */
  readonly excessDigits: ExcessDigits;
  /** What is finer than the unit of an instant or a time: `cut` goes back to the unit before. Default `error`. */
  readonly excessTime: 'error' | 'cut';
}

/** Makes a column of another type. Nulls stay nulls; a row that fails may become anything. */
export type CastKernel = (data: Data, fail: FailRow) => Data;

/** Gives the value of the other type, or undefined after `fail`. */
export type ConvertValue = (value: AnyValue, fail: (reason: string) => void) => AnyValue | undefined;

/** A kernel that goes value by value; `expected` says what of the type would have had room. */
export function valueKernel(open: ColumnOpener, to: DataType, convert: ConvertValue, expected: string): CastKernel {
  const build = columnBuilder(to)!; // The types that are cast to can be built.
  return (data, fail) => {
    const read = open(data);
    const builder = build(data.length);
    let row = 0;
    const failHere = (reason: string): void => fail(row, reason);
    forEachValidRun(data, 0, data.length, (from, end) => {
      for (row = from; row < end; row++) {
        const value = read(row);
        if (value === undefined) continue;
        const converted = convert(value, failHere);
        if (converted !== undefined && !builder.set(row, converted)) fail(row, `expected ${expected}`);
      }
    });
    return builder.finish();
  };
}

/** One kernel after the other. */
export function inTurn(first: CastKernel, second: CastKernel): CastKernel {
  return (data, fail) => second(first(data, fail), fail);
}
