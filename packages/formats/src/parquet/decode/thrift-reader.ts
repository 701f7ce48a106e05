import { damaged } from './damage.ts';

/** A struct nested deeper than this is no part of a Parquet file. */
const MAX_DEPTH = 16;
/** Of 64 bits. */
const MAX_VARINT_BYTES = 10;

export type ThriftValue = boolean | number | Uint8Array | readonly ThriftValue[] | ThriftStruct;

/**
 * Reads structs in Thrift's compact protocol (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md,
 * read 2025-11). Every step consumes bytes and no size is believed before its bytes are there, so that damage ends in
 * an error and never in a long wait or a large allocation.
 */
export class ThriftReader {
  /** Where the next struct begins. */
  at: number;
  /** Whether the bytes ended too early. */
  isShort = false;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** @throws `FILE_CORRUPT`. */
  readStruct(depth = 0): ThriftStruct {
    const fields = new Map<number, ThriftValue>();
    for (let id = 0; ;) {
      const head = this.#readByte();
      const type = head & 0x0f;
      if (type === 0) return new ThriftStruct(fields);
      id = head >> 4 === 0 ? this.#readZigzag() : id + (head >> 4);
      fields.set(id, type === 1 ? true : type === 2 ? false : this.#readValue(type, depth));
    }
  }

  #readValue(type: number, depth: number): ThriftValue {
    if (depth > MAX_DEPTH) throw damaged('its metadata is nested too deeply');
    switch (type) {
      case 3:
        return (this.#readByte() << 24) >> 24;
      case 4:
      case 5:
      case 6:
        return this.#readZigzag();
      case 7:
        return this.#readDouble();
      case 8:
        return this.#readBytes(this.#readVarint());
      case 9:
      case 10:
        return this.#readList(depth);
      case 12:
        return this.readStruct(depth + 1);
      default:
        throw damaged('its metadata has a field of a type that Parquet does not use');
    }
  }

  #readList(depth: number): readonly ThriftValue[] {
    const head = this.#readByte();
    const type = head & 0x0f;
    const count = head >> 4 === 15 ? this.#readVarint() : head >> 4;
    const isBool = type === 1 || type === 2;
    const values: ThriftValue[] = [];
    // Each takes at least a byte.
    for (let i = 0; i < count; i++) values.push(isBool ? this.#readByte() === 1 : this.#readValue(type, depth + 1));
    return values;
  }

  #readDouble(): number {
    const bytes = this.#readBytes(8);
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
  }

  #readBytes(count: number): Uint8Array {
    if (count > this.#bytes.length - this.at) throw this.#short();
    this.at += count;
    return this.#bytes.subarray(this.at - count, this.at);
  }

  #readByte(): number {
    if (this.at >= this.#bytes.length) throw this.#short();
    return this.#bytes[this.at++]!;
  }

  /** Beyond 53 bits only roughly, which no size or offset is. */
  #readVarint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const byte = this.#readByte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw damaged('its metadata has a number of more than 64 bits');
  }

  #readZigzag(): number {
    const folded = this.#readVarint();
    return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
  }

  #short(): Error {
    this.isShort = true;
    return damaged('its metadata is cut short');
  }
}

/** Fields by their ids, each checked when it is asked for. */
export class ThriftStruct {
  readonly #fields: ReadonlyMap<number, ThriftValue>;

  constructor(fields: ReadonlyMap<number, ThriftValue>) {
    this.#fields = fields;
  }

  get ids(): readonly number[] {
    return [...this.#fields.keys()];
  }

  integer(id: number, what: string): number | undefined {
    const value = this.#fields.get(id);
    if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value))) return value;
    throw damaged(`its ${what} is no number`);
  }

  /** From 0 on. */
  count(id: number, what: string): number {
    const value = this.integer(id, what);
    if (value === undefined) throw damaged(`its ${what} is missing`);
    if (value < 0) throw damaged(`its ${what} is negative`);
    return value;
  }

  flag(id: number): boolean | undefined {
    const value = this.#fields.get(id);
    return typeof value === 'boolean' ? value : undefined;
  }

  bytes(id: number): Uint8Array | undefined {
    const value = this.#fields.get(id);
    return value instanceof Uint8Array ? value : undefined;
  }

  text(id: number): string | undefined {
    const bytes = this.bytes(id);
    return bytes === undefined ? undefined : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  }

  struct(id: number): ThriftStruct | undefined {
    const value = this.#fields.get(id);
    return value instanceof ThriftStruct ? value : undefined;
  }

  /** None where the field is absent. */
  structs(id: number, what: string): readonly ThriftStruct[] {
    return this.#list(id, what).map((value) => {
      if (value instanceof ThriftStruct) return value;
      throw damaged(`its ${what} make no sense`);
    });
  }

  integers(id: number, what: string): readonly number[] {
    return this.#list(id, what).map((value) => {
      if (typeof value === 'number') return value;
      throw damaged(`its ${what} make no sense`);
    });
  }

  #list(id: number, what: string): readonly ThriftValue[] {
    const value = this.#fields.get(id);
    if (value === undefined) return [];
    // Of the values, only lists are arrays.
    if (Array.isArray(value)) return value as readonly ThriftValue[];
    throw damaged(`its ${what} make no sense`);
  }
}
