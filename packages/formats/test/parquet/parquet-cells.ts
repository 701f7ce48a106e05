import { gunzipSync, zstdDecompressSync } from 'node:zlib';

import type { Row, RowValue } from '@sluice/core';
import { dateText, decimalTextOf, instantText, timeText } from '@sluice/testkit';
import { DataType, type Schema, TimeUnit } from 'apache-arrow';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';

const FRACTION_DIGITS = {
  [TimeUnit.SECOND]: 0,
  [TimeUnit.MILLISECOND]: 3,
  [TimeUnit.MICROSECOND]: 6,
  [TimeUnit.NANOSECOND]: 9,
} as const;

/** The rows of a file as hyparquet finds them stored, without its conversions to floats and dates. */
export async function parquetRows(bytes: Uint8Array, schema: Schema): Promise<readonly Row[]> {
  const file = new Uint8Array(bytes).buffer;
  const metadata = parquetMetadata(file);
  for (const element of metadata.schema) {
    if (element.converted_type === 'UTF8') continue;
    if (element.converted_type === 'DECIMAL' || element.logical_type !== undefined) {
      delete element.converted_type;
      delete element.logical_type;
    }
  }
  const stored = await parquetReadObjects({
    file,
    metadata,
    compressors: { GZIP: (input) => gunzipSync(input), ZSTD: (input) => zstdDecompressSync(input) },
    parsers: {
      stringFromBytes: (text: Uint8Array | undefined) => text && Buffer.from(text),
      // Of INT96, in microseconds as the others are.
      timestampFromNanoseconds: (nanos: bigint) => nanos / 1000n,
    },
  });
  return stored.map((row) =>
    Object.fromEntries(schema.fields.map(({ name, type }) => [name, cellOf(plainType(type), row[name] ?? null)])),
  );
}

function plainType(type: DataType): DataType {
  return DataType.isDictionary(type) ? type.dictionary : type;
}

function cellOf(type: DataType, stored: unknown): RowValue {
  if (stored === null) return null;
  if (DataType.isDecimal(type)) return decimalTextOf(unscaledOf(stored), type.scale);
  if (DataType.isDate(type)) {
    const days = Number(stored);
    return type.ArrayType === Int32Array ? dateText(days) : `${dateText(days)}T00:00:00.000`;
  }
  if (DataType.isTimestamp(type)) {
    const digits = FRACTION_DIGITS[type.unit];
    return instantText(ofMicroseconds(stored, digits), digits) + (type.timezone == null ? '' : 'Z');
  }
  if (DataType.isTime(type)) {
    const digits = FRACTION_DIGITS[type.unit];
    return timeText(ofMicroseconds(stored, digits), digits);
  }
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return Buffer.from(stored as Uint8Array).toString('utf8');
  if (stored instanceof Uint8Array) return new Uint8Array(stored);
  // Booleans and numbers are stored as they are.
  return stored as RowValue;
}

function unscaledOf(stored: unknown): bigint {
  if (!(stored instanceof Uint8Array)) return BigInt(Number.isInteger(stored) ? Number(stored) : String(stored));
  // Two's complement, the highest byte first.
  return BigInt.asIntN(stored.length * 8, BigInt(`0x${Buffer.from(stored).toString('hex')}`));
}

function ofMicroseconds(stored: unknown, digits: number): bigint {
  const micros = BigInt(String(stored));
  return digits <= 6 ? micros / 10n ** BigInt(6 - digits) : micros * 10n ** BigInt(digits - 6);
}
