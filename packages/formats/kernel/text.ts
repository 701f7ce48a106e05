import { EMPTY } from './notes';

const VECTORS_BYTES: usize = 32;
/** A longer cell is worth the call. */
const LONG_BYTES: usize = 512;

/**
 * Puts the text of the cells one behind the other, from `out` on; `offsets` gets the end of each, where the first starts
 * at `length`. Up to 32 bytes behind the last are overwritten. Returns the number of notes.
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
    v128.store(to, v128.load(from, 0), 0);
    v128.store(to, v128.load(from, 16), 16);
    if (size > VECTORS_BYTES) {
      if (size > LONG_BYTES) {
        memory.copy(to, from, size);
      } else {
        for (let i = VECTORS_BYTES; i < size; i += VECTORS_BYTES) {
          v128.store(to + i, v128.load(from + i, 0), 0);
          v128.store(to + i, v128.load(from + i, 16), 16);
        }
      }
    }
    // Without a look at which rows have none: what is written too much is overwritten.
    store<i32>(note, (row << 2) | EMPTY);
    note += (<usize>(size == 0)) << 2;
    to += size;
    store<i32>(offsets, length + <i32>(to - out));
  }
  return <i32>((note - notes) >> 2);
}
