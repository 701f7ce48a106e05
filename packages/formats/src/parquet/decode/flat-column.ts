import type { Data } from 'apache-arrow';

import { copyBits, countBits, setBits } from './bitmap.ts';
import type { ChunkPages } from './chunk-pages.ts';
import type { ChunkValues, Nulls, Piece } from './chunk-values.ts';
import type { ColumnReader } from './column-reader.ts';
import { within } from './damage.ts';
import { HybridReader } from './hybrid-reader.ts';
import type { DataPage } from './page-reader.ts';

/** Rows whose levels are read at once. */
const RUN_ROWS = 16_384;

/** Rows of one page that were loaded, and how many of them were taken. */
interface Run<V> {
  readonly rows: number;
  /** Undefined where every row holds a value. */
  readonly bitmap: Uint8Array | undefined;
  readonly values: V;
  readonly valueCount: number;
  readonly place: string;
  rowsTaken: number;
  valuesTaken: number;
}

interface Page<V> {
  readonly levels: HybridReader | undefined;
  readonly next: (count: number) => V;
  readonly place: string;
  left: number;
}

/** A column whose rows are values or null. */
export class FlatColumn<V> implements ColumnReader {
  readonly path: string;
  readonly slotBytes: number;
  readonly hasBytes: boolean;
  readonly #pages: ChunkPages;
  readonly #values: ChunkValues<V>;
  readonly #runs: Run<V>[] = [];
  #rowsAhead = 0;
  #bytesAhead = 0;
  #page: Page<V> | undefined;

  constructor(path: string, pages: ChunkPages, values: ChunkValues<V>) {
    this.path = path;
    this.slotBytes = values.slotBytes;
    this.hasBytes = values.bytesOf !== undefined;
    this.#pages = pages;
    this.#values = values;
  }

  load(rows: number, maxBytes: number): Promise<void> | undefined {
    while (this.#wants(rows, maxBytes)) {
      if (this.#page === undefined || this.#page.left === 0) return this.#loadPages(rows, maxBytes);
      this.#openRun(this.#page);
    }
    return undefined;
  }

  bytesAhead(rows: number): number {
    const { bytesOf } = this.#values;
    if (bytesOf === undefined) return 0;
    if (rows >= this.#rowsAhead) return rows === this.#rowsAhead ? this.#bytesAhead : Infinity;
    let bytes = 0;
    let left = rows;
    for (const run of this.#runs) {
      if (left === 0) break;
      const taken = Math.min(left, run.rows - run.rowsTaken);
      bytes += bytesOf(run.values, run.valuesTaken, run.valuesTaken + valuesIn(run, taken));
      left -= taken;
    }
    return bytes;
  }

  take(rows: number): Data {
    this.#bytesAhead -= this.bytesAhead(rows);
    this.#rowsAhead -= rows;
    const pieces: Piece<V>[] = [];
    for (let left = rows; left > 0;) {
      const run = this.#runs[0]!;
      const slots = Math.min(left, run.rows - run.rowsTaken);
      const values = valuesIn(run, slots);
      pieces.push({
        slots,
        bits: run.bitmap === undefined ? undefined : { bitmap: run.bitmap, bitFrom: run.rowsTaken },
        values: run.values,
        from: run.valuesTaken,
        to: run.valuesTaken + values,
        place: run.place,
      });
      run.rowsTaken += slots;
      run.valuesTaken += values;
      if (run.rowsTaken === run.rows) this.#runs.shift();
      left -= slots;
    }
    return this.#values.build(pieces, rows, nullsOf(pieces, rows));
  }

  #wants(rows: number, maxBytes: number): boolean {
    return this.#rowsAhead < rows && (this.#bytesAhead <= maxBytes || this.#rowsAhead === 0);
  }

  async #loadPages(rows: number, maxBytes: number): Promise<void> {
    while (this.#wants(rows, maxBytes)) {
      if (this.#page === undefined || this.#page.left === 0) this.#page = this.#openPage(await this.#pages.next());
      this.#openRun(this.#page);
    }
  }

  #openPage(page: DataPage): Page<V> {
    const { definition, place, values } = page;
    return within(place, () => ({
      levels: definition && new HybridReader(definition.bytes, definition.start, definition.end, 1),
      next: this.#values.openPage(page),
      place,
      left: values,
    }));
  }

  #openRun(page: Page<V>): void {
    const { levels, next, place } = page;
    const rows = Math.min(RUN_ROWS, page.left);
    page.left -= rows;
    const run = within(place, (): Run<V> => {
      let bitmap: Uint8Array | undefined;
      let valueCount = rows;
      if (levels !== undefined && !levels.takeRun(1, rows)) {
        bitmap = new Uint8Array((rows + 7) >> 3);
        valueCount = levels.readBits(bitmap, 0, rows);
        if (valueCount === rows) bitmap = undefined;
      }
      return { rows, bitmap, values: next(valueCount), valueCount, place, rowsTaken: 0, valuesTaken: 0 };
    });
    this.#runs.push(run);
    this.#rowsAhead += rows;
    this.#bytesAhead += this.#values.bytesOf?.(run.values, 0, run.valueCount) ?? 0;
  }
}

function valuesIn<V>({ bitmap, rows, rowsTaken, valueCount, valuesTaken }: Run<V>, taken: number): number {
  if (bitmap === undefined) return taken;
  if (rowsTaken + taken === rows) return valueCount - valuesTaken;
  return countBits(bitmap, rowsTaken, rowsTaken + taken);
}

/** The null bitmap of all pieces. */
export function nullsOf(pieces: readonly Piece<unknown>[], slots: number): Nulls {
  let values = 0;
  for (const { from, to } of pieces) values += to - from;
  if (values === slots) return { nullCount: 0 };
  const nullBitmap = new Uint8Array((slots + 7) >> 3);
  let at = 0;
  for (const { slots: count, bits } of pieces) {
    if (bits === undefined) setBits(nullBitmap, at, at + count);
    else copyBits(bits.bitmap, bits.bitFrom, count, nullBitmap, at);
    at += count;
  }
  return { nullBitmap, nullCount: slots - values };
}
