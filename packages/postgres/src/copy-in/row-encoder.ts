import type { Reject } from '@sluice/core';
import type { RecordBatch } from 'apache-arrow';

import { ByteWriter } from './byte-writer.ts';
import type { CellWriter, CellWriters } from './cell-writer.ts';
import { withNulls } from './column-writer.ts';

/** `PGCOPY`, flags without object ids, no extension (PostgreSQL documentation, COPY, binary format). */
export const COPY_HEADER = Uint8Array.from([...Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), ...new Uint8Array(8)]);
export const COPY_TRAILER = Uint8Array.from([0xff, 0xff]);

export interface RowColumn {
  readonly name: string;
  readonly writers: CellWriters;
  /** Neither the table nor an upsert on a key takes a null there. */
  readonly isRequired: boolean;
}

export interface EncodedRows {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** `row` is counted from the first row of the part. */
  readonly rejects: readonly Reject[];
}

/** Encoded before they are sent. */
const STRETCH_BYTES = 262_144;
const INT32_CELL_BYTES = 8;
const INT64_CELL_BYTES = 12;

/** Rows of a part in the binary form of COPY, each led by where it comes from if the table has columns for that. */
export class RowEncoder {
  readonly #columns: readonly RowColumn[];
  readonly #place: { readonly split: number; readonly part: number } | undefined;
  readonly #out = new ByteWriter(STRETCH_BYTES + STRETCH_BYTES / 8);
  #row = 0;

  constructor(columns: readonly RowColumn[], place: { readonly split: number; readonly part: number } | undefined) {
    this.#columns = columns;
    this.#place = place;
  }

  /** The rows of a batch, some at a time: while they are sent, the next are encoded. */
  *encode(batch: RecordBatch): Generator<EncodedRows, void, undefined> {
    const cells = this.#columns.map(({ name, writers, isRequired }, index) => {
      const data = batch.data.children[index]!;
      return { name, write: withNulls(data, writers, isRequired ? refuseNull : undefined) };
    });
    const out = this.#out;
    const fields = cells.length + (this.#place === undefined ? 0 : 3);
    let rejects: Reject[] = [];
    for (let row = 0; row < batch.numRows; row++) {
      const start = out.at;
      out.int16(fields);
      this.#writePlace(row);
      for (const { name, write } of cells) {
        const fault = write(row, out);
        if (fault === undefined) continue;
        out.at = start;
        const message = `a value of ${name} ${fault}`;
        rejects.push({ row: this.#row + row, code: 'VALUE_INVALID', message, retryable: false, columns: [name] });
        break;
      }
      if (out.at < STRETCH_BYTES) continue;
      yield { bytes: out.take(), rejects };
      rejects = [];
    }
    this.#row += batch.numRows;
    if (out.at > 0 || rejects.length > 0) yield { bytes: out.take(), rejects };
  }

  #writePlace(row: number): void {
    if (this.#place === undefined) return;
    const { split, part } = this.#place;
    const out = this.#out;
    out.reserve(2 * INT32_CELL_BYTES + INT64_CELL_BYTES);
    const { view, at } = out;
    view.setInt32(at, 4);
    view.setInt32(at + 4, split);
    view.setInt32(at + 8, 4);
    view.setInt32(at + 12, part);
    view.setInt32(at + 16, 8);
    view.setBigInt64(at + 20, BigInt(this.#row + row));
    out.at = at + 28;
  }
}

const refuseNull: CellWriter = () => 'is null, which the column or the key refuses';
