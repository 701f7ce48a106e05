import type { Data } from 'apache-arrow';

import { GrowingBytes } from '../bits/growing-bytes.ts';
import { RowBits } from '../bits/row-bits.ts';
import { ColumnNulls } from './column-nulls.ts';
import type { PlainColumn } from './plain-column.ts';

/** Values of one width in bytes. */
export function fixedColumn(widthBytes: number): PlainColumn {
  const nulls = new ColumnNulls();
  const values = new GrowingBytes();
  const missing = (rows: number): void => {
    values.reserve(rows * widthBytes);
    values.bytes.fill(0, values.length, values.length + rows * widthBytes);
    values.length += rows * widthBytes;
  };
  return {
    append(data, from, to) {
      const bytes = bytesOf(data);
      const valid = (start: number, end: number): void => {
        values.appendBytes(bytes, start * widthBytes, end * widthBytes);
      };
      nulls.append(data, from, to, { valid, missing });
    },
    appendNulls(rows) {
      nulls.appendNulls(rows);
      missing(rows);
    },
    end(body) {
      nulls.end(body);
      body.addBuffer(values.view());
      values.clear();
    },
  };
}

export function boolColumn(): PlainColumn {
  const nulls = new ColumnNulls();
  const truths = new RowBits();
  return {
    append(data, from, to) {
      const bytes = bytesOf(data);
      const valid = (start: number, end: number): void => {
        // The rows of the stretch are the last ones counted.
        const base = nulls.rows - end;
        for (let row = start; row < end; row++) {
          const bit = data.offset + row;
          if (((bytes[bit >> 3]! >> (bit & 7)) & 1) === 1) truths.set(base + row);
        }
      };
      nulls.append(data, from, to, { valid, missing: () => {} });
    },
    appendNulls: (rows) => nulls.appendNulls(rows),
    end(body) {
      const { rows } = nulls;
      nulls.end(body);
      body.addBuffer(truths.bitmap(rows));
      truths.reset();
    },
  };
}

/** A column of nothing but nulls has neither bitmap nor values. */
export function nullColumn(): PlainColumn {
  let rows = 0;
  return {
    append(_data, from, to) {
      rows += to - from;
    },
    appendNulls(count) {
      rows += count;
    },
    end(body) {
      body.addNode(rows, rows);
      rows = 0;
    },
  };
}

function bytesOf({ values }: Data): Uint8Array {
  // Every type but null and the nested ones has values, in an array of its own kind.
  const array = values as ArrayBufferView;
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
