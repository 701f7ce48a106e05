import type { Encoding } from 'hyparquet';

import type { ColumnBatch } from '../../bits/column-batch.ts';

/** Rows of a page at most. */
export const PAGE_ROWS = 65_536;
/** Uncompressed bytes at which a page of text or bytes ends. */
export const PAGE_BYTES = 1_048_576;

/** The smallest and largest value in Parquet's plain encoding, without length. */
export interface MinMax {
  readonly min: Uint8Array;
  readonly max: Uint8Array;
}

export interface ChunkEnd {
  /** Undefined when the chunk has no value, or none that can be ordered beyond doubt. */
  readonly minMax: MinMax | undefined;
  readonly dictionary: { readonly bytes: Uint8Array; readonly entries: number } | undefined;
}

/** The values of the page under way in one column, nulls left out, in the form the file has them. */
export interface PageValues {
  /** Whether the page must end before another row. */
  readonly full: boolean;
  /** Takes rows from `from` on, until `to` or until the page is full, and returns the row after the last one taken. */
  take(column: ColumnBatch, from: number, to: number): number;
  /** Ends the page. The bytes are valid until the next call. */
  endPage(): { readonly encoding: Encoding; readonly bytes: Uint8Array };
  /** Ends the row group, after its last page. */
  endChunk(): ChunkEnd;
}
