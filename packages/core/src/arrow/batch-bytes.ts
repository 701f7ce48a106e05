import { type Data, DataType, type RecordBatch } from 'apache-arrow';

import { type ColumnLayout, layoutOf } from './column-layout.ts';
import { type EntryVisitor, forEachEntry, refuseKey } from './dictionary-entries.ts';
import { forEachValidRun, hasNulls } from './validity.ts';

const VIEW_BYTES = 16;
const INLINE_BYTES = 12;

/**
 * Bytes of Arrow buffers that the rows of a batch account for: a function of the rows alone, so that the bytes of a
 * batch are the sum of the bytes of its slices.
 *
 * Counted are values and offsets, a boolean as one byte; not counted are null bitmaps, the bytes under a null, and the
 * extra offset at the end. Dictionary-encoded rows count as the values they stand for.
 */
export function batchBytes(batch: RecordBatch, from = 0, to = batch.numRows): number {
  return batch.data.children.reduce((bytes, child) => bytes + dataBytes(child, from, to), 0);
}

function dataBytes(data: Data, from: number, to: number): number {
  if (!DataType.isDictionary(data.type)) return plainBytes(layoutOf(data.type), data, from, to);
  const layout = layoutOf(data.type);
  // No look-up where every entry is of one size.
  if (layout.kind === 'fixed' || layout.kind === 'bits' || layout.kind === 'empty')
    return slotBytes(layout) * (to - from);
  const [entries, more] = data.dictionary?.data ?? [];
  const isSimple = entries !== undefined && more === undefined && !hasNulls(entries);
  if (layout.kind === 'bytes' && isSimple) return slotBytes(layout) * (to - from) + entryBytes(data, entries, from, to);
  let bytes = 0;
  const visitor: EntryVisitor = {
    value: (chunk, index) => (bytes += dataBytes(chunk, index, index + 1)),
    missing: () => (bytes += slotBytes(layout)),
  };
  forEachEntry(data, from, to, visitor);
  return bytes;
}

function entryBytes(data: Data, entries: Data, from: number, to: number): number {
  // Keys are integers of any width, offsets of either.
  const keys = data.values as Int32Array | BigInt64Array;
  const offsets = entries.valueOffsets as Int32Array | BigInt64Array;
  let bytes = 0;
  forEachValidRun(data, from, to, (start, end) => {
    for (let row = start; row < end; row++) {
      const entry = Number(keys[row]);
      if (!(entry >= 0 && entry < entries.length)) refuseKey(row);
      bytes += spanOf(offsets, entry, entry + 1);
    }
  });
  return bytes;
}

/** What a row takes in the column's own buffers, null or not. */
function slotBytes(layout: ColumnLayout): number {
  switch (layout.kind) {
    case 'bits':
      return 1;
    case 'fixed':
      return layout.widthBytes;
    case 'bytes':
    case 'list':
      return layout.offsetBytes;
    case 'views':
      return VIEW_BYTES;
    case 'union':
      return layout.isDense ? 5 : 1;
    default:
      return 0;
  }
}

function plainBytes(layout: ColumnLayout, data: Data, from: number, to: number): number {
  let bytes = slotBytes(layout) * (to - from);
  switch (layout.kind) {
    case 'bytes':
      forEachValidRun(data, from, to, (start, end) => (bytes += spanOf(data.valueOffsets, start, end)));
      return bytes;
    case 'views':
      return bytes + longViewBytes(data, from, to);
    case 'list':
      forEachValidRun(data, from, to, (start, end) => {
        bytes += dataBytes(data.children[0]!, Number(data.valueOffsets[start]), Number(data.valueOffsets[end]));
      });
      return bytes;
    case 'fixedList':
      forEachValidRun(data, from, to, (start, end) => {
        bytes += dataBytes(data.children[0]!, start * layout.size, end * layout.size);
      });
      return bytes;
    case 'struct':
      forEachValidRun(data, from, to, (start, end) => {
        for (const child of data.children) bytes += dataBytes(child, start, end);
      });
      return bytes;
    case 'union':
      for (let row = from; row < to; row++) {
        const member = layout.memberOf[data.typeIds[row]!]!;
        const at = layout.isDense ? data.valueOffsets[row]! : row;
        bytes += dataBytes(data.children[member]!, at, at + 1);
      }
      return bytes;
    default:
      return bytes;
  }
}

function spanOf(offsets: Int32Array | BigInt64Array, from: number, to: number): number {
  return Number(offsets[to]) - Number(offsets[from]);
}

function longViewBytes(data: Data, from: number, to: number): number {
  // Views lie in a byte array.
  const views = data.values as Uint8Array;
  const fields = new DataView(views.buffer, views.byteOffset, views.byteLength);
  let bytes = 0;
  forEachValidRun(data, from, to, (start, end) => {
    for (let row = start; row < end; row++) {
      const length = fields.getInt32(row * VIEW_BYTES, true);
      if (length > INLINE_BYTES) bytes += length;
    }
  });
  return bytes;
}
