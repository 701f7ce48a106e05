import { type Delivery, type Json, SluiceError, type SourceReject } from '@sluice/core';
import { makeData, RecordBatch, type Schema, Struct } from 'apache-arrow';

import type { Cell, ColumnCells } from './column-cells.ts';

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Signature, flags, length of the extension. */
const HEADER_BYTES = 19;
/** In place of the number of columns. */
const END_MARK = -1;

type Refusal = Pick<SourceReject, 'message' | 'columns'>;

export interface DecodedColumn {
  readonly name: string;
  readonly cells: ColumnCells;
}

/**
 * Rows in the binary form of COPY, as batches cut by rows and bytes.
 *
 * @throws `RESPONSE_TRUNCATED` when the rows end before their end mark; `RESPONSE_INVALID`.
 */
export async function* decodeRows(
  input: AsyncIterable<Uint8Array>,
  schema: Schema,
  columns: readonly DecodedColumn[],
  bounds: { readonly rows: number; readonly bytes: number },
): AsyncIterable<Delivery<Json>> {
  const decoder = new RowDecoder(schema, columns, bounds);
  for await (const chunk of input) {
    decoder.append(chunk);
    for (let more = decoder.next(); more !== undefined; more = decoder.next()) yield more;
  }
  const last = decoder.end();
  if (last !== undefined) yield last;
}

class RowDecoder {
  readonly #schema: Schema;
  readonly #columns: readonly DecodedColumn[];
  readonly #bounds: { readonly rows: number; readonly bytes: number };
  #bytes: Uint8Array = new Uint8Array(0);
  #view = new DataView<ArrayBufferLike>(this.#bytes.buffer);
  #joint = new Uint8Array(0);
  #at = 0;
  #hasHeader = false;
  #isAtEnd = false;
  #rows = 0;
  #rowBytes = 0;
  #rejects: SourceReject[] = [];

  constructor(schema: Schema, columns: readonly DecodedColumn[], bounds: { rows: number; bytes: number }) {
    this.#schema = schema;
    this.#columns = columns;
    this.#bounds = bounds;
  }

  append(chunk: Uint8Array): void {
    const rest = this.#bytes.subarray(this.#at);
    this.#bytes = rest.length === 0 ? chunk : this.#joined(rest, chunk);
    const { buffer, byteOffset, byteLength } = this.#bytes;
    this.#view = new DataView(buffer, byteOffset, byteLength);
    this.#at = 0;
  }

  /** In a buffer that grows by doubling, for rows of many chunks. */
  #joined(rest: Uint8Array, chunk: Uint8Array): Uint8Array {
    const count = rest.length + chunk.length;
    if (rest.buffer !== this.#joint.buffer || rest.byteOffset !== 0 || count > this.#joint.length) {
      const joint = count > this.#joint.length ? new Uint8Array(2 * count) : this.#joint;
      joint.set(rest);
      this.#joint = joint;
    }
    this.#joint.set(chunk, rest.length);
    return this.#joint.subarray(0, count);
  }

  /** The next batch that is full. */
  next(): Delivery<Json> | undefined {
    if (!this.#hasHeader && !this.#readHeader()) return undefined;
    while (this.#readRow()) {
      if (this.#rows + this.#rejects.length >= this.#bounds.rows || this.#rowBytes >= this.#bounds.bytes) {
        return this.#take();
      }
    }
    return undefined;
  }

  end(): Delivery<Json> | undefined {
    if (!this.#isAtEnd) {
      throw new SluiceError('RESPONSE_TRUNCATED', 'PostgreSQL: the rows ended before their end mark');
    }
    return this.#rows + this.#rejects.length === 0 ? undefined : this.#take();
  }

  #readHeader(): boolean {
    if (this.#bytes.length - this.#at < HEADER_BYTES) return false;
    const start = this.#bytes.subarray(this.#at, this.#at + SIGNATURE.length);
    if (!SIGNATURE.equals(start)) throw invalid('the rows are not in the binary form of COPY');
    const extension = this.#view.getInt32(this.#at + HEADER_BYTES - 4);
    if (this.#bytes.length - this.#at < HEADER_BYTES + extension) return false;
    this.#at += HEADER_BYTES + extension;
    this.#hasHeader = true;
    return true;
  }

  /** False at the end, and when not all of the row is there. */
  #readRow(): boolean {
    const start = this.#at;
    if (this.#isAtEnd || start + 2 > this.#bytes.length) return false;
    const fields = this.#view.getInt16(start);
    if (fields === END_MARK) {
      this.#isAtEnd = true;
      return false;
    }
    if (fields !== this.#columns.length) {
      throw invalid(`a row has ${fields} columns, and ${this.#columns.length} were asked for`);
    }
    const cell: Cell = { bytes: this.#bytes, view: this.#view, at: start + 2, length: 0 };
    const refusal = this.#readCells(cell);
    if (refusal === 'incomplete') return false;
    if (refusal === undefined) this.#rows++;
    else this.#rejects.push({ row: this.#rows + this.#rejects.length, code: 'VALUE_INVALID', ...refusal });
    this.#rowBytes += cell.at - start;
    this.#at = cell.at;
    return true;
  }

  /** Leaves the cell at the end of the row. What is put of a row that is not all there is put again. */
  #readCells(cell: Cell): Refusal | 'incomplete' | undefined {
    const { view, bytes } = cell;
    let refusal: Refusal | undefined;
    for (const { name, cells } of this.#columns) {
      if (cell.at + 4 > bytes.length) return 'incomplete';
      const length = view.getInt32(cell.at);
      cell.at += 4;
      cell.length = length;
      if (length < 0) {
        cells.putNull(this.#rows);
        continue;
      }
      if (cell.at + length > bytes.length) return 'incomplete';
      if (refusal === undefined) {
        const fault = cells.put(this.#rows, cell);
        if (fault !== undefined) refusal = { message: `a value of ${name} ${fault}`, columns: [name] };
      }
      cell.at += length;
    }
    return refusal;
  }

  #take(): Delivery<Json> {
    const [length, rejects] = [this.#rows, this.#rejects];
    const children = this.#columns.map(({ cells }) => cells.take(length));
    this.#rows = 0;
    this.#rowBytes = 0;
    this.#rejects = [];
    const data = makeData({ type: new Struct(this.#schema.fields), length, nullCount: 0, children });
    const batch = new RecordBatch(this.#schema, data);
    return rejects.length === 0 ? { batch } : { batch, rejects };
  }
}

function invalid(what: string): SluiceError {
  return new SluiceError('RESPONSE_INVALID', `PostgreSQL: ${what}`);
}
