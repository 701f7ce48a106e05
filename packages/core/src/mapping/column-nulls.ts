import { type Data, type DataType, makeData } from 'apache-arrow';

import { hasNulls } from '../arrow/validity.ts';

export interface NullFacts {
  readonly length: number;
  readonly nullCount: number;
  readonly nullBitmap: Uint8Array | undefined;
}

/** What Arrow's overloads do not say of a type known only at run time. */
export function dataOf(type: DataType, facts: NullFacts, buffers: object): Data {
  return makeData({ type, ...facts, ...buffers } as never);
}

/** The nulls of a column for another one with values from its first row on; shared where a byte begins there. */
export function nullsOf(data: Data): NullFacts {
  const { length, nullCount } = data;
  if (!hasNulls(data)) return { length, nullCount: 0, nullBitmap: undefined };
  const shift = data.offset & 7;
  const from = data.offset >> 3;
  const bytes = (length + 7) >> 3;
  if (shift === 0) return { length, nullCount, nullBitmap: data.nullBitmap.subarray(from, from + bytes) };
  const bits = new Uint8Array(bytes);
  for (let i = 0; i < bytes; i++) {
    bits[i] = (data.nullBitmap[from + i]! >> shift) | ((data.nullBitmap[from + i + 1] ?? 0) << (8 - shift));
  }
  return { length, nullCount, nullBitmap: bits };
}

/** Says which rows are not null. */
export class RowMask {
  readonly #bits: Uint8Array;
  readonly #rows: number;
  #valid = 0;

  constructor(rows: number) {
    this.#rows = rows;
    this.#bits = new Uint8Array((rows + 7) >> 3);
  }

  /** A row is set once. */
  set(row: number): void {
    this.#bits[row >> 3]! |= 1 << (row & 7);
    this.#valid++;
  }

  facts(): NullFacts {
    const nullCount = this.#rows - this.#valid;
    return { length: this.#rows, nullCount, nullBitmap: nullCount === 0 ? undefined : this.#bits };
  }
}
