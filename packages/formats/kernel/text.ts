import { EMPTY } from './notes';

/** A longer cell is worth the call. */
const LONG_BYTES: usize = 256;

/**
 * Puts the text of the cells one behind the other, from `out` on; `offsets` gets the end of each, where the first starts
 * at `length`. Up to 16 bytes behind the last are overwritten. Returns the number of notes.
 */
export function readText(
  cells: usize,
  stride: usize,
  rows: i32,
  window: usize,
  out: usize,
  offsets: usize,
  length: i32,
  notes: usize,
): i32 {
  let note = notes;
  let to = out;
  for (let row = 0; row < rows; row++, cells += stride, offsets += 4) {
    const from = window + <usize>load<i32>(cells, 0);
    const size = window + <usize>load<i32>(cells, 4) - from;
    if (size == 0) {
      store<i32>(note, (row << 2) | EMPTY);
      note += 4;
    } else if (size > LONG_BYTES) {
      memory.copy(to, from, size);
    } else {
      for (let i: usize = 0; i < size; i += 16) v128.store(to + i, v128.load(from + i));
    }
    to += size;
    store<i32>(offsets, length + <i32>(to - out));
  }
  return <i32>((note - notes) >> 2);
}
