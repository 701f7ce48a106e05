const SPACE: u8 = 0x20;

/** Whether the text `[from, to)`, quoted, ends at a quote, and every quote in it is doubled. */
export function isDoubled(window: usize, from: i32, to: i32, quote: i32): bool {
  if (from > to || <i32>load<u8>(window + from - 1) != quote || <i32>load<u8>(window + to) != quote) return false;
  const end = window + to;
  for (let at = nextQuote(window + from, end, quote); at < end; at = nextQuote(at + 2, end, quote)) {
    if (at + 1 == end || <i32>load<u8>(at + 1) != quote) return false;
  }
  return true;
}

/** Undoubles the quotes in the text `[from, to)`, which are all doubled. Returns where it ends. */
export function undouble(window: usize, from: i32, to: i32, quote: i32): i32 {
  const end = window + to;
  let out = nextQuote(window + from, end, quote);
  let at = out;
  while (at < end) {
    // One quote of two, and the text up to the next ones.
    const next = nextQuote(at + 2, end, quote);
    for (at++; at < next; at++) store<u8>(out++, load<u8>(at));
  }
  // What is left over must not look like broken UTF-8.
  memory.fill(out, SPACE, end - out);
  return <i32>(out - window);
}

/** Where the first quote from `at` on is, or `end`. */
function nextQuote(at: usize, end: usize, quote: i32): usize {
  const quotes = i8x16.splat(<i8>quote);
  for (; at < end; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), quotes));
    if (found != 0) return min(at + ctz(found), end);
  }
  return end;
}
