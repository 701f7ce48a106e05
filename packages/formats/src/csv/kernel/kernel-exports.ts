/**
 * What the kernel exports, see `packages/formats/kernel`.
 *
 * Every number is a 32-bit integer; addresses are bytes in the kernel's memory. `cells` is where the first cell of the
 * column stands, `stride` the bytes to that of the next row. Reading returns the number of notes it wrote.
 */
export interface KernelExports {
  scan(
    state: number,
    window: number,
    end: number,
    cells: number,
    rowEnds: number,
    columnCount: number,
    delimiter: number,
    quote: number,
    maxRowBytes: number,
    scratch: number,
  ): number;
  readText(
    cells: number,
    stride: number,
    rows: number,
    window: number,
    out: number,
    offsets: number,
    length: number,
    notes: number,
  ): number;
  readBools: ReadWords<[]>;
  readDates: ReadWords<[]>;
  readDoubles: ReadWords<[]>;
  readIntegers: ReadWords<[bitWidth: number, isSigned: number]>;
  readDecimals: ReadWords<[scale: number, precision: number, roundsHalfUp: number, isWide: number]>;
  readTimestamps: ReadWords<[digits: number]>;
  readTimes: ReadWords<[digits: number, isWide: number]>;
}

type ReadWords<More extends readonly number[]> = (
  cells: number,
  stride: number,
  rows: number,
  window: number,
  out: number,
  notes: number,
  ...more: More
) => number;
