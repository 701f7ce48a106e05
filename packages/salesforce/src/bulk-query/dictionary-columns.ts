import {
  DataType,
  type Dictionary,
  Field,
  makeData,
  makeVector,
  RecordBatch,
  Schema,
  Struct,
  Utf8,
  type Data,
} from 'apache-arrow';

/** The schema of the cells as they come: text where values are to be kept in a dictionary. */
export function textSchema(schema: Schema): Schema {
  if (!schema.fields.some(({ type }) => DataType.isDictionary(type))) return schema;
  const fields = schema.fields.map((field) =>
    DataType.isDictionary(field.type) ? new Field(field.name, new Utf8(), field.nullable, field.metadata) : field,
  );
  return new Schema(fields, schema.metadata);
}

/** A batch of `textSchema(schema)` in that schema: every batch with dictionaries of its own, in order of appearance. */
export function withDictionaries(batch: RecordBatch, schema: Schema): RecordBatch {
  if (!schema.fields.some(({ type }) => DataType.isDictionary(type))) return batch;
  const children = schema.fields.map(({ type }, column) => {
    // A record batch has a child for each field.
    const data = batch.data.children[column]!;
    return DataType.isDictionary(type) ? encoded(data, type) : data;
  });
  const { numRows: length } = batch;
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
}

function encoded(data: Data, type: Dictionary): Data {
  // Only text is encoded.
  const { values: bytes, valueOffsets: offsets, length, nullCount, nullBitmap } = data as Data<Utf8>;
  const entries = new TextEntries(bytes);
  const keys = new Int32Array(length);
  for (let row = 0; row < length; row += 1) {
    const start = offsets[row]!;
    const end = offsets[row + 1]!;
    // An empty cell is null.
    if (end > start) keys[row] = entries.keyOf(start, end);
  }
  return makeData({ type, length, nullCount, nullBitmap, data: keys, dictionary: makeVector(entries.toData()) });
}

/** The distinct texts among slices of some bytes, found by hash. */
class TextEntries {
  readonly #bytes: Uint8Array;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #byHash = new Map<number, number[]>();

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  keyOf(start: number, end: number): number {
    const hash = this.#hash(start, end);
    const same = this.#byHash.get(hash);
    const known = same?.find((key) => this.#equals(key, start, end));
    if (known !== undefined) return known;
    const key = this.#starts.push(start) - 1;
    this.#ends.push(end);
    if (same === undefined) this.#byHash.set(hash, [key]);
    else same.push(key);
    return key;
  }

  toData(): Data<Utf8> {
    const valueOffsets = new Int32Array(this.#starts.length + 1);
    const parts = this.#starts.map((start, key) => this.#bytes.subarray(start, this.#ends[key]));
    for (const [key, part] of parts.entries()) valueOffsets[key + 1] = valueOffsets[key]! + part.length;
    return makeData({ type: new Utf8(), length: parts.length, nullCount: 0, valueOffsets, data: Buffer.concat(parts) });
  }

  /** FNV-1a. */
  #hash(start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ this.#bytes[at]!, 0x01000193);
    return hash;
  }

  #equals(key: number, start: number, end: number): boolean {
    let at = this.#starts[key]!;
    if (this.#ends[key]! - at !== end - start) return false;
    for (let byte = start; byte < end; byte += 1, at += 1) if (this.#bytes[at] !== this.#bytes[byte]) return false;
    return true;
  }
}
