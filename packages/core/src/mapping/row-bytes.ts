import { type Data, DataType } from 'apache-arrow';

const VIEW_BYTES = 16;
/** Views up to this length hold the bytes themselves. */
const INLINE_BYTES = 12;

/** Where the text or the bytes of a row lie. */
export interface RowBytes {
  bytes: Uint8Array;
  start: number;
  end: number;
  /** Moves to a row that is not null. */
  seek(row: number): void;
}

/** Of a column of text or bytes in any of their layouts. */
export function rowBytes(data: Data): RowBytes {
  const { type } = data;
  // All of these layouts keep their bytes, or their views, in a byte array.
  const values = data.values as Uint8Array;
  const at: RowBytes = { bytes: values, start: 0, end: 0, seek() {} };
  if (DataType.isFixedSizeBinary(type)) {
    at.seek = (row) => {
      at.start = row * type.byteWidth;
      at.end = at.start + type.byteWidth;
    };
  } else if (DataType.isUtf8View(type) || DataType.isBinaryView(type)) {
    const views = new DataView(values.buffer, values.byteOffset, values.byteLength);
    at.seek = (row) => {
      const view = row * VIEW_BYTES;
      const length = views.getInt32(view, true);
      const isInline = length <= INLINE_BYTES;
      at.bytes = isInline ? values : data.variadicBuffers[views.getInt32(view + 8, true)]!;
      at.start = isInline ? view + 4 : views.getInt32(view + 12, true);
      at.end = at.start + length;
    };
  } else {
    // Either width of offsets.
    const offsets = data.valueOffsets as Int32Array | BigInt64Array;
    at.seek = (row) => {
      at.start = Number(offsets[row]);
      at.end = Number(offsets[row + 1]);
    };
  }
  return at;
}
