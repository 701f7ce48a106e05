import { type WordCells, wordCells } from '@sluice/core/cells';
import { type ExcessDigits, specOf } from '@sluice/core/decimal';
import { DataType, TimeUnit } from 'apache-arrow';

import {
  boolRuns,
  dateRuns,
  decimalRuns,
  doubleRuns,
  integerRuns,
  type RunReader,
  timeRuns,
  timestampRuns,
} from './kernel/run-reader.ts';

/** How cells of a type other than text are read: into 32-bit words first, the same number for each row. */
export interface WordType extends WordCells {
  /** Reads the usual notations as `parse` does, and leaves the others to it. */
  readonly readRun: RunReader;
}

const FRACTION_DIGITS = {
  [TimeUnit.SECOND]: 0,
  [TimeUnit.MILLISECOND]: 3,
  [TimeUnit.MICROSECOND]: 6,
  [TimeUnit.NANOSECOND]: 9,
} as const;

/** Undefined for a type that cells cannot be read as. */
export function wordType(type: DataType, excessDigits: ExcessDigits): WordType | undefined {
  const cells = wordCells(type, excessDigits);
  return cells === undefined ? undefined : { ...cells, readRun: runReader(type, excessDigits, cells.wordCount) };
}

/** Of a type that cells can be read as. */
function runReader(type: DataType, excessDigits: ExcessDigits, wordCount: number): RunReader {
  if (DataType.isBool(type)) return boolRuns;
  if (DataType.isInt(type)) return integerRuns(type.bitWidth, type.isSigned);
  if (DataType.isFloat(type)) return doubleRuns;
  if (DataType.isDecimal(type)) return decimalRuns(specOf(type), excessDigits);
  if (DataType.isTimestamp(type)) return timestampRuns(FRACTION_DIGITS[type.unit]);
  if (DataType.isTime(type)) return timeRuns(FRACTION_DIGITS[type.unit], wordCount);
  return dateRuns;
}
