import type { CellEncoder } from '@sluice/core/cells';

import { isValid, type Validity } from '../../bits/column-batch.ts';
import { GrowingBytes } from '../../bits/growing-bytes.ts';
import type { CellDialect } from './cell-dialect.ts';

/** One column of a batch, ready to be written. */
export interface OpenCells {
  /** In quotes where it needs them. */
  readonly write: CellEncoder;
  /** What the longest cell takes at most. */
  readonly maxBytes: number;
  /** Undefined when every row holds a value. */
  readonly validity: Validity | undefined;
  /** What is written for a null. */
  readonly nulls: Uint8Array;
}

/** Which rows to write, and what to tell of them. */
export interface RowSelection {
  /** In the order to write them. */
  readonly rows: Uint32Array;
  /** As long: takes where each row ends. */
  readonly rowEnds?: Uint32Array;
}

const MIN_CHUNK_BYTES = 4096;

/** Writes rows of cells, batch after batch, each into bytes of its own. */
export class RowWriter {
  readonly #dialect: CellDialect;
  #expectedBytes = MIN_CHUNK_BYTES;

  constructor(dialect: CellDialect) {
    this.#dialect = dialect;
  }

  /** The first `count` rows, or those selected. */
  write(columns: readonly OpenCells[], count: number, selection?: RowSelection): Uint8Array {
    const { delimiter, lineEnd } = this.#dialect;
    const between = columns.length * delimiter.length + lineEnd.length;
    const rowBytes = columns.reduce((sum, { nulls, maxBytes }) => sum + nulls.length + maxBytes, between);
    const selected = selection?.rows;
    const rowEnds = selection?.rowEnds;
    const rows = selected?.length ?? count;
    const out = new GrowingBytes(this.#expectedBytes);
    for (let place = 0; place < rows; place++) {
      const row = selected === undefined ? place : selected[place]!;
      out.reserve(rowBytes);
      const { bytes } = out;
      let at = out.length;
      for (let i = 0; i < columns.length; i++) {
        if (i > 0) at = put(delimiter, bytes, at);
        const { validity, write, nulls } = columns[i]!;
        at = validity !== undefined && !isValid(validity, row) ? put(nulls, bytes, at) : write(bytes, at, row);
      }
      at = put(lineEnd, bytes, at);
      out.length = at;
      if (rowEnds !== undefined) rowEnds[place] = at;
    }
    this.#expectedBytes = Math.max(out.length + (out.length >> 3), MIN_CHUNK_BYTES);
    // What is far too large is not worth keeping alive.
    return out.length * 2 < out.bytes.length ? out.view().slice() : out.view();
  }
}

/** Of a few bytes, for which a call would take longer. */
function put(source: Uint8Array, out: Uint8Array, at: number): number {
  for (let i = 0; i < source.length; i++) out[at + i] = source[i]!;
  return at + source.length;
}
