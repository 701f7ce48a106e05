import type { Data } from 'apache-arrow';

/** A cell in the server's binary form: `length` bytes from `at` on. */
export interface Cell {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  length: number;
}

/**
 * The values of a column, row by row. A row that is put again replaces what was there, so that a row can be given up half
 * way; rows come in order otherwise.
 */
export interface ColumnCells {
  /** Answers what is wrong with a value that the type cannot hold, without the value. */
  put(row: number, cell: Cell): string | undefined;
  putNull(row: number): void;
  /** The first `rows` rows, which belong to the caller; the column begins anew. */
  take(rows: number): Data;
}

const FIRST_ROWS = 1024;

/** Rows to make room for after a batch of so many: the next is about as large, and what is not used is kept along. */
export function nextRows(rows: number): number {
  return Math.max(FIRST_ROWS, rows + (rows >> 3));
}
