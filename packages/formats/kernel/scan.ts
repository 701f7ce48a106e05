const LF: i32 = 0x0a;
const CR: i32 = 0x0d;
const SPACE: u8 = 0x20;
const BLOCK_BYTES: i32 = 64;
/** Of a cell: where its text starts and ends. */
const CELL_BYTES: usize = 8;

/**
 * Finds cells from `at` on, which is the start of one, and stops at the first that is not complete in the window, or is
 * not as it should be: for the twin, which says what is wrong with it. Doubled quotes are undoubled in place.
 *
 * `state` holds `at`, the words filled in `cells`, the number of complete rows, and where the row in work starts.
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
): void {
  const rowBytes: usize = <usize>columnCount * CELL_BYTES;
  let start = load<i32>(state, 0);
  let cell = cells + ((<usize>load<i32>(state, 4)) << 2);
  let rows = load<i32>(state, 8);
  let rowStart = load<i32>(state, 12);
  let lastCell = cells + <usize>(rows + 1) * rowBytes - CELL_BYTES;
  const delimiters = i8x16.splat(<i8>delimiter);
  const quotes = i8x16.splat(<i8>quote);
  const lineEnds = i8x16.splat(<i8>LF);
  /** All ones inside quotes. */
  let carry: u64 = 0;
  /** Quotes of the cell in work. */
  let seen: i32 = 0;
  let isOdd = false;

  for (let block = start; block < end && !isOdd; block += BLOCK_BYTES) {
    const a = v128.load(window + block, 0);
    const b = v128.load(window + block, 16);
    const c = v128.load(window + block, 32);
    const d = v128.load(window + block, 48);
    let quoteBits = bits(i8x16.eq(a, quotes), i8x16.eq(b, quotes), i8x16.eq(c, quotes), i8x16.eq(d, quotes));
    let marks = bits(
      v128.or(i8x16.eq(a, delimiters), i8x16.eq(a, lineEnds)),
      v128.or(i8x16.eq(b, delimiters), i8x16.eq(b, lineEnds)),
      v128.or(i8x16.eq(c, delimiters), i8x16.eq(c, lineEnds)),
      v128.or(i8x16.eq(d, delimiters), i8x16.eq(d, lineEnds)),
    );
    if (end - block < BLOCK_BYTES) {
      const inside: u64 = ((<u64>1) << (<u64>(end - block))) - 1;
      quoteBits &= inside;
      marks &= inside;
    }
    if (quoteBits == 0) {
      marks &= ~carry;
    } else {
      const quoted = carry ^ parity(quoteBits);
      carry = <u64>(<i64>quoted >> 63);
      marks &= ~quoted;
    }
    while (marks != 0) {
      const bit: u64 = ctz(marks);
      const before: u64 = ((<u64>1) << bit) - 1;
      marks &= marks - 1;
      seen += <i32>popcnt(quoteBits & before);
      quoteBits &= ~before;
      const mark = block + <i32>bit;
      const isRowEnd = <i32>load<u8>(window + mark) == LF;
      if (isRowEnd != (cell == lastCell) || (isRowEnd && mark + 1 - rowStart > maxRowBytes)) {
        isOdd = true;
        break;
      }
      let first = start;
      let stop = mark;
      if (isRowEnd && stop > first && <i32>load<u8>(window + stop - 1) == CR) stop--;
      if (seen != 0) {
        stop = unquote(window, first, stop, seen, <u8>quote);
        if (stop < 0) {
          isOdd = true;
          break;
        }
        first++;
        seen = 0;
      }
      store<i32>(cell, first, 0);
      store<i32>(cell, stop, 4);
      cell += CELL_BYTES;
      start = mark + 1;
      if (isRowEnd) {
        store<i32>(rowEnds + ((<usize>rows) << 2), start);
        rows++;
        rowStart = start;
        lastCell += rowBytes;
      }
    }
    seen += <i32>popcnt(quoteBits);
  }
  store<i32>(state, start, 0);
  store<i32>(state, <i32>((cell - cells) >> 2), 4);
  store<i32>(state, rows, 8);
  store<i32>(state, rowStart, 12);
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

/** Where the text of the quoted cell `[first, stop)` ends, or -1 where its quotes are not as they should be. */
function unquote(window: usize, first: i32, stop: i32, quotes: i32, quote: u8): i32 {
  if (load<u8>(window + first) != quote || load<u8>(window + stop - 1) != quote) return -1;
  const from = window + first + 1;
  const to = window + stop - 1;
  if (quotes == 2) return stop - 1;
  // Nothing is moved before all of it is known to be good.
  for (let at = from; at < to; at++) {
    if (load<u8>(at) != quote) continue;
    at++;
    if (at == to || load<u8>(at) != quote) return -1;
  }
  let out = from;
  for (let at = from; at < to; at++) {
    const byte = load<u8>(at);
    store<u8>(out++, byte);
    if (byte == quote) at++;
  }
  // What is left over must not look like broken UTF-8.
  memory.fill(out, SPACE, to - out);
  return <i32>(out - window);
}
