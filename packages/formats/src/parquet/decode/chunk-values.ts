import type { Data } from 'apache-arrow';

import type { DataPage, DictionaryPage } from './page-reader.ts';

/** Which slots of a stretch hold a value: one bit each, lowest first, from `bitFrom` on. */
export interface SlotBits {
  readonly bitmap: Uint8Array;
  readonly bitFrom: number;
}

/** A stretch of slots whose values stand in one page. */
export interface Piece<V> {
  readonly slots: number;
  /** Undefined where every slot holds a value. */
  readonly bits: SlotBits | undefined;
  readonly values: V;
  /** Which of the values they are. */
  readonly from: number;
  readonly to: number;
  /** For errors. */
  readonly place: string;
}

/** Arrow's null bitmap of a stretch, or nothing where no slot is null. */
export interface Nulls {
  readonly nullBitmap?: Uint8Array;
  readonly nullCount: number;
}

/** The values of one column chunk on their way from pages to Arrow's buffers. `V` are the values of a stretch of a page. */
export interface ChunkValues<V> {
  /** What a slot takes besides its bytes, as `batchBytes` counts it. */
  readonly slotBytes: number;
  /** Undefined where slots are all there is; else the bytes of values `[from, to)`. */
  readonly bytesOf: ((values: V, from: number, to: number) => number) | undefined;
  setDictionary(page: DictionaryPage): void;
  /** The function gives the next `count` values of the page, nulls left out. */
  openPage(page: DataPage): (count: number) => V;
  /** Pieces come in the order of the chunk, and each once. */
  build(pieces: readonly Piece<V>[], slots: number, nulls: Nulls): Data;
}
