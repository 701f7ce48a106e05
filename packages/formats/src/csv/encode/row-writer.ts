import type { CellEncoder } from '@sluice/core/cells';

import { isValid, type Validity } from '../../bits/column-batch.ts';
import { GrowingBytes } from '../../bits/growing-bytes.ts';

/** One column of a batch, ready to be written. */
export interface OpenCells {
  readonly write: CellEncoder;
  /** What the longest cell takes at most. */
  readonly maxBytes: number;
  /** Text, which puts itself in quotes where it needs them. */
  readonly isText: boolean;
  /** Undefined when every row holds a value. */
  readonly validity: Validity | undefined;
  /** What is written for a null. */
  readonly nulls: Uint8Array;
}

export interface RowLayout {
  readonly delimiter: number;
  readonly quote: number;
  readonly lineEnd: Uint8Array;
  /** Whether cells other than text are put in quotes. */
  readonly quotesValues: boolean;
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
  readonly #layout: RowLayout;
  #expectedBytes = MIN_CHUNK_BYTES;

  constructor(layout: RowLayout) {
    this.#layout = layout;
  }

  /** The first `count` rows, or those selected. */
  write(columns: readonly OpenCells[], count: number, selection?: RowSelection): Uint8Array {
    const { delimiter, quote, lineEnd, quotesValues } = this.#layout;
    const rowBytes = columns.reduce((sum, { nulls, maxBytes }) => sum + 3 + nulls.length + maxBytes, lineEnd.length);
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
        if (i > 0) bytes[at++] = delimiter;
        const { validity, write, isText, nulls } = columns[i]!;
        if (validity !== undefined && !isValid(validity, row)) {
          for (let j = 0; j < nulls.length; j++) bytes[at++] = nulls[j]!;
        } else if (isText || !quotesValues) {
          at = write(bytes, at, row);
        } else {
          bytes[at++] = quote;
          at = write(bytes, at, row);
          bytes[at++] = quote;
        }
      }
      for (let j = 0; j < lineEnd.length; j++) bytes[at++] = lineEnd[j]!;
      out.length = at;
      if (rowEnds !== undefined) rowEnds[place] = at;
    }
    this.#expectedBytes = Math.max(out.length + (out.length >> 3), MIN_CHUNK_BYTES);
    // What is far too large is not worth keeping alive.
    return out.length * 2 < out.bytes.length ? out.view().slice() : out.view();
  }
}
