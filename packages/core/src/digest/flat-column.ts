import type { Data } from 'apache-arrow';

import { refuseKey } from '../arrow/dictionary-entries.ts';
import { forEachNull, forEachValidRun, hasNulls, isValidAt } from '../arrow/validity.ts';
import { type ColumnDigest, NullRows } from './column-digest.ts';
import { CrcBytes, CrcWords } from './crc-stream.ts';

const BLOCK_BYTES = 16_384;
/** Free to whoever runs: nothing here calls out while it holds values in it. */
const sharedBlock = new Uint8Array(BLOCK_BYTES);
const NULL_BYTE = 0;
const NAN_BYTE = 0xff;
/** Views up to this length hold the bytes themselves. */
const INLINE_BYTES = 12;

export function emptyColumn(): ColumnDigest {
  return { update() {}, nulls() {}, words: () => [] };
}

/**
 * Values of a fixed width. Null slots count as zeros, and every NaN as the same one: which of its bit patterns an
 * arithmetic operation gives is up to the machine.
 */
export function fixedColumn(widthBytes: number, isFloat: boolean): ColumnDigest {
  const nullRows = new NullRows();
  const values = new CrcBytes();
  const blockRows = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, widthBytes)));
  const block = widthBytes > BLOCK_BYTES ? new Uint8Array(widthBytes) : sharedBlock;

  function copyBlock(data: Data, from: number, to: number): Uint8Array {
    const copy = block.subarray(0, (to - from) * widthBytes);
    copy.set(bytesOfRows(data, widthBytes, from, to));
    const overwrite = (row: number, byte: number): void => {
      copy.fill(byte, (row - from) * widthBytes, (row - from + 1) * widthBytes);
    };
    if (isFloat) forEachNaN(data, from, to, (row) => overwrite(row, NAN_BYTE));
    forEachNull(data, from, to, (row) => overwrite(row, NULL_BYTE));
    return copy;
  }

  return {
    update(data, from, to) {
      nullRows.update(data, from, to);
      if (!hasNulls(data) && !(isFloat && hasNaN(data, from, to))) {
        values.write(bytesOfRows(data, widthBytes, from, to));
        return;
      }
      for (let row = from; row < to; row += blockRows) {
        values.write(copyBlock(data, row, Math.min(to, row + blockRows)));
      }
    },
    nulls(count) {
      nullRows.nulls(count);
      for (let rows = count; rows > 0; rows -= blockRows) {
        values.write(block.subarray(0, Math.min(rows, blockRows) * widthBytes).fill(NULL_BYTE));
      }
    },
    words: () => [nullRows.value(), values.value()],
  };
}

/** Fewer bytes than asked for where the data leaves out slots at its end, which it may when they are null. */
function bytesOfRows(data: Data, widthBytes: number, from: number, to: number): Uint8Array {
  // Every layout of a fixed width keeps its values in a typed array.
  const values = data.values as ArrayBufferView;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return bytes.subarray(from * widthBytes, to * widthBytes);
}

function hasNaN(data: Data, from: number, to: number): boolean {
  // Float columns keep numbers, 16-bit ones their bits as integers, which are never NaN.
  const values = data.values as Float64Array | Float32Array | Uint16Array;
  for (let row = from; row < to; row++) if (Number.isNaN(values[row])) return true;
  return false;
}

function forEachNaN(data: Data, from: number, to: number, visit: (row: number) => void): void {
  // As above.
  const values = data.values as Float64Array | Float32Array | Uint16Array;
  for (let row = from; row < to; row++) if (Number.isNaN(values[row])) visit(row);
}

/** Bits, digested as a byte each so that rows need not start at a byte's edge. */
export function bitsColumn(): ColumnDigest {
  const nullRows = new NullRows();
  const values = new CrcBytes();
  return {
    update(data, from, to) {
      nullRows.update(data, from, to);
      // The bits of a slice lie where they lay in the whole. When all rows are null there may be none.
      const bits = data.values as Uint8Array;
      for (let start = from; start < to; start += BLOCK_BYTES) {
        const end = Math.min(to, start + BLOCK_BYTES);
        for (let row = start; row < end; row++) {
          const bit = data.offset + row;
          sharedBlock[row - start] = ((bits[bit >> 3] ?? 0) >> (bit & 7)) & 1;
        }
        forEachNull(data, start, end, (row) => (sharedBlock[row - start] = 0));
        values.write(sharedBlock.subarray(0, end - start));
      }
    },
    nulls(count) {
      nullRows.nulls(count);
      for (let rows = count; rows > 0; rows -= BLOCK_BYTES) {
        values.write(sharedBlock.subarray(0, Math.min(rows, BLOCK_BYTES)).fill(0));
      }
    },
    words: () => [nullRows.value(), values.value()],
  };
}

/** Text and bytes: the length of each value that is not null, and all their bytes. */
export function bytesColumn(): ColumnDigest {
  const nullRows = new NullRows();
  const lengths = new CrcWords();
  const bytes = new CrcBytes();

  function writeRun(values: Uint8Array, offsets: Int32Array | BigInt64Array, from: number, to: number): void {
    const first = Number(offsets[from]);
    let begin = first;
    for (let row = from; row < to; row++) {
      const end = Number(offsets[row + 1]);
      lengths.push(end - begin);
      begin = end;
    }
    bytes.write(values, first, begin);
  }

  return {
    update(data, from, to) {
      nullRows.update(data, from, to);
      // Either width of offsets.
      const offsets = data.valueOffsets as Int32Array | BigInt64Array;
      // The bytes of all rows of the array that the data was sliced from.
      const values = data.values as Uint8Array;
      if (!hasNulls(data)) writeRun(values, offsets, from, to);
      else forEachValidRun(data, from, to, (start, end) => writeRun(values, offsets, start, end));
    },
    lookUp(data, entries, from, to) {
      nullRows.update(data, from, to);
      // As above.
      const offsets = entries.valueOffsets as Int32Array | BigInt64Array;
      const values = entries.values as Uint8Array;
      // Keys are integers of any width.
      const keys = data.values as Int32Array | BigInt64Array;
      forEachValidRun(data, from, to, (start, end) => {
        for (let row = start; row < end; row++) {
          const entry = Number(keys[row]);
          if (!(entry >= 0 && entry < entries.length)) refuseKey(row);
          const begin = Number(offsets[entry]);
          const next = Number(offsets[entry + 1]);
          lengths.push(next - begin);
          bytes.write(values, begin, next);
        }
      });
    },
    nulls: (count) => nullRows.nulls(count),
    words: () => [nullRows.value(), lengths.value(), bytes.value()],
  };
}

/** Text and bytes behind 16-byte views: the same words as for the same values in one stretch. */
export function viewsColumn(): ColumnDigest {
  const nullRows = new NullRows();
  const lengths = new CrcWords();
  const bytes = new CrcBytes();
  return {
    update(data, from, to) {
      nullRows.update(data, from, to);
      // Views lie in a byte array.
      const views = data.values as Uint8Array;
      const fields = new DataView(views.buffer, views.byteOffset, views.byteLength);
      const isSparse = hasNulls(data);
      for (let row = from; row < to; row++) {
        if (isSparse && !isValidAt(data, row)) continue;
        const length = fields.getInt32(row * 16, true);
        lengths.push(length);
        if (length <= INLINE_BYTES) {
          bytes.write(views, row * 16 + 4, row * 16 + 4 + length);
          continue;
        }
        const start = fields.getInt32(row * 16 + 12, true);
        bytes.write(data.variadicBuffers[fields.getInt32(row * 16 + 8, true)]!, start, start + length);
      }
    },
    nulls: (count) => nullRows.nulls(count),
    words: () => [nullRows.value(), lengths.value(), bytes.value()],
  };
}
