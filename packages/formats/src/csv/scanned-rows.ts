import type { CsvKernel } from './kernel/csv-kernel.ts';

/** Rows whose cells have been found. Valid until the scanner that owns them goes on. */
export interface ScannedRows {
  readonly bytes: Uint8Array;
  /** The same bytes, of which a word of four may be read from every byte of a cell on. */
  readonly view: DataView;
  /** For each row, for each column of the file, where its text starts and ends; without quotes, undoubled. */
  readonly cells: Int32Array;
  /** Whether an empty cell of a type other than text is null; else it is one that starts at -1. */
  readonly emptyIsNull: boolean;
  /** Whether cells may have bytes in common, so that rows can be larger than they are in the file. */
  readonly sharesBytes: boolean;
  readonly columnCount: number;
  /** Where each row ends in `bytes`, line end included. */
  readonly rowEnds: Int32Array;
  /** The kernel in whose memory the bytes and the cells are; undefined where they are not in one. */
  readonly kernel: CsvKernel | undefined;
  /** Of `bytes[0]` in the file. */
  readonly byteOffset: number;
  /** Whether the empty cell of text that starts there is null. */
  isNullText(start: number): boolean;
}

/** What makes the bytes behind the scanned rows no row. */
export interface Damage {
  /** Of the file; undefined where it is about the row as a whole. */
  readonly column: number | undefined;
  /** In the file. */
  readonly byteOffset: number;
  /** What there is and ought not to be: `text after the closing quote`. Never holds the value. */
  readonly problem: string;
  /** Whether there are too few or too many cells, if that is what is wrong. */
  readonly cells: 'fewer' | 'more' | undefined;
  /** Whether it is certain where the row ends all the same. */
  readonly hasEnd: boolean;
  /** Whether there is nothing on the line. */
  readonly isBlank: boolean;
}

/** A row whose text is none. It is among the scanned rows. */
export interface BadText {
  readonly row: number;
  readonly damage: Damage;
}
