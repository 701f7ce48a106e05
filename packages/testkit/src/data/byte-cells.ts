import type { RowValue } from '@sluice/core';
import { type Data, DataType } from 'apache-arrow';

import { type Layout, made } from './made-data.ts';

const VIEW_BYTES = 16;
const INLINE_BYTES = 12;

/** Text and bytes of any layout; undefined for any other type. */
export function byteData(type: DataType, cells: readonly RowValue[], validity: Layout): Data | undefined {
  const length = cells.length;
  if (DataType.isFixedSizeBinary(type)) {
    const data = new Uint8Array(length * type.byteWidth);
    cells.forEach((cell, i) => data.set(bytesIn(cell), i * type.byteWidth));
    return made(type, { length, data, ...validity });
  }
  if (DataType.isUtf8View(type) || DataType.isBinaryView(type)) return viewData(type, cells, validity);
  const isLarge = DataType.isLargeUtf8(type) || DataType.isLargeBinary(type);
  if (!isLarge && !DataType.isUtf8(type) && !DataType.isBinary(type)) return undefined;
  const pieces = cells.map(bytesIn);
  return made(type, { length, valueOffsets: offsetsOf(pieces, isLarge), data: joined(pieces), ...validity });
}

/** Where each piece begins, and the end of the last. */
export function offsetsOf(
  pieces: readonly { readonly length: number }[],
  isLarge: boolean,
): Int32Array | BigInt64Array {
  const offsets = [0];
  for (const { length } of pieces) offsets.push(offsets.at(-1)! + length);
  return isLarge ? BigInt64Array.from(offsets, BigInt) : Int32Array.from(offsets);
}

function viewData(type: DataType, cells: readonly RowValue[], validity: Layout): Data {
  const views = new Uint8Array(cells.length * VIEW_BYTES);
  const fields = new DataView(views.buffer);
  const long: Uint8Array[] = [];
  let at = 0;
  cells.forEach((cell, i) => {
    const bytes = bytesIn(cell);
    fields.setInt32(i * VIEW_BYTES, bytes.length, true);
    const isInline = bytes.length <= INLINE_BYTES;
    views.set(bytes.subarray(0, isInline ? INLINE_BYTES : 4), i * VIEW_BYTES + 4);
    if (isInline) return;
    fields.setInt32(i * VIEW_BYTES + 12, at, true);
    long.push(bytes);
    at += bytes.length;
  });
  return made(type, { length: cells.length, views, variadicBuffers: [joined(long)], ...validity });
}

function bytesIn(cell: RowValue): Uint8Array {
  if (cell instanceof Uint8Array) return cell;
  return typeof cell === 'string' ? new TextEncoder().encode(cell) : new Uint8Array(0);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
