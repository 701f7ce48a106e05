import { type Data, DataType } from 'apache-arrow';

import { valueBytes } from './column-layout.ts';

const VIEW_BYTES = 16;
const INLINE_BYTES = 12;

/**
 * Whether the buffers of data that came from outside hold what its length and its offsets promise, so that nothing has
 * to doubt them later.
 */
export function isSound(data: Data, rows: number): boolean {
  const { type, length, nullCount, nullBitmap } = data;
  if (length !== rows) return false;
  if (DataType.isNull(type)) return true;
  if (DataType.isUnion(type)) return isSoundUnion(data);
  if (nullCount < 0 || nullCount > length || (nullCount > 0 && nullBitmap.length * 8 < length)) return false;
  if (DataType.isDictionary(type)) return isSoundDictionary(data, valueBytes(type.indices));
  if (DataType.isUtf8View(type) || DataType.isBinaryView(type)) return areSoundViews(data);
  if (DataType.isStruct(type)) return data.children.every((member) => isSound(member, length));
  const [items] = data.children;
  if (DataType.isFixedSizeList(type)) return items !== undefined && isSound(items, length * type.listSize);
  if (items !== undefined) return areSoundOffsets(data, items.length) && isSound(items, items.length);
  if (DataType.isBool(type)) return byteLength(data) * 8 >= length;
  if (data.valueOffsets !== undefined) return areSoundOffsets(data, byteLength(data));
  return byteLength(data) >= length * valueBytes(type);
}

function areSoundOffsets({ length, valueOffsets }: Data, limit: number): boolean {
  if (length === 0) return true;
  // Of 32 or 64 bits.
  const offsets = valueOffsets as Int32Array | BigInt64Array;
  if (offsets.length <= length || offsets[0]! < 0 || offsets[length]! > limit) return false;
  for (let row = 0; row < length; row++) if (offsets[row + 1]! < offsets[row]!) return false;
  return true;
}

function isSoundDictionary(data: Data, keyBytes: number): boolean {
  if (byteLength(data) < data.length * keyBytes) return false;
  const entries = data.dictionary?.length ?? 0;
  // Keys are integers of any width.
  const keys = data.values as Int32Array | BigInt64Array;
  for (let row = 0; row < data.length; row++) {
    const key = keys[row]!;
    if ((key < 0 || key >= entries) && data.getValid(row)) return false;
  }
  return true;
}

function areSoundViews(data: Data): boolean {
  if (byteLength(data) < data.length * VIEW_BYTES) return false;
  // Views lie in a byte array.
  const views = data.values as Uint8Array;
  const fields = new DataView(views.buffer, views.byteOffset, views.byteLength);
  for (let at = 0; at < data.length * VIEW_BYTES; at += VIEW_BYTES) {
    const length = fields.getInt32(at, true);
    if (length >= 0 && length <= INLINE_BYTES) continue;
    const start = fields.getInt32(at + 12, true);
    const buffer = data.variadicBuffers[fields.getInt32(at + 8, true)];
    if (
      (buffer === undefined || length < 0 || start < 0 || start + length > buffer.length) &&
      data.getValid(at / VIEW_BYTES)
    )
      return false;
  }
  return true;
}

function isSoundUnion(data: Data): boolean {
  const { type, length, typeIds, valueOffsets, children } = data;
  if (!DataType.isUnion(type) || typeIds.length < length) return false;
  for (let row = 0; row < length; row++) {
    const member = children[type.typeIdToChildIndex[typeIds[row]!]!];
    const at = DataType.isDenseUnion(type) ? valueOffsets[row] : row;
    if (member === undefined || !(at >= 0 && at < member.length)) return false;
  }
  return children.every((member) => isSound(member, member.length));
}

function byteLength({ values }: Data): number {
  // An array of its type's own kind, or nothing at all.
  return (values as ArrayBufferView | undefined)?.byteLength ?? 0;
}
