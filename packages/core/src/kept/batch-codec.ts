import { type Data, DataType, makeData, RecordBatch, type Schema, Struct, Vector } from 'apache-arrow';

import { layoutOf } from '../arrow/column-layout.ts';
import { dataOf, type NullFacts, nullsOf } from '../mapping/column-nulls.ts';

/** Buffers begin at multiples of this, so that they are read where they lie. */
const ALIGNMENT = 8;

/**
 * A batch as bytes that its schema makes a batch of again: of every column what its rows need of its buffers, ahead of
 * them their counts and lengths. Arrow's own writer does not know every type there is, such as views.
 */
export function encodeBatch(batch: RecordBatch): readonly Uint8Array[] {
  const parts = new BatchParts();
  parts.count(batch.numRows);
  for (const child of batch.data.children) putColumn(child, parts);
  return parts.bytes();
}

/** @throws `RangeError` for bytes that are not those of a batch of the schema. */
export function decodeBatch(schema: Schema, bytes: Uint8Array): RecordBatch {
  const parts = new PartReader(bytes);
  const length = parts.count();
  const children = schema.fields.map(({ type }) => takeColumn(type, parts));
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
}

class BatchParts {
  readonly #counts: number[] = [];
  readonly #buffers: Uint8Array[] = [];

  count(value: number): void {
    this.#counts.push(value);
  }

  buffer(view: ArrayBufferView, byteOffset = 0, byteLength = view.byteLength): void {
    const there = Math.min(byteLength, Math.max(0, view.byteLength - byteOffset));
    this.#counts.push(byteLength);
    this.#buffers.push(new Uint8Array(view.buffer, view.byteOffset + byteOffset, there));
    // Slots at the end may be left out when they are null.
    const missing = byteLength - there + paddingOf(byteLength);
    if (missing > 0) this.#buffers.push(new Uint8Array(missing));
  }

  bytes(): readonly Uint8Array[] {
    const counts = new Float64Array([this.#counts.length, ...this.#counts]);
    return [new Uint8Array(counts.buffer), ...this.#buffers];
  }
}

class PartReader {
  readonly #bytes: Uint8Array;
  readonly #counts: Float64Array;
  #nextCount = 1;
  #byteOffset: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    const [counts] = new Float64Array(bytes.buffer, bytes.byteOffset, 1);
    this.#counts = new Float64Array(bytes.buffer, bytes.byteOffset, 1 + counts!);
    this.#byteOffset = this.#counts.byteLength;
  }

  count(): number {
    const value = this.#counts[this.#nextCount++];
    if (value === undefined) throw new RangeError('a count is missing');
    return value;
  }

  buffer(): Uint8Array {
    const byteLength = this.count();
    const start = this.#byteOffset;
    this.#byteOffset += byteLength + paddingOf(byteLength);
    if (this.#byteOffset > this.#bytes.byteLength) throw new RangeError('a buffer is cut short');
    return this.#bytes.subarray(start, start + byteLength);
  }
}

function paddingOf(byteLength: number): number {
  return (ALIGNMENT - (byteLength % ALIGNMENT)) % ALIGNMENT;
}

function putColumn(data: Data, parts: BatchParts): void {
  const { type, length } = data;
  parts.count(length);
  // Every layout keeps its values in a typed array.
  const values = data.values as ArrayBufferView;
  if (DataType.isDictionary(type)) {
    putNulls(data, parts);
    parts.buffer(values, 0, (type.indices.bitWidth / 8) * length);
    const chunks = data.dictionary?.data ?? [];
    parts.count(chunks.length);
    for (const chunk of chunks) putColumn(chunk, parts);
    return;
  }
  const layout = layoutOf(type);
  if (layout.kind !== 'empty' && layout.kind !== 'union') putNulls(data, parts);
  switch (layout.kind) {
    case 'empty':
      return;
    case 'bits':
      return parts.buffer(bitsFrom(data.values as Uint8Array, data.offset, length));
    case 'fixed':
      return parts.buffer(values, 0, layout.widthBytes * length);
    case 'views':
      parts.buffer(values, 0, 16 * length);
      parts.count(data.variadicBuffers.length);
      for (const buffer of data.variadicBuffers) parts.buffer(buffer);
      return;
    case 'bytes': {
      const [first, end] = putOffsets(data, parts);
      return parts.buffer(values, first, end - first);
    }
    case 'list': {
      const [first, end] = putOffsets(data, parts);
      return putColumn(data.children[0]!.slice(first, end - first), parts);
    }
    case 'fixedList':
      return putColumn(data.children[0]!.slice(0, layout.size * length), parts);
    case 'struct':
      for (const child of data.children) putColumn(child.slice(0, length), parts);
      return;
    case 'union':
      parts.buffer(data.typeIds, 0, length);
      if (layout.isDense) parts.buffer(data.valueOffsets, 0, 4 * length);
      for (const child of data.children) putColumn(layout.isDense ? child : child.slice(0, length), parts);
  }
}

function putNulls(data: Data, parts: BatchParts): void {
  const { nullCount, nullBitmap, length } = nullsOf(data);
  parts.count(nullCount);
  if (nullBitmap !== undefined) parts.buffer(nullBitmap, 0, (length + 7) >> 3);
}

/** Offsets counted from the first value, and where the values lie. */
function putOffsets({ valueOffsets, length }: Data, parts: BatchParts): readonly [number, number] {
  // Either width of offsets.
  const offsets = (valueOffsets as Int32Array | BigInt64Array).subarray(0, length + 1);
  const first = Number(offsets[0] ?? 0);
  if (first === 0) parts.buffer(offsets);
  else if (offsets instanceof BigInt64Array) parts.buffer(offsets.map((offset) => offset - BigInt(first)));
  else parts.buffer(offsets.map((offset) => offset - first));
  return [first, Number(offsets[length] ?? first)];
}

function bitsFrom(bytes: Uint8Array, offset: number, length: number): Uint8Array {
  const bits = new Uint8Array((length + 7) >> 3);
  const [from, shift] = [offset >> 3, offset & 7];
  for (let i = 0; i < bits.length; i++) {
    bits[i] = ((bytes[from + i] ?? 0) >> shift) | ((bytes[from + i + 1] ?? 0) << (8 - shift));
  }
  return bits;
}

function takeColumn(type: DataType, parts: PartReader): Data {
  const length = parts.count();
  if (DataType.isDictionary(type)) {
    const facts = takeNulls(length, parts);
    const data = parts.buffer();
    const chunks = Array.from({ length: parts.count() }, () => takeColumn(type.dictionary, parts));
    return dataOf(type, facts, { data, ...(chunks.length === 0 ? {} : { dictionary: new Vector(chunks) }) });
  }
  const layout = layoutOf(type);
  if (layout.kind === 'empty') return dataOf(type, { length, nullCount: 0, nullBitmap: undefined }, {});
  if (layout.kind === 'union') {
    const typeIds = new Int8Array(parts.buffer());
    const valueOffsets = layout.isDense ? parts.buffer() : undefined;
    const children = layout.members.map((member) => takeColumn(member, parts));
    const buffers = { typeIds, children, ...(valueOffsets === undefined ? {} : { valueOffsets }) };
    return dataOf(type, { length, nullCount: 0, nullBitmap: undefined }, buffers);
  }
  const facts = takeNulls(length, parts);
  switch (layout.kind) {
    case 'bits':
    case 'fixed':
      return dataOf(type, facts, { data: parts.buffer() });
    case 'views': {
      const views = parts.buffer();
      const variadicBuffers = Array.from({ length: parts.count() }, () => parts.buffer());
      return dataOf(type, facts, { views, variadicBuffers });
    }
    case 'bytes': {
      const valueOffsets = parts.buffer();
      return dataOf(type, facts, { valueOffsets, data: parts.buffer() });
    }
    case 'list': {
      const valueOffsets = parts.buffer();
      return dataOf(type, facts, { valueOffsets, child: takeColumn(layout.item, parts) });
    }
    case 'fixedList':
      return dataOf(type, facts, { child: takeColumn(layout.item, parts) });
    case 'struct':
      return dataOf(type, facts, { children: layout.members.map((member) => takeColumn(member, parts)) });
  }
}

function takeNulls(length: number, parts: PartReader): NullFacts {
  const nullCount = parts.count();
  return { length, nullCount, nullBitmap: nullCount === 0 ? undefined : parts.buffer() };
}
