import { type Data, DataType } from 'apache-arrow';

import { GrowingBytes } from '../bits/growing-bytes.ts';
import { ColumnNulls } from './column-nulls.ts';
import { ColumnOffsets } from './column-offsets.ts';
import type { PlainColumn } from './plain-column.ts';

const VIEW_BYTES = 16;
const INLINE_BYTES = 12;

/** Text or bytes, from data with offsets or from views. */
export function bytesColumn(offsetBytes: 4 | 8): PlainColumn {
  const nulls = new ColumnNulls();
  const offsets = new ColumnOffsets(offsetBytes);
  const values = new GrowingBytes();
  const missing = (rows: number): void => offsets.appendEmpty(rows);
  return {
    append(data, from, to) {
      const isView = DataType.isUtf8View(data.type) || DataType.isBinaryView(data.type);
      const valid = (start: number, end: number): void => {
        if (isView) appendViews(data, start, end, offsets, values);
        else {
          offsets.append(data, start, end);
          values.appendBytes(data.values, Number(data.valueOffsets[start]), Number(data.valueOffsets[end]));
        }
      };
      nulls.append(data, from, to, { valid, missing });
    },
    appendNulls(rows) {
      nulls.appendNulls(rows);
      missing(rows);
    },
    end(body) {
      nulls.end(body);
      offsets.end(body);
      body.addBuffer(values.view());
      values.clear();
    },
  };
}

/** A view is a length and either the bytes themselves, or the ordinal of a buffer and a place in it. */
function appendViews(data: Data, from: number, to: number, offsets: ColumnOffsets, values: GrowingBytes): void {
  // Views lie in a byte array.
  const views = data.values as Uint8Array;
  const fields = new DataView(views.buffer, views.byteOffset, views.byteLength);
  for (let at = from * VIEW_BYTES; at < to * VIEW_BYTES; at += VIEW_BYTES) {
    const length = fields.getInt32(at, true);
    offsets.appendLength(length);
    if (length <= INLINE_BYTES) {
      values.appendBytes(views, at + 4, at + 4 + length);
    } else {
      const start = fields.getInt32(at + 12, true);
      values.appendBytes(data.variadicBuffers[fields.getInt32(at + 8, true)]!, start, start + length);
    }
  }
}
