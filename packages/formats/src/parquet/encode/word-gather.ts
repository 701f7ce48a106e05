import { SluiceError } from '@sluice/core';

import type { Gather } from './word-values.ts';

/** Values that are four bytes in Arrow and in Parquet. */
export const copyWords: Gather = (data, rows, from, count, out, at) => {
  // Taken bit by bit: reading floats as numbers could change the bits of a NaN.
  const source = words(data.values);
  if (rows === undefined) {
    out.set(source.subarray(from, from + count), at);
    return;
  }
  for (let i = 0; i < count; i++) out[at + i] = source[rows[i]!]!;
};

/** Values that are eight bytes in Arrow and in Parquet. */
export const copyLongs: Gather = (data, rows, from, count, out, at) => {
  const source = words(data.values);
  if (rows === undefined) {
    out.set(source.subarray(from * 2, (from + count) * 2), at * 2);
    return;
  }
  for (let i = 0; i < count; i++) {
    const word = rows[i]! * 2;
    out[(at + i) * 2] = source[word]!;
    out[(at + i) * 2 + 1] = source[word + 1]!;
  }
};

/** Integers of one or two bytes. */
export const widenSmall: Gather = (data, rows, from, count, out, at) => {
  const source: Int8Array | Int16Array | Uint8Array | Uint16Array = data.values;
  for (let i = 0; i < count; i++) out[at + i] = source[rows === undefined ? from + i : rows[i]!]!;
};

/** Times of day of four bytes, which never exceed a day, to eight bytes of a finer unit. */
export function scaleTimes(factor: number): Gather {
  return (data, rows, from, count, out, at) => {
    const source: Int32Array = data.values;
    for (let i = 0; i < count; i++) {
      const scaled = source[rows === undefined ? from + i : rows[i]!]! * factor;
      out[(at + i) * 2] = scaled;
      out[(at + i) * 2 + 1] = Math.floor(scaled / 0x1_0000_0000);
    }
  };
}

/** Instants to a finer unit, without bigints: the low word times the factor is exact, and its overflow goes to the high one. */
export function scaleLongs(column: string, factor: 1_000 | 1_000_000): Gather {
  return (data, rows, from, count, out, at) => {
    const source = words(data.values);
    for (let i = 0; i < count; i++) {
      const word = (rows === undefined ? from + i : rows[i]!) * 2;
      const low = (source[word]! >>> 0) * factor;
      const high = source[word + 1]! * factor + Math.floor(low / 0x1_0000_0000);
      if (high !== (high | 0)) throw outOfRange(column, 'lies beyond what 64 bits of microseconds hold');
      out[(at + i) * 2] = low;
      out[(at + i) * 2 + 1] = high;
    }
  };
}

/** Nanoseconds to microseconds, for values that lose nothing. */
export function divideNanoseconds(column: string): Gather {
  return (data, rows, from, count, out, at) => {
    const source: BigInt64Array = data.values;
    const target = new BigInt64Array(out.buffer, out.byteOffset, out.length >> 1);
    for (let i = 0; i < count; i++) {
      const value = source[rows === undefined ? from + i : rows[i]!]!;
      if (value % 1000n !== 0n) {
        throw outOfRange(
          column,
          'is finer than a microsecond',
          `Cast column ${column} to microseconds in the mapping, which says how to round.`,
        );
      }
      target[at + i] = value / 1000n;
    }
  };
}

/** Arrow's dates in milliseconds to days. */
export function divideDates(column: string): Gather {
  return (data, rows, from, count, out, at) => {
    const source: ArrayLike<bigint> = data.values;
    for (let i = 0; i < count; i++) {
      const days = Number(source[rows === undefined ? from + i : rows[i]!]!) / 86_400_000;
      if (days !== (days | 0)) throw outOfRange(column, 'is a date with a time of day');
      out[at + i] = days;
    }
  };
}

/** Decimal128 with at most 9 digits. */
export function narrowDecimals(column: string, precision: number): Gather {
  const hasMoreDigits = digitCheck(precision);
  const bound = 10 ** precision;
  return (data, rows, from, count, out, at) => {
    const source = words(data.values);
    for (let i = 0; i < count; i++) {
      const word = (rows === undefined ? from + i : rows[i]!) * 4;
      const low = source[word]!;
      const isSmall = low < bound && low > -bound && isExtended(source, word, low >> 31);
      if (!isSmall && hasMoreDigits(source, word)) throw tooManyDigits(column);
      out[at + i] = low;
    }
  };
}

/** Decimal128 with at most 18 digits. */
export function halveDecimals(column: string, precision: number): Gather {
  const hasMoreDigits = digitCheck(precision);
  const bound = Math.floor(10 ** precision / 0x1_0000_0000);
  return (data, rows, from, count, out, at) => {
    const source = words(data.values);
    for (let i = 0; i < count; i++) {
      const word = (rows === undefined ? from + i : rows[i]!) * 4;
      const high = source[word + 1]!;
      const sign = high >> 31;
      const isSmall = high < bound && high >= -bound && source[word + 2] === sign && source[word + 3] === sign;
      if (!isSmall && hasMoreDigits(source, word)) throw tooManyDigits(column);
      out[(at + i) * 2] = source[word]!;
      out[(at + i) * 2 + 1] = high;
    }
  };
}

/** Whether the words above the lowest say nothing but its sign. */
function isExtended(source: Int32Array, word: number, sign: number): boolean {
  return source[word + 1] === sign && source[word + 2] === sign && source[word + 3] === sign;
}

/**
 * Tells whether the Decimal128 at a word needs more than so many digits. One that does not also fits the bytes that
 * Parquet gives so many digits.
 */
export function digitCheck(precision: number): (source: Int32Array, word: number) => boolean {
  const bound = 10n ** BigInt(precision);
  const most = unsignedWords(bound);
  const least = unsignedWords(-bound);
  return (source, word) => {
    const isNegative = source[word + 3]! < 0;
    const limit = isNegative ? least : most;
    for (let i = 3; i >= 0; i--) {
      const difference = (source[word + i]! >>> 0) - limit[i]!;
      if (difference !== 0) return isNegative === difference < 0;
    }
    return true;
  };
}

function unsignedWords(value: bigint): Uint32Array {
  return new Uint32Array(BigUint64Array.of(BigInt.asUintN(64, value), BigInt.asUintN(64, value >> 64n)).buffer);
}

export function words(values: ArrayBufferView): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.byteLength >> 2);
}

export function tooManyDigits(column: string): SluiceError {
  return outOfRange(column, 'has more digits than its type declares');
}

function outOfRange(column: string, what: string, hint?: string): SluiceError {
  return new SluiceError('VALUE_INVALID', `a value of column ${column} ${what}`, hint === undefined ? {} : { hint });
}
