import { type Data, type Vector, DataType } from 'apache-arrow';

/** Which rows hold a value: one bit each, lowest first, from `bitOffset` on. */
export interface Validity {
  readonly bitmap: Uint8Array;
  readonly bitOffset: number;
}

/** Text or bytes of one column in one batch: cell `i` is `bytes[offsets[i], offsets[i + 1])`, by way of `codes` where there are any. */
export interface ByteCells {
  readonly bytes: Uint8Array;
  readonly offsets: Int32Array | Float64Array;
  readonly codes: ArrayLike<number> | undefined;
  /** The same object for batches that share a dictionary. */
  readonly dictionary: object | undefined;
}

/** One column of one batch, made ready once for however many pages its rows end up in. */
export interface ColumnBatch {
  readonly data: Data;
  /** Undefined when every row holds a value. */
  readonly validity: Validity | undefined;
  readonly cells: ByteCells | undefined;
}

export function isValid({ bitmap, bitOffset }: Validity, row: number): boolean {
  const bit = bitOffset + row;
  return ((bitmap[bit >> 3]! >> (bit & 7)) & 1) === 1;
}

/** Writes the rows of `[from, to)` that hold a value to `out` and returns how many they are. */
export function selectValid({ bitmap, bitOffset }: Validity, from: number, to: number, out: Int32Array): number {
  let count = 0;
  for (let row = from; row < to; row++) {
    const bit = bitOffset + row;
    out[count] = row;
    count += (bitmap[bit >> 3]! >> (bit & 7)) & 1;
  }
  return count;
}

export function openColumn(data: Data): ColumnBatch {
  const validity = data.nullCount > 0 ? { bitmap: data.nullBitmap, bitOffset: data.offset } : undefined;
  if (DataType.isDictionary(data.type)) return openDictionary(data, validity);
  return { data, validity, cells: isByteColumn(data.type) ? plainCells(data) : undefined };
}

/** Bytes the rows of `[from, to)` take uncompressed; nulls take none. */
export function cellBytes({ cells, validity }: ColumnBatch, from: number, to: number): number {
  if (cells === undefined) return 0;
  const { offsets, codes } = cells;
  if (validity === undefined && codes === undefined) return offsets[to]! - offsets[from]! + (to - from) * 4;
  let bytes = 0;
  for (let row = from; row < to; row++) {
    if (validity !== undefined && !isValid(validity, row)) continue;
    const cell = codes === undefined ? row : codes[row]!;
    bytes += offsets[cell + 1]! - offsets[cell]! + 4;
  }
  return bytes;
}

export function isByteColumn(type: DataType): boolean {
  return DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isBinary(type) || DataType.isLargeBinary(type);
}

function plainCells(data: Data): ByteCells {
  const offsets: Int32Array | BigInt64Array = data.valueOffsets;
  return {
    bytes: data.values,
    offsets: offsets instanceof Int32Array ? offsets : Float64Array.from(offsets, Number),
    codes: undefined,
    dictionary: undefined,
  };
}

interface DictionaryCells {
  readonly bytes: Uint8Array;
  readonly offsets: Int32Array | Float64Array;
  /** One byte per entry, 1 where the entry is null; undefined when none is. */
  readonly nulls: Uint8Array | undefined;
}

const openedDictionaries = new WeakMap<Vector, DictionaryCells>();

function openDictionary(data: Data, validity: Validity | undefined): ColumnBatch {
  const vector = data.dictionary;
  if (vector === undefined) throw new TypeError('a dictionary column without a dictionary');
  let opened = openedDictionaries.get(vector);
  if (opened === undefined) openedDictionaries.set(vector, (opened = dictionaryCells(vector)));
  const { bytes, offsets, nulls } = opened;
  // Dictionary keys are always an integer array.
  const codes = data.values as ArrayLike<number>;
  return {
    data,
    validity: nulls === undefined ? validity : withNullEntries(validity, codes, data.length, nulls),
    cells: { bytes, offsets, codes, dictionary: opened },
  };
}

/** A dictionary that grew by deltas comes in several chunks. */
function dictionaryCells(vector: Vector): DictionaryCells {
  const first = vector.data[0];
  const nulls =
    vector.nullCount > 0
      ? Uint8Array.from({ length: vector.length }, (_, i) => (vector.isValid(i) ? 0 : 1))
      : undefined;
  if (first === undefined) return { bytes: new Uint8Array(0), offsets: new Int32Array(1), nulls };
  if (vector.data.length === 1) {
    const { bytes, offsets } = plainCells(first);
    return { bytes, offsets, nulls };
  }
  const chunks = vector.data.map(plainCells);
  const total = chunks.reduce((sum, { offsets }) => sum + offsets.at(-1)! - offsets[0]!, 0);
  const bytes = new Uint8Array(total);
  const offsets = new Float64Array(vector.length + 1);
  let entry = 0;
  let end = 0;
  for (const chunk of chunks) {
    const start = chunk.offsets[0]!;
    bytes.set(chunk.bytes.subarray(start, chunk.offsets.at(-1)), end);
    for (let i = 1; i < chunk.offsets.length; i++) offsets[++entry] = end + chunk.offsets[i]! - start;
    end = offsets[entry]!;
  }
  return { bytes, offsets, nulls };
}

function withNullEntries(
  validity: Validity | undefined,
  codes: ArrayLike<number>,
  rows: number,
  nulls: Uint8Array,
): Validity {
  const bitmap = new Uint8Array((rows + 7) >> 3);
  for (let row = 0; row < rows; row++) {
    if (validity !== undefined && !isValid(validity, row)) continue;
    if (nulls[codes[row]!] === 0) bitmap[row >> 3]! |= 1 << (row & 7);
  }
  return { bitmap, bitOffset: 0 };
}
