import type { DecimalSpec, ExcessDigits } from '@sluice/core/decimal';

import type { KernelExports } from './kernel-exports.ts';
import { AT } from './kernel-memory.ts';

/** Reads a run of rows of one column into the kernel's words, and returns the number of notes. */
export type RunReader = (kernel: KernelExports, cells: number, stride: number, rows: number) => number;

export const boolRuns: RunReader = (kernel, cells, stride, rows) =>
  kernel.readBools(cells, stride, rows, AT.window, AT.values, AT.notes);

export const doubleRuns: RunReader = (kernel, cells, stride, rows) =>
  kernel.readDoubles(cells, stride, rows, AT.window, AT.values, AT.notes);

export const dateRuns: RunReader = (kernel, cells, stride, rows) =>
  kernel.readDates(cells, stride, rows, AT.window, AT.values, AT.notes);

export function integerRuns(bitWidth: number, isSigned: boolean): RunReader {
  return (kernel, cells, stride, rows) =>
    kernel.readIntegers(cells, stride, rows, AT.window, AT.values, AT.notes, bitWidth, Number(isSigned));
}

export function decimalRuns({ precision, scale, bitWidth }: DecimalSpec, excessDigits: ExcessDigits): RunReader {
  const roundsHalfUp = Number(excessDigits === 'round');
  const isWide = Number(bitWidth === 256);
  return (kernel, cells, stride, rows) =>
    kernel.readDecimals(cells, stride, rows, AT.window, AT.values, AT.notes, scale, precision, roundsHalfUp, isWide);
}

export function timestampRuns(digits: number): RunReader {
  return (kernel, cells, stride, rows) =>
    kernel.readTimestamps(cells, stride, rows, AT.window, AT.values, AT.notes, digits);
}

export function timeRuns(digits: number, wordCount: number): RunReader {
  const isWide = Number(wordCount === 2);
  return (kernel, cells, stride, rows) =>
    kernel.readTimes(cells, stride, rows, AT.window, AT.values, AT.notes, digits, isWide);
}
