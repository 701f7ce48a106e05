/** Of the window the kernel scans: small enough to stay in the processor's cache until it is decoded. */
export const WINDOW_BYTES = 128 * 1024;
/** Cells of a column are read in runs of so many. */
export const RUN_ROWS = 4096;
/** Files with more columns are not for the kernel. */
export const MAX_COLUMNS = 4096;

const PAGE_BYTES = 64 * 1024;
const VECTOR_BYTES = 16;
const MAX_VALUE_BYTES = 32;
/** The longest text of a run, and the vectors that may be written behind it. */
const TEXT_BYTES = WINDOW_BYTES + 2 * VECTOR_BYTES;
/** A cell takes a byte at least, but for those of the row in work; what is written too much has room there, too. */
const CELL_WORDS = 2 * (WINDOW_BYTES + MAX_COLUMNS);

let next = PAGE_BYTES; // The first page is that of the kernel's constants.

function reserve(bytes: number): number {
  const at = next;
  next += Math.ceil(bytes / VECTOR_BYTES) * VECTOR_BYTES;
  return at;
}

/** Where things are in the kernel's memory. Its size is fixed, and pages nobody uses cost nothing. */
export const AT = {
  state: reserve(VECTOR_BYTES),
  window: reserve(WINDOW_BYTES),
  cells: reserve(CELL_WORDS * 4),
  rowEnds: reserve((WINDOW_BYTES + 1) * 4),
  values: reserve(RUN_ROWS * MAX_VALUE_BYTES),
  offsets: reserve(RUN_ROWS * 4),
  notes: reserve(RUN_ROWS * 4),
  text: reserve(TEXT_BYTES),
} as const;

export const MEMORY_PAGES = Math.ceil((next + PAGE_BYTES) / PAGE_BYTES);

export const LENGTH = {
  state: VECTOR_BYTES / 4,
  window: WINDOW_BYTES,
  cells: CELL_WORDS,
  rowEnds: WINDOW_BYTES + 1,
  words: (RUN_ROWS * MAX_VALUE_BYTES) / 4,
  offsets: RUN_ROWS,
  notes: RUN_ROWS,
  text: TEXT_BYTES,
} as const;

/** Where the word `index` of the cells is. */
export function cellAddress(index: number): number {
  return AT.cells + index * 4;
}
