import { SluiceError } from '@sluice/core';
import { DataType, type Field, Precision, TimeUnit } from 'apache-arrow';
import type { SchemaElement } from 'hyparquet';

import { isByteColumn } from '../../bits/column-batch.ts';
import { ByteValues } from './byte-values.ts';
import { fixedBinaryValues, wideDecimalValues } from './fixed-bytes-values.ts';
import { int96Values } from './int96-values.ts';
import type { PageValues } from './page-values.ts';
import {
  copyLongs,
  copyWords,
  divideDates,
  divideNanoseconds,
  halveDecimals,
  narrowDecimals,
  scaleLongs,
  scaleTimes,
  widenSmall,
} from './word-gather.ts';
import { bitValues, type Gather, wordValues } from './word-values.ts';

/** How instants are stored. */
export type TimestampEncoding = 'int64-micros' | 'int96';

/** How one Arrow column stands in a Parquet file. */
export interface ColumnPlan {
  readonly name: string;
  readonly nullable: boolean;
  readonly element: SchemaElement;
  /** What a row of the column weighs besides text or bytes, when row groups are cut. */
  readonly rowBytes: number;
  /** Whether a batch's column has the planned type. A dictionary is an encoding, and may be another in each batch. */
  holds(type: DataType): boolean;
  createValues(): PageValues;
}

type Physical = Omit<SchemaElement, 'name' | 'repetition_type'>;

interface Encoded {
  readonly physical: Physical;
  readonly rowBytes: number;
  createValues(): PageValues;
}

const MAX_DECIMAL_DIGITS = 38;

/** @throws `TYPE_UNSUPPORTED` naming the column. */
export function planColumn(field: Field, timestamps: TimestampEncoding): ColumnPlan {
  const { rowBytes, physical, createValues } = encodedAs(field.name, field.type, timestamps);
  const element: SchemaElement = {
    ...physical,
    name: field.name,
    repetition_type: field.nullable ? 'OPTIONAL' : 'REQUIRED',
  };
  const planned = shapeOf(field.type);
  return {
    name: field.name,
    nullable: field.nullable,
    element,
    rowBytes,
    holds: (type) => shapeOf(type) === planned,
    createValues,
  };
}

function shapeOf(type: DataType): string {
  if (DataType.isDictionary(type)) return shapeOf(type.dictionary);
  if (DataType.isDecimal(type)) return `decimal ${type.bitWidth} ${type.precision} ${type.scale}`;
  return nameOf(type);
}

function nameOf(type: { toString(): string }): string {
  return type.toString();
}

function encodedAs(column: string, type: DataType, timestamps: TimestampEncoding): Encoded {
  if (DataType.isBool(type)) return { physical: { type: 'BOOLEAN' }, rowBytes: 1, createValues: bitValues };
  if (DataType.isInt(type)) return integers(type.bitWidth, type.isSigned);
  if (DataType.isFloat(type) && type.precision === Precision.SINGLE) {
    return { physical: { type: 'FLOAT' }, rowBytes: 4, createValues: () => wordValues(1, 'float', copyWords) };
  }
  if (DataType.isFloat(type) && type.precision === Precision.DOUBLE) {
    return { physical: { type: 'DOUBLE' }, rowBytes: 8, createValues: () => wordValues(2, 'double', copyLongs) };
  }
  if (DataType.isDecimal(type)) return decimals(column, type.precision, type.scale, type.bitWidth);
  if (DataType.isDate(type)) {
    const gather = type.ArrayType === Int32Array ? copyWords : divideDates(column);
    return {
      physical: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
      rowBytes: 4,
      createValues: () => wordValues(1, 'int32', gather),
    };
  }
  if (DataType.isTimestamp(type)) {
    if (timestamps === 'int64-micros') return instants(column, type.unit, type.timezone != null);
    return { physical: { type: 'INT96' }, rowBytes: 12, createValues: () => int96Values(column, type.unit) };
  }
  if (DataType.isTime(type)) return timesOfDay(column, type.unit);
  if (DataType.isFixedSizeBinary(type)) {
    const width = type.byteWidth;
    return {
      physical: { type: 'FIXED_LEN_BYTE_ARRAY', type_length: width },
      rowBytes: width,
      createValues: () => fixedBinaryValues(width),
    };
  }
  const cells: DataType = DataType.isDictionary(type) ? type.dictionary : type;
  if (isByteColumn(cells)) {
    const isText = DataType.isUtf8(cells) || DataType.isLargeUtf8(cells);
    return {
      physical: isText
        ? { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }
        : { type: 'BYTE_ARRAY' },
      rowBytes: 0,
      createValues: () => new ByteValues(),
    };
  }
  throw unsupported(column, `type ${nameOf(type)}`, 'Leave the column out, or cast it to text in the mapping.');
}

/** Widths are given by the older annotation alone: it says all, and every reader knows it. */
function integers(bitWidth: 8 | 16 | 32 | 64, isSigned: boolean): Encoded {
  if (bitWidth === 64) {
    return {
      physical: isSigned ? { type: 'INT64' } : { type: 'INT64', converted_type: 'UINT_64' },
      rowBytes: 8,
      createValues: () => wordValues(2, isSigned ? 'int64' : 'uint64', copyLongs),
    };
  }
  const gather = bitWidth === 32 ? copyWords : widenSmall;
  const physical: Physical =
    bitWidth === 32 && isSigned
      ? { type: 'INT32' }
      : { type: 'INT32', converted_type: `${isSigned ? 'INT' : 'UINT'}_${bitWidth}` };
  return { physical, rowBytes: 4, createValues: () => wordValues(1, isSigned ? 'int32' : 'uint32', gather) };
}

function decimals(column: string, precision: number, scale: number, bitWidth: number): Encoded {
  if (bitWidth !== 128 || precision < 1 || precision > MAX_DECIMAL_DIGITS || scale < 0 || scale > precision) {
    throw unsupported(
      column,
      `decimal of ${bitWidth} bits with precision ${precision} and scale ${scale}`,
      'Use a decimal of 128 bits with 1 to 38 digits, no more of them fractional than there are.',
    );
  }
  const annotation = {
    converted_type: 'DECIMAL',
    logical_type: { type: 'DECIMAL', precision, scale },
    precision,
    scale,
  } as const;
  if (precision <= 9) {
    const gather = narrowDecimals(column, precision);
    return {
      physical: { type: 'INT32', ...annotation },
      rowBytes: 4,
      createValues: () => wordValues(1, 'int32', gather),
    };
  }
  if (precision <= 18) {
    const gather = halveDecimals(column, precision);
    return {
      physical: { type: 'INT64', ...annotation },
      rowBytes: 8,
      createValues: () => wordValues(2, 'int64', gather),
    };
  }
  const width = decimalBytes(precision);
  return {
    physical: { type: 'FIXED_LEN_BYTE_ARRAY', type_length: width, ...annotation },
    rowBytes: width,
    createValues: () => wideDecimalValues(column, precision, width),
  };
}

/** The fewest bytes of two's complement that hold every number of so many digits. */
function decimalBytes(precision: number): number {
  const largest = 10n ** BigInt(precision) - 1n;
  let width = 1;
  while (1n << BigInt(width * 8 - 1) <= largest) width++;
  return width;
}

function instants(column: string, unit: TimeUnit, isAdjustedToUTC: boolean): Encoded {
  const gathers: Readonly<Record<TimeUnit, Gather>> = {
    [TimeUnit.SECOND]: scaleLongs(column, 1_000_000),
    [TimeUnit.MILLISECOND]: scaleLongs(column, 1_000),
    [TimeUnit.MICROSECOND]: copyLongs,
    [TimeUnit.NANOSECOND]: divideNanoseconds(column),
  };
  return {
    physical: {
      type: 'INT64',
      // The older annotation means UTC, so local times go without.
      ...(isAdjustedToUTC ? { converted_type: 'TIMESTAMP_MICROS' as const } : {}),
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC, unit: 'MICROS' },
    },
    rowBytes: 8,
    createValues: () => wordValues(2, 'int64', gathers[unit]),
  };
}

function timesOfDay(column: string, unit: TimeUnit): Encoded {
  const gathers: Readonly<Record<TimeUnit, Gather>> = {
    [TimeUnit.SECOND]: scaleTimes(1_000_000),
    [TimeUnit.MILLISECOND]: scaleTimes(1_000),
    [TimeUnit.MICROSECOND]: copyLongs,
    [TimeUnit.NANOSECOND]: divideNanoseconds(column),
  };
  return {
    physical: { type: 'INT64', logical_type: { type: 'TIME', isAdjustedToUTC: false, unit: 'MICROS' } },
    rowBytes: 8,
    createValues: () => wordValues(2, 'int64', gathers[unit]),
  };
}

function unsupported(column: string, what: string, hint: string): SluiceError {
  return new SluiceError('TYPE_UNSUPPORTED', `column ${column} has ${what}, which a Parquet file cannot hold`, {
    hint,
  });
}
