import type { Data } from 'apache-arrow';

/** One column of the batches, out of one row group. */
export interface ColumnReader {
  /** For errors. */
  readonly path: string;
  /** What each row takes, as `batchBytes` counts it. */
  readonly slotBytes: number;
  /** Whether rows take more than that. */
  readonly hasBytes: boolean;
  /**
   * Sees to it that so many rows are ahead, or rows of more than `maxBytes`, at least one. Called again only when it has
   * settled.
   *
   * @throws `FILE_CORRUPT`.
   */
  load(rows: number, maxBytes: number): Promise<void> | undefined;
  /** What so many rows take beyond their slots; `Infinity` where not all of them are loaded. */
  bytesAhead(rows: number): number;
  /** The next rows, all of them loaded. */
  take(rows: number): Data;
}
