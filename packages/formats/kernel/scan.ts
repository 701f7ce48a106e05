import { isDoubled, undouble } from './undouble';

const LF: i32 = 0x0a;
const CR: i32 = 0x0d;
const BLOCK_BYTES: i32 = 64;
const LAST_BIT: u64 = 0x8000_0000_0000_0000;
/** Of a cell: where its text starts and ends. */
const CELL_BYTES: usize = 8;

/**
 * Finds cells from `at` on, which is the start of one, and stops at the first that is not complete in the window, or is
 * not as it should be, or in a row that is not: for the twin, which says what is wrong. Doubled quotes are undoubled in
 * place.
 *
 * First every byte is looked at, 64 at a time, as if all were well; then each row, and each cell with quotes inside.
 *
 * `state` holds `at`, the words filled in `cells`, the number of complete rows, and where the row in work starts. Up to
 * four cells behind the last are overwritten. `scratch` has room for a word for each cell with quotes inside. Returns
 * whether it stopped at what is not as it should be.
 */
export function scan(
  state: usize,
  window: usize,
  end: i32,
  cells: usize,
  rowEnds: usize,
  columnCount: i32,
  delimiter: i32,
  quote: i32,
  maxRowBytes: i32,
  scratch: usize,
): bool {
  let start = load<i32>(state, 0);
  const firstCell = cells + ((<usize>load<i32>(state, 4)) << 2);
  const firstRowEnd = rowEnds + ((<usize>load<i32>(state, 8)) << 2);
  let cell = firstCell;
  let rowEnd = firstRowEnd;
  let odd = scratch;
  const delimiters = i8x16.splat(<i8>delimiter);
  const quotes = i8x16.splat(<i8>quote);
  const lineEnds = i8x16.splat(<i8>LF);
  /** All ones inside quotes. */
  let carry: u64 = 0;
  /** Whether the byte ahead of the block is a mark, and whether it is a quote that only a mark right behind it explains. */
  let isMark: u64 = 1;
  let isLoose: u64 = 0;

  for (let block = start; block < end; block += BLOCK_BYTES) {
    const a = v128.load(window + block, 0);
    const b = v128.load(window + block, 16);
    const c = v128.load(window + block, 32);
    const d = v128.load(window + block, 48);
    let quoteBits = bits(i8x16.eq(a, quotes), i8x16.eq(b, quotes), i8x16.eq(c, quotes), i8x16.eq(d, quotes));
    const la = i8x16.eq(a, lineEnds);
    const lb = i8x16.eq(b, lineEnds);
    const lc = i8x16.eq(c, lineEnds);
    const ld = i8x16.eq(d, lineEnds);
    // Delimiters and line ends outside of quotes.
    let marks = bits(
      v128.or(la, i8x16.eq(a, delimiters)),
      v128.or(lb, i8x16.eq(b, delimiters)),
      v128.or(lc, i8x16.eq(c, delimiters)),
      v128.or(ld, i8x16.eq(d, delimiters)),
    );
    let lines: u64 = v128.any_true(v128.or(v128.or(la, lb), v128.or(lc, ld))) ? bits(la, lb, lc, ld) : 0;
    if (end - block < BLOCK_BYTES) {
      const inside: u64 = ((<u64>1) << (<u64>(end - block))) - 1;
      quoteBits &= inside;
      marks &= inside;
    }
    const quoted = carry ^ parity(quoteBits);
    carry = <u64>(<i64>quoted >> 63);
    marks &= ~quoted;
    lines &= marks;
    // The quotes of a cell are even in number: where none is inside, its first and its last byte are quotes, or none is.
    const loose = quoteBits & ~((marks << 1) | isMark | (marks >> 1));
    if (isLoose & ~marks) odd = noted(odd, scratch, cell);
    if (loose & ~LAST_BIT) {
      const cr = i8x16.splat(<i8>CR);
      const crs = bits(i8x16.eq(a, cr), i8x16.eq(b, cr), i8x16.eq(c, cr), i8x16.eq(d, cr));
      let inner = loose & ~LAST_BIT & ~((crs >> 1) & (lines >> 2));
      for (; inner != 0; inner &= inner - 1) {
        odd = noted(odd, scratch, cell + <usize>popcnt(marks & (inner ^ (inner - 1))) * CELL_BYTES);
      }
    }
    isLoose = loose >> 63;
    isMark = marks >> 63;

    for (; lines != 0; lines &= lines - 1, rowEnd += 4) store<i32>(rowEnd, block + <i32>ctz(lines) + 1);

    const next = cell + <usize>popcnt(marks) * CELL_BYTES;
    const after = marks == 0 ? start : block + BLOCK_BYTES - <i32>clz(marks);
    // By four, whether there are as many or not: what is too much is overwritten.
    for (; cell < next; cell += 4 * CELL_BYTES) {
      start = writeCell(cell, window, start, block + <i32>ctz(marks), quote);
      marks &= marks - 1;
      start = writeCell(cell + CELL_BYTES, window, start, block + <i32>ctz(marks), quote);
      marks &= marks - 1;
      start = writeCell(cell + 2 * CELL_BYTES, window, start, block + <i32>ctz(marks), quote);
      marks &= marks - 1;
      start = writeCell(cell + 3 * CELL_BYTES, window, start, block + <i32>ctz(marks), quote);
      marks &= marks - 1;
    }
    cell = next;
    start = after;
  }
  // So that the last row can be seen to end where the next cell starts.
  writeCell(cell, window, start, start, quote);

  const rowBytes: usize = <usize>columnCount * CELL_BYTES;
  let rowStart = load<i32>(state, 12);
  let nextRow = cells + (<usize>load<i32>(state, 8) + 1) * rowBytes;
  let goodRowEnd = firstRowEnd;
  for (; goodRowEnd < rowEnd; goodRowEnd += 4, nextRow += rowBytes) {
    const after = load<i32>(goodRowEnd);
    if (nextRow > cell || after - rowStart > maxRowBytes) break;
    if (load<i32>(nextRow) != after + isQuote(window + after, quote)) break;
    const stop = load<i32>(nextRow - CELL_BYTES, 4);
    if (<i32>load<u8>(window + after - 2) == CR && stop > load<i32>(nextRow - CELL_BYTES)) {
      store<i32>(nextRow - CELL_BYTES, stop - 1, 4);
    }
    rowStart = after;
  }
  // The row in work has no more cells than it should.
  let stopCell = goodRowEnd == rowEnd && cell < nextRow ? cell : max(nextRow - rowBytes, firstCell);

  for (let at = scratch; at < odd; at += 4) {
    const oddCell = <usize>load<u32>(at);
    if (oddCell >= stopCell) break;
    if (!isDoubled(window, load<i32>(oddCell, 0), load<i32>(oddCell, 4), quote)) {
      stopCell = oddCell;
      break;
    }
  }
  // Nothing is moved before all of it is known to be good.
  for (let at = scratch; at < odd; at += 4) {
    const oddCell = <usize>load<u32>(at);
    if (oddCell >= stopCell) break;
    store<i32>(oddCell, undouble(window, load<i32>(oddCell, 0), load<i32>(oddCell, 4), quote), 4);
  }

  if (stopCell < cell) {
    start = load<i32>(stopCell) - isQuote(window + load<i32>(stopCell) - 1, quote);
    const rows = <i32>((stopCell - cells) / rowBytes);
    goodRowEnd = rowEnds + ((<usize>rows) << 2);
    rowStart = goodRowEnd > firstRowEnd ? load<i32>(goodRowEnd - 4) : load<i32>(state, 12);
  }
  store<i32>(state, start, 0);
  store<i32>(state, <i32>((stopCell - cells) >> 2), 4);
  store<i32>(state, <i32>((goodRowEnd - rowEnds) >> 2), 8);
  store<i32>(state, rowStart, 12);
  return stopCell < cell;
}

/** Writes the cell of the text from `start` to `mark`, without its quotes, and returns where the next one starts. */
function writeCell(cell: usize, window: usize, start: i32, mark: i32, quote: i32): i32 {
  const isQuoted = isQuote(window + start, quote);
  store<i32>(cell, start + isQuoted, 0);
  store<i32>(cell, mark - isQuoted, 4);
  return mark + 1;
}

function isQuote(at: usize, quote: i32): i32 {
  return i32(<i32>load<u8>(at) == quote);
}

/** Puts the cell at the end of a list that it is not yet the last of, and returns the new end. */
function noted(end: usize, list: usize, cell: usize): usize {
  if (end > list && load<u32>(end - 4) == <u32>cell) return end;
  store<u32>(end, <u32>cell);
  return end + 4;
}

/** One bit for each of 64 bytes. */
function bits(a: v128, b: v128, c: v128, d: v128): u64 {
  const low = i8x16.bitmask(a) | (i8x16.bitmask(b) << 16);
  const high = i8x16.bitmask(c) | (i8x16.bitmask(d) << 16);
  return <u64>(<u32>low) | ((<u64>(<u32>high)) << 32);
}

/** Sets each bit that has an odd number of bits at and below it. */
function parity(bits: u64): u64 {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  return bits ^ (bits << 32);
}
