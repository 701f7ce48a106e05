import { type Data, DataType, DateUnit, type Field, Precision, TimeUnit, type Timestamp } from 'apache-arrow';

import { specOf, wordCount } from '../decimal/decimal-spec.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { isWritableDay, SECONDS_PER_DAY, writeClock, writeDay, writeT, writeZ } from './calendar-cells.ts';
import { writeNumber, writeSigned, writeUnsigned } from './digit-text.ts';

/** Writes the value of `row` to `out` from `at` on, where there is room for it, and returns where it ends. */
export type CellEncoder = (out: Uint8Array, at: number, row: number) => number;

/** How values of one column are written. */
export interface ValueCells {
  /** The longest. */
  readonly maxBytes: number;
  /** For the rows of one batch. The encoder throws `VALUE_INVALID`. */
  open(data: Data): CellEncoder;
}

const WORD = 0x1_0000_0000;
/** A sign, the digits of 64 bits, and a point. */
const NUMBER_BYTES = 24;
/** `yyyy-MM-ddTHH:mm:ss.SSSSSSSSSZ`. */
const INSTANT_BYTES = 30;
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
/** Up to here products with a power of ten stay exact. */
const PLAIN_PLACES = 6;
const MAX_EXACT = 1e15;
const FRACTION_DIGITS = {
  [TimeUnit.SECOND]: 0,
  [TimeUnit.MILLISECOND]: 3,
  [TimeUnit.MICROSECOND]: 6,
  [TimeUnit.NANOSECOND]: 9,
} as const;

/** Undefined for text, and for types that are not written. @throws `TYPE_UNSUPPORTED` for a decimal that is none. */
export function valueCells(field: Field): ValueCells | undefined {
  const { type } = field;
  if (DataType.isBool(type)) return { maxBytes: FALSE.length, open: boolCells };
  if (DataType.isInt(type)) {
    const { isSigned } = type;
    if (type.bitWidth < 64) return { maxBytes: NUMBER_BYTES, open: smallIntegerCells };
    return { maxBytes: NUMBER_BYTES, open: (data) => longCells(wordsOf(data), isSigned) };
  }
  if (DataType.isFloat(type) && type.precision === Precision.DOUBLE)
    return { maxBytes: NUMBER_BYTES, open: doubleCells };
  if (DataType.isDecimal(type)) {
    const { precision, scale, bitWidth } = specOf(type);
    const count = wordCount(bitWidth);
    return {
      maxBytes: 80 + Math.abs(scale) + precision,
      open: (data) => {
        const words: Uint32Array = data.values;
        return (out, at, row) => writeSigned(out, at, words, row * count, count, scale);
      },
    };
  }
  if (DataType.isDate(type) && type.unit === DateUnit.DAY) return { maxBytes: INSTANT_BYTES, open: dateCells(field) };
  if (DataType.isTimestamp(type)) return { maxBytes: INSTANT_BYTES, open: timestampCells(field, type) };
  if (DataType.isTime(type)) {
    const digits = FRACTION_DIGITS[type.unit];
    return { maxBytes: INSTANT_BYTES, open: (data) => timeCells(data, digits) };
  }
  return undefined;
}

function boolCells({ values, offset }: Data): CellEncoder {
  // Bits, which a slice of a batch shares with the whole.
  const bits: Uint8Array = values;
  return (out, at, row) => {
    const bit = offset + row;
    const text = ((bits[bit >> 3]! >> (bit & 7)) & 1) === 1 ? TRUE : FALSE;
    for (let i = 0; i < text.length; i++) out[at + i] = text[i]!;
    return at + text.length;
  };
}

function smallIntegerCells(data: Data): CellEncoder {
  const values: Int32Array = data.values;
  return (out, at, row) => writeNumber(out, at, values[row]!, 0);
}

function longCells(words: Uint32Array, isSigned: boolean): CellEncoder {
  if (!isSigned) return (out, at, row) => writeUnsigned(out, at, words, row * 2);
  return (out, at, row) => writeSigned(out, at, words, row * 2, 2, 0);
}

/** The shortest text that makes the same double. */
function doubleCells(data: Data): CellEncoder {
  const values: Float64Array = data.values;
  return (out, at, row) => {
    const value = values[row]!;
    for (let places = 0, power = 1; places <= PLAIN_PLACES; places++, power *= 10) {
      const whole = value * power;
      if (Math.abs(whole) >= MAX_EXACT) break;
      const rounded = Math.round(whole);
      // A whole number of 15 digits over a power of ten is the double nearest to that text.
      if (rounded / power === value && !Object.is(value, -0)) return writeNumber(out, at, rounded, places);
    }
    const text = Object.is(value, -0) ? '-0' : String(value);
    for (let i = 0; i < text.length; i++) out[at + i] = text.charCodeAt(i);
    return at + text.length;
  };
}

function dateCells(field: Field): ValueCells['open'] {
  return (data) => {
    const values: Int32Array = data.values;
    return (out, at, row) => {
      const days = values[row]!;
      if (!isWritableDay(days)) throw unwritable(field, row);
      return writeDay(out, at, days);
    };
  };
}

function timestampCells(field: Field, { unit, timezone }: Timestamp): ValueCells['open'] {
  const digits = FRACTION_DIGITS[unit];
  const isZoned = timezone !== null && timezone !== undefined && timezone !== '';
  return (data) => {
    const split = secondsIn(data, digits);
    return (out, at, row) => {
      const seconds = split.whole(row);
      const days = Math.floor(seconds / SECONDS_PER_DAY);
      if (!isWritableDay(days)) throw unwritable(field, row);
      let to = writeT(out, writeDay(out, at, days));
      to = writeClock(out, to, seconds - days * SECONDS_PER_DAY, split.fraction(row, seconds), digits);
      return isZoned ? writeZ(out, to) : to;
    };
  };
}

function timeCells(data: Data, digits: number): CellEncoder {
  if (digits <= 3) {
    const values: Int32Array = data.values;
    const unitsPerSecond = 10 ** digits;
    return (out, at, row) => {
      const seconds = Math.floor(values[row]! / unitsPerSecond);
      return writeZ(out, writeClock(out, at, seconds, values[row]! - seconds * unitsPerSecond, digits));
    };
  }
  const split = secondsIn(data, digits);
  return (out, at, row) => {
    const seconds = split.whole(row);
    return writeZ(out, writeClock(out, at, seconds, split.fraction(row, seconds), digits));
  };
}

interface Seconds {
  /** Whole ones, rounded down. */
  whole(row: number): number;
  /** What is left, in units. */
  fraction(row: number, whole: number): number;
}

/** Values of 64 bits in units of ten to the minus `digits` seconds, as seconds. */
function secondsIn(data: Data, digits: number): Seconds {
  const unitsPerSecond = 10 ** digits;
  if (digits > 3) {
    // Finer units are no exact doubles.
    const values: BigInt64Array = data.values;
    const units = BigInt(unitsPerSecond);
    const rest = (row: number): bigint => ((values[row]! % units) + units) % units;
    return { whole: (row) => Number((values[row]! - rest(row)) / units), fraction: (row) => Number(rest(row)) };
  }
  const words = wordsOf(data);
  // Beyond exact doubles it is beyond the year 9999, too.
  const units = (row: number): number => (words[row * 2 + 1]! | 0) * WORD + words[row * 2]!;
  return {
    whole: (row) => Math.floor(units(row) / unitsPerSecond),
    fraction: (row, whole) => units(row) - whole * unitsPerSecond,
  };
}

function wordsOf({ values }: Data): Uint32Array {
  // Values of 64 bits, whatever the array shows them as.
  const { buffer, byteOffset, byteLength } = values as BigInt64Array;
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

function unwritable({ name }: Field, row: number): SluiceError {
  return new SluiceError('VALUE_INVALID', `row ${row}, column ${name}: a date outside of the years 0001 to 9999`, {
    hint: 'Cast the column to a number or a text in the mapping.',
    details: { row },
  });
}
