/** Slots in the tables of https://github.com/apache/arrow/blob/main/format/Message.fbs and Schema.fbs (read 2025-11). */
const MESSAGE = { headerType: 6, header: 8, customMetadata: 12 } as const;
const SCHEMA = { fields: 6, customMetadata: 8 } as const;
const FIELD = { name: 4, children: 14, customMetadata: 16 } as const;
const ENTRY = { key: 4, value: 6 } as const;
const DICTIONARY_BATCH = { data: 6 } as const;
const RECORD_BATCH = { nodes: 6, buffers: 8, variadicBufferCounts: 12 } as const;
const HEADERS = { schema: 1, dictionaryBatch: 2, recordBatch: 3 } as const;

/**
 * Whether the lists and texts of a message's metadata are together no longer than its bytes allow. Arrow's decoder
 * believes any length and any offset, so that a few damaged bytes would cost it minutes and all memory.
 */
export function isSoundMessage(metadata: Uint8Array): boolean {
  try {
    new MessageWalk(metadata).walk();
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Goes where the decoder would go; throws a `RangeError` when that leads out of the bytes or takes too long. */
class MessageWalk {
  readonly #bytes: DataView;
  /** Tables, items and characters that may still come. In sound metadata few share their bytes. */
  #left: number;

  constructor({ buffer, byteOffset, byteLength }: Uint8Array) {
    this.#bytes = new DataView(buffer, byteOffset, byteLength);
    this.#left = 4 * byteLength;
  }

  walk(): void {
    const message = this.#pointee(0);
    this.#entries(message, MESSAGE.customMetadata);
    const typeAt = this.#slot(message, MESSAGE.headerType);
    const headerAt = this.#slot(message, MESSAGE.header);
    if (typeAt === undefined || headerAt === undefined) return;
    const header = this.#pointee(headerAt);
    const type = this.#bytes.getUint8(typeAt);
    if (type === HEADERS.schema) this.#schema(header);
    else if (type === HEADERS.recordBatch) this.#recordBatch(header);
    else if (type === HEADERS.dictionaryBatch) {
      const dataAt = this.#slot(header, DICTIONARY_BATCH.data);
      if (dataAt !== undefined) this.#recordBatch(this.#pointee(dataAt));
    }
  }

  #schema(schema: number): void {
    for (const field of this.#tables(schema, SCHEMA.fields)) this.#field(field);
    this.#entries(schema, SCHEMA.customMetadata);
  }

  #field(field: number): void {
    this.#list(field, FIELD.name);
    for (const child of this.#tables(field, FIELD.children)) this.#field(child);
    this.#entries(field, FIELD.customMetadata);
  }

  #entries(table: number, slot: number): void {
    for (const entry of this.#tables(table, slot)) {
      this.#list(entry, ENTRY.key);
      this.#list(entry, ENTRY.value);
    }
  }

  #recordBatch(batch: number): void {
    for (const slot of Object.values(RECORD_BATCH)) this.#list(batch, slot);
  }

  #tables(table: number, slot: number): readonly number[] {
    const { start, count } = this.#list(table, slot);
    return Array.from({ length: count }, (_, i) => this.#pointee(start + 4 * i));
  }

  #list(table: number, slot: number): { readonly start: number; readonly count: number } {
    const at = this.#slot(table, slot);
    if (at === undefined) return { start: 0, count: 0 };
    const list = this.#pointee(at);
    const count = this.#bytes.getUint32(list, true);
    this.#spend(count);
    return { start: list + 4, count };
  }

  /** Where a table has the value of a slot, if it has it. */
  #slot(table: number, slot: number): number | undefined {
    this.#spend(1);
    const slots = table - this.#bytes.getInt32(table, true);
    if (slot >= this.#bytes.getUint16(slots, true)) return undefined;
    const offset = this.#bytes.getUint16(slots + slot, true);
    return offset === 0 ? undefined : table + offset;
  }

  #pointee(at: number): number {
    return at + this.#bytes.getUint32(at, true);
  }

  #spend(count: number): void {
    this.#left -= count;
    if (this.#left < 0) throw new RangeError('more than the bytes can hold');
  }
}
