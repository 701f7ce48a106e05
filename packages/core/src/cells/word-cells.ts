import { DataType, DateUnit, type Int, Precision, TimeUnit } from 'apache-arrow';

import { type ExcessDigits, specOf, wordCount } from '../decimal/decimal-spec.ts';
import { decimalParser } from '../decimal/parse-decimal.ts';
import { parseBool } from './bool-cell.ts';
import type { CellParser } from './cell-parser.ts';
import { parseFloat64 } from './float-cell.ts';
import { parseDate, timeParser, timestampParser } from './instant-cell.ts';
import { integerParser } from './integer-cell.ts';

/** Makes the values of a column from the words its cells were read into. */
type WordPacking = (words: Uint32Array<ArrayBuffer>) => ArrayBufferView;

/** How cells of a type other than text are read: into 32-bit words first, the same number for each row. */
export interface WordCells {
  readonly parse: CellParser;
  readonly wordCount: number;
  /** What a value takes in the sense of `batchBytes`. */
  readonly slotBytes: number;
  readonly pack: WordPacking;
  /** What a cell ought to have been, where it is no value of the type, one out of range, or one too fine. */
  readonly expected: readonly [unreadable: string, tooLarge: string, tooFine: string];
}

const FRACTION_DIGITS = {
  [TimeUnit.SECOND]: 0,
  [TimeUnit.MILLISECOND]: 3,
  [TimeUnit.MICROSECOND]: 6,
  [TimeUnit.NANOSECOND]: 9,
} as const;

/** Undefined for a type that cells cannot be read as. */
export function wordCells(type: DataType, excessDigits: ExcessDigits): WordCells | undefined {
  if (DataType.isBool(type)) {
    return {
      parse: parseBool,
      wordCount: 1,
      slotBytes: 1,
      pack: packBits,
      expected: alike('true or false'),
    };
  }
  if (DataType.isInt(type)) return integerType(type);
  if (DataType.isFloat(type) && type.precision === Precision.DOUBLE) {
    const expected = ['a number', 'a number that a double can hold', 'a number'] as const;
    return {
      parse: parseFloat64,
      wordCount: 2,
      slotBytes: 8,
      pack: (words) => new Float64Array(words.buffer, 0, words.length / 2),
      expected,
    };
  }
  if (DataType.isDecimal(type)) {
    const spec = specOf(type);
    return {
      parse: decimalParser(spec, excessDigits),
      wordCount: wordCount(spec.bitWidth),
      slotBytes: spec.bitWidth / 8,
      pack: (words) => words,
      expected: [
        'a number',
        `at most ${spec.precision - spec.scale} digits before the point`,
        `at most ${spec.scale} digits behind the point`,
      ],
    };
  }
  return calendarType(type);
}

function integerType({ bitWidth, isSigned }: Int): WordCells {
  const max = 2n ** BigInt(isSigned ? bitWidth - 1 : bitWidth) - 1n;
  return {
    parse: integerParser(bitWidth, isSigned),
    wordCount: bitWidth === 64 ? 2 : 1,
    slotBytes: bitWidth / 8,
    pack: integerPacking(bitWidth, isSigned),
    expected: alike(`a whole number from ${isSigned ? -max - 1n : 0n} to ${max}`),
  };
}

function integerPacking(bitWidth: number, isSigned: boolean): WordPacking {
  switch (bitWidth) {
    case 8:
      return isSigned ? (words) => new Int8Array(words) : (words) => new Uint8Array(words);
    case 16:
      return isSigned ? (words) => new Int16Array(words) : (words) => new Uint16Array(words);
    case 32:
      return isSigned ? packInt32 : (words) => words;
    default:
      return isSigned ? packInt64 : (words) => new BigUint64Array(words.buffer, 0, words.length / 2);
  }
}

function calendarType(type: DataType): WordCells | undefined {
  if (DataType.isDate(type) && type.unit === DateUnit.DAY) {
    return {
      parse: parseDate,
      wordCount: 1,
      slotBytes: 4,
      pack: packInt32,
      expected: alike('a date such as 2024-04-16'),
    };
  }
  if (!DataType.isTimestamp(type) && !DataType.isTime(type)) return undefined;
  const digits = FRACTION_DIGITS[type.unit];
  const tooFine = `at most ${digits} fraction digits of a second`;
  if (DataType.isTimestamp(type)) {
    return {
      parse: timestampParser(digits),
      wordCount: 2,
      slotBytes: 8,
      pack: packInt64,
      expected: ['an instant such as 2024-04-16T19:00:00.000Z', 'an instant that 64 bits can hold', tooFine],
    };
  }
  const wordCount = type.bitWidth / 32;
  const expected = ['a time of day such as 19:00:00.000Z', 'a time of day', tooFine] as const;
  return {
    parse: timeParser(digits, wordCount),
    wordCount,
    slotBytes: wordCount * 4,
    pack: wordCount === 1 ? packInt32 : packInt64,
    expected,
  };
}

function packInt32(words: Uint32Array<ArrayBuffer>): Int32Array {
  return new Int32Array(words.buffer, 0, words.length);
}

function packInt64(words: Uint32Array<ArrayBuffer>): BigInt64Array {
  return new BigInt64Array(words.buffer, 0, words.length / 2);
}

function packBits(words: Uint32Array): Uint8Array {
  const bits = new Uint8Array((words.length + 7) >> 3);
  for (let i = 0; i < words.length; i++) bits[i >> 3]! |= words[i]! << (i & 7);
  return bits;
}

function alike(expected: string): WordCells['expected'] {
  return [expected, expected, expected];
}
