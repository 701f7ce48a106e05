import { type Data, DateUnit, DataType, makeData, TimestampMillisecond } from 'apache-arrow';

const DAY_MS = 86_400_000n;

/** What a date is where Data Factory has no dates: its midnight, UTC. */
export const MIDNIGHT = new TimestampMillisecond('UTC');

export function isDay(type: DataType): boolean {
  return DataType.isDate(type) && type.unit === DateUnit.DAY;
}

/** A column of days as instants. */
export function midnightColumn(data: Data): Data {
  // Days lie in an array of 32-bit integers.
  const days = data.values as Int32Array;
  const instants = new BigInt64Array(data.length);
  for (let row = 0; row < data.length; row++) instants[row] = BigInt(days[row]!) * DAY_MS;
  return makeData({
    type: MIDNIGHT,
    length: data.length,
    nullCount: data.nullCount,
    nullBitmap: shiftedBits(data),
    data: instants,
  });
}

/** The validity bits from the first row on, whatever the column was cut from. */
function shiftedBits(data: Data): Uint8Array | undefined {
  if (data.nullCount === 0) return undefined;
  const bits = new Uint8Array(Math.ceil(data.length / 8));
  for (let row = 0; row < data.length; row++) if (data.getValid(row)) bits[row >> 3]! |= 1 << (row & 7);
  return bits;
}
