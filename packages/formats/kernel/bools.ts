import { EMPTY, LEFT } from './notes';

const CASE: u32 = 0x20202020;
const TRUE: u32 = 0x65757274;
const FALS: u32 = 0x736c6166;
const E: u8 = 0x65;

/** One word for each row. Returns the number of notes. */
export function readBools(cells: usize, stride: usize, rows: i32, window: usize, out: usize, notes: usize): i32 {
  let note = notes;
  for (let row = 0; row < rows; row++, cells += stride, out += 4) {
    const start = window + <usize>load<i32>(cells, 0);
    const size = window + <usize>load<i32>(cells, 4) - start;
    const letters = load<u32>(start) | CASE;
    if (size == 4 && letters == TRUE) {
      store<i32>(out, 1);
    } else if (size == 5 && letters == FALS && (load<u8>(start, 4) | 0x20) == E) {
      store<i32>(out, 0);
    } else {
      store<i32>(out, 0);
      store<i32>(note, (row << 2) | (size == 0 ? EMPTY : LEFT));
      note += 4;
    }
  }
  return <i32>((note - notes) >> 2);
}
