import {
  type Data,
  DataType,
  makeData,
  type RecordBatch as Batch,
  RecordBatch,
  type Schema,
  Struct,
  Vector,
} from 'apache-arrow';

import { type Cell, cellText, widthOf } from './arrow-model.ts';

/** Numbers in [0, 1) that decide about everything Arrow leaves open: garbage, dictionaries, chunks. */
export type Noise = () => number;

export function noiseOf(seed: number): Noise {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Rows of cells as one of the many batches that hold them: between rows of others, or not. */
export function batchOf(schema: Schema, rows: readonly (readonly Cell[])[], noise: Noise): Batch {
  const before = rows.length > 0 && noise() < 0.7 ? Math.floor(noise() * 12) : 0;
  const after = rows.length > 0 ? Math.floor(noise() * 3) : 0;
  // Rows of others are the same rows in another place.
  const others = (count: number): (readonly Cell[])[] =>
    Array.from({ length: count }, (_, i) => rows[i % rows.length]!);
  const all = [...others(before), ...rows, ...others(after)];
  const children = schema.fields.map((field, i) =>
    dataOf(
      field.type,
      all.map((row) => row[i]!),
      noise,
    ),
  );
  const whole = new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: all.length, children }));
  return before + after === 0 ? whole : whole.slice(before, before + rows.length);
}

export function dataOf(type: DataType, cells: readonly Cell[], noise: Noise): Data {
  const length = cells.length;
  if (DataType.isNull(type)) return made({ type, length });
  if (DataType.isUnion(type)) return unionData(type, cells, noise);
  const bits = new Uint8Array((length + 7) >> 3).map(() => Math.floor(noise() * 256));
  cells.forEach((cell, i) => setBit(bits, i, cell !== null));
  // A bitmap may be there without a null.
  const validity = cells.includes(null) || noise() < 0.3 ? { nullBitmap: bits, nullCount: -1 } : {};
  return presentData(type, cells, noise, validity);
}

interface Validity {
  readonly nullBitmap?: Uint8Array;
  readonly nullCount?: number;
}

function presentData(type: DataType, cells: readonly Cell[], noise: Noise, validity: Validity): Data {
  const length = cells.length;
  if (DataType.isDictionary(type)) return dictionaryData(type, cells, noise, validity);
  if (DataType.isBool(type)) {
    const data = new Uint8Array((length + 7) >> 3).map(() => Math.floor(noise() * 256));
    cells.forEach((cell, i) => cell !== null && setBit(data, i, cell === true));
    return made({ type, length, data, ...validity });
  }
  const width = widthOf(type);
  if (width !== undefined) {
    const bytes = Buffer.concat(cells.map((cell) => bytesIn(cell) ?? garbage(width, noise)));
    // Every layout of a fixed width has an array type over plain bytes.
    const ArrayType = type.ArrayType as Uint8ArrayConstructor;
    return made({ type, length, data: new ArrayType(new Uint8Array(bytes).buffer), ...validity });
  }
  if (DataType.isUtf8View(type) || DataType.isBinaryView(type)) return viewData(type, cells, noise, validity);
  if (DataType.isStruct(type)) {
    const children = type.children.map((field, i) =>
      dataOf(
        field.type,
        cells.map((cell) => (cell === null ? filler(field.type, cells, i) : itemsIn(cell)[i]!)),
        noise,
      ),
    );
    return made({ type, length, children, ...validity });
  }
  if (DataType.isFixedSizeList(type)) {
    const items = cells.flatMap((cell) =>
      cell === null ? [0, 1].map((i) => filler(type.valueType, cells, i)) : itemsIn(cell),
    );
    return made({ type, length, child: dataOf(type.valueType, items, noise), ...validity });
  }
  return offsetData(type, cells, noise, validity);
}

/** Text, bytes, lists and maps: what a null row spans is garbage. */
function offsetData(type: DataType, cells: readonly Cell[], noise: Noise, validity: Validity): Data {
  const isLarge = DataType.isLargeUtf8(type) || DataType.isLargeBinary(type) || DataType.isLargeList(type);
  const spans = cells.map((cell) => (cell === null && noise() < 0.5 ? Math.floor(noise() * 3) : undefined));
  const lengths = cells.map((cell, i) => spans[i] ?? (cell === null ? 0 : (bytesIn(cell) ?? itemsIn(cell)).length));
  const offsets = [0];
  for (const length of lengths) offsets.push(offsets.at(-1)! + length);
  const valueOffsets = isLarge ? BigInt64Array.from(offsets, BigInt) : Int32Array.from(offsets);
  const isList = DataType.isList(type) || DataType.isLargeList(type) || DataType.isMap(type);
  if (isList) {
    const item = DataType.isMap(type) ? type.childType : type.valueType;
    const donor = cells.find((cell) => cell !== null && itemsIn(cell).length > 0) ?? null;
    const items = cells.flatMap((cell, i) =>
      cell === null
        ? Array.from({ length: lengths[i]! }, () => (donor === null ? emptyCell(item) : itemsIn(donor)[0]!))
        : itemsIn(cell),
    );
    return made({
      type,
      length: cells.length,
      valueOffsets,
      child: dataOf(item, items, noise),
      ...validity,
    });
  }
  const data = Buffer.concat(cells.map((cell, i) => bytesIn(cell) ?? garbage(lengths[i]!, noise)));
  return made({ type, length: cells.length, valueOffsets, data, ...validity });
}

function viewData(type: DataType, cells: readonly Cell[], noise: Noise, validity: Validity): Data {
  const views = Buffer.from(garbage(cells.length * 16, noise));
  const variadicBuffers: Uint8Array[] = [garbage(3, noise)];
  cells.forEach((cell, i) => {
    const bytes = bytesIn(cell);
    if (bytes === undefined) return;
    views.fill(0, i * 16, i * 16 + 16).writeInt32LE(bytes.length, i * 16);
    views.set(bytes.subarray(0, bytes.length <= 12 ? 12 : 4), i * 16 + 4);
    if (bytes.length <= 12) return;
    if (noise() < 0.3) variadicBuffers.push(garbage(2, noise));
    const last = variadicBuffers.length - 1;
    views.writeInt32LE(last, i * 16 + 8);
    views.writeInt32LE(variadicBuffers[last]!.length, i * 16 + 12);
    variadicBuffers[last] = Buffer.concat([variadicBuffers[last]!, bytes]);
  });
  return made({
    type,
    length: cells.length,
    views: new Uint8Array(views),
    variadicBuffers,
    ...validity,
  });
}

/** Entries in any order, some of them unused or twice, in one chunk or two, with null as an entry or as a key. */
function dictionaryData(type: DataType, cells: readonly Cell[], noise: Noise, validity: Validity): Data {
  if (!DataType.isDictionary(type)) throw new TypeError('no dictionary');
  const hasNullEntry = noise() < 0.3;
  const entries: Cell[] = [];
  const ordinals = new Map<string, number>();
  for (const cell of cells.toSorted(() => noise() - 0.5)) {
    if (cell === null && !hasNullEntry) continue;
    if (ordinals.has(cellText(cell)) && noise() < 0.9) continue;
    ordinals.set(cellText(cell), entries.length);
    entries.push(cell);
  }
  const cut = noise() < 0.3 ? Math.floor(noise() * entries.length) : 0;
  const chunks = cut === 0 ? [entries] : [entries.slice(0, cut), entries.slice(cut)];
  const dictionary = new Vector(chunks.map((chunk) => dataOf(type.dictionary, chunk, noise)));
  const keys = cells.map((cell) => ordinals.get(cellText(cell)) ?? Math.floor(noise() * 100));
  const data = new type.indices.ArrayType(keys.length);
  keys.forEach((key, i) => (data[i] = key));
  // With null as an entry no key needs to be null.
  const nulls = hasNullEntry ? {} : validity;
  return made({ type, length: cells.length, data, dictionary, ...nulls });
}

function unionData(type: DataType, cells: readonly Cell[], noise: Noise): Data {
  if (!DataType.isUnion(type)) throw new TypeError('no union');
  const length = cells.length;
  const members = cells.map((cell) => (cell === null ? { member: 0, cell: null } : unionIn(cell)));
  const typeIds = Int8Array.from(members, ({ member }) => type.typeIds[member]!);
  if (DataType.isDenseUnion(type)) {
    const valueOffsets = Int32Array.from(members, ({ member }, i) =>
      members.slice(0, i).reduce((count, other) => count + (other.member === member ? 1 : 0), 0),
    );
    const children = type.children.map((field, member) =>
      dataOf(
        field.type,
        members.filter((one) => one.member === member).map((one) => one.cell),
        noise,
      ),
    );
    return made({ type, length, typeIds, valueOffsets, children });
  }
  const children = type.children.map((field, member) =>
    dataOf(
      field.type,
      members.map((one) => (one.member === member ? one.cell : emptyCell(field.type))),
      noise,
    ),
  );
  return made({ type, length, typeIds, children });
}

function made(props: { readonly type: DataType; readonly length: number; readonly [buffer: string]: unknown }): Data {
  // The overloads ask for the very type, which only the caller's checks know.
  return makeData(props as never);
}

/** What stands in a child under a null parent: a value of another row where there is one. */
function filler(type: DataType, cells: readonly Cell[], i: number): Cell {
  const donor = cells.find((cell) => cell !== null);
  return donor === undefined || donor === null ? emptyCell(type) : itemsIn(donor)[i]!;
}

function emptyCell(type: DataType): Cell {
  return DataType.isUnion(type) ? { member: 0, cell: emptyCell(type.children[0]!.type) } : null;
}

function garbage(length: number, noise: Noise): Uint8Array {
  return Uint8Array.from({ length }, () => Math.floor(noise() * 256));
}

function setBit(bits: Uint8Array, at: number, value: boolean): void {
  bits[at >> 3] = (bits[at >> 3]! & ~(1 << (at & 7))) | (value ? 1 << (at & 7) : 0);
}

function bytesIn(cell: Cell): Uint8Array | undefined {
  return cell instanceof Uint8Array ? cell : undefined;
}

function itemsIn(cell: Cell): readonly Cell[] {
  if (!Array.isArray(cell)) throw new TypeError('no list');
  return cell;
}

function unionIn(cell: Cell): { readonly member: number; readonly cell: Cell } {
  if (cell === null || typeof cell !== 'object' || !('member' in cell)) throw new TypeError('no union cell');
  return cell;
}
