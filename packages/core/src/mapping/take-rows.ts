import { type Data, DataType } from 'apache-arrow';

import { layoutOf } from '../arrow/column-layout.ts';
import { hasNulls, isValidAt } from '../arrow/validity.ts';
import { dataOf, type NullFacts, RowMask } from './column-nulls.ts';
import { rowBytes } from './row-bytes.ts';
import { TextWriter } from './text-writer.ts';

/** Takes a null instead of a row; for columns that are not nested. */
export const NO_ROW = 0xffff_ffff;

const VIEW_BYTES = 16;

/** The rows of a column that are named, in their order, of whatever type; `NO_ROW` gives a null. */
export function takeRows(data: Data, rows: Uint32Array): Data {
  const { type } = data;
  if (DataType.isDictionary(type)) {
    // Keys are integers of any width.
    const { BYTES_PER_ELEMENT } = data.values as Int32Array | BigInt64Array;
    const keys = takeFixed(data, rows, BYTES_PER_ELEMENT);
    return dataOf(type, nullsAt(data, rows), { data: keys, dictionary: data.dictionary });
  }
  const layout = layoutOf(type);
  if (layout.kind === 'union') return takeUnion(data, rows, layout.isDense);
  const facts = nullsAt(data, rows);
  switch (layout.kind) {
    case 'empty':
      return dataOf(type, facts, {});
    case 'bits':
      return dataOf(type, facts, { data: takeBits(data, rows) });
    case 'fixed':
      return dataOf(type, facts, { data: takeFixed(data, rows, layout.widthBytes) });
    case 'bytes':
      return takeBytes(data, rows, facts);
    case 'views':
      return dataOf(type, facts, {
        views: takeFixed(data, rows, VIEW_BYTES),
        variadicBuffers: data.variadicBuffers,
      });
    case 'list':
      return takeList(data, rows, facts, layout.offsetBytes);
    case 'fixedList':
      return dataOf(type, facts, { child: takeRows(data.children[0]!, itemRows(rows, layout.size)) });
    case 'struct':
      return dataOf(type, facts, { children: data.children.map((child) => takeRows(child, rows)) });
  }
}

function nullsAt(data: Data, rows: Uint32Array): NullFacts {
  if (!hasNulls(data) && !rows.includes(NO_ROW)) return { length: rows.length, nullCount: 0, nullBitmap: undefined };
  const isSparse = hasNulls(data);
  const mask = new RowMask(rows.length);
  rows.forEach((row, at) => {
    if (row !== NO_ROW && (!isSparse || isValidAt(data, row))) mask.set(at);
  });
  return mask.facts();
}

/** Bytes, which Arrow takes for the values of the type. */
function takeFixed(data: Data, rows: Uint32Array, widthBytes: number): Uint8Array {
  // Every layout of a fixed width keeps its values in a typed array.
  const values = data.values as ArrayBufferView;
  const source = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const taken = new Uint8Array(rows.length * widthBytes);
  let at = 0;
  // Rows that follow one another are copied at once.
  for (let i = 0; i < rows.length;) {
    let count = 1;
    while (i + count < rows.length && rows[i + count] === rows[i]! + count) count++;
    const from = rows[i]! * widthBytes;
    if (rows[i] !== NO_ROW) taken.set(source.subarray(from, from + count * widthBytes), at);
    at += count * widthBytes;
    i += count;
  }
  return taken;
}

function takeBits(data: Data, rows: Uint32Array): Uint8Array {
  // Booleans lie in a byte array, which a slice shares with the whole.
  const source = data.values as Uint8Array;
  const bits = new Uint8Array((rows.length + 7) >> 3);
  rows.forEach((row, at) => {
    const bit = data.offset + row;
    if (row !== NO_ROW) bits[at >> 3]! |= ((source[bit >> 3]! >> (bit & 7)) & 1) << (at & 7);
  });
  return bits;
}

function takeBytes(data: Data, rows: Uint32Array, facts: NullFacts): Data {
  const writer = new TextWriter(rows.length);
  const at = rowBytes(data);
  const isSparse = hasNulls(data);
  rows.forEach((row, to) => {
    if (row === NO_ROW || (isSparse && !isValidAt(data, row))) return;
    at.seek(row);
    writer.writeBytes(to, at.bytes, at.start, at.end);
  });
  return writer.finish(data.type, facts);
}

function takeList(data: Data, rows: Uint32Array, facts: NullFacts, offsetBytes: number): Data {
  // Either width of offsets.
  const offsets = data.valueOffsets as Int32Array | BigInt64Array;
  const items: number[] = [];
  const taken = new Int32Array(rows.length + 1);
  const isSparse = hasNulls(data);
  rows.forEach((row, at) => {
    if (row !== NO_ROW && (!isSparse || isValidAt(data, row))) {
      for (let item = Number(offsets[row]); item < Number(offsets[row + 1]); item++) items.push(item);
    }
    taken[at + 1] = items.length;
  });
  const valueOffsets = offsetBytes === 8 ? BigInt64Array.from(taken, BigInt) : taken;
  return dataOf(data.type, facts, { valueOffsets, child: takeRows(data.children[0]!, Uint32Array.from(items)) });
}

function itemRows(rows: Uint32Array, size: number): Uint32Array {
  const items = new Uint32Array(rows.length * size);
  rows.forEach((row, at) => {
    for (let i = 0; i < size; i++) items[at * size + i] = row === NO_ROW ? NO_ROW : row * size + i;
  });
  return items;
}

/** Members of a dense union stay whole, and the rows point into them. */
function takeUnion(data: Data, rows: Uint32Array, isDense: boolean): Data {
  const typeIds = Int8Array.from(rows, (row) => data.typeIds[row]!);
  const facts = { length: rows.length, nullCount: 0, nullBitmap: undefined };
  const children = isDense ? data.children : data.children.map((child) => takeRows(child, rows));
  const valueOffsets = isDense ? Int32Array.from(rows, (row) => data.valueOffsets[row]!) : undefined;
  return dataOf(data.type, facts, { typeIds, children, ...(isDense ? { valueOffsets } : {}) });
}
