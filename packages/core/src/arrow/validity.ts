import { type Data, DataType } from 'apache-arrow';

/** A slice of column data shares its null bitmap with the whole, so bits are counted from `data.offset`. */
export function isValidAt(data: Data, row: number): boolean {
  const bit = data.offset + row;
  return ((data.nullBitmap[bit >> 3]! >> (bit & 7)) & 1) === 1;
}

/** Unions and null columns have no bitmap of their own. */
export function hasNulls(data: Data): boolean {
  return !DataType.isUnion(data.type) && !DataType.isNull(data.type) && data.nullCount > 0;
}

export function forEachNull(data: Data, from: number, to: number, visit: (row: number) => void): void {
  if (!hasNulls(data)) return;
  const { nullBitmap, offset } = data;
  let row = from;
  while (row < to) {
    const bit = offset + row;
    const byte = nullBitmap[bit >> 3]!;
    if (byte === 0xff) {
      row += 8 - (bit & 7);
      continue;
    }
    if (((byte >> (bit & 7)) & 1) === 0) visit(row);
    row++;
  }
}

/** Visits the longest stretches of rows without a null, in order. */
export function forEachValidRun(data: Data, from: number, to: number, visit: (from: number, to: number) => void): void {
  let start = from;
  forEachNull(data, from, to, (row) => {
    if (row > start) visit(start, row);
    start = row + 1;
  });
  if (to > start) visit(start, to);
}
