import { CELL_READ, CELL_UNREADABLE, type CellStatus } from './cell-parser.ts';

const ZERO = 0x30;
const ONE = 0x31;

/** `true` and `false` in any case, and `1` and `0`. */
export function parseBool(bytes: Uint8Array, start: number, end: number, words: Uint32Array, at: number): CellStatus {
  const length = end - start;
  if (length === 4 && spells(bytes, start, 0x74, 0x72, 0x75, 0x65)) {
    words[at] = 1;
    return CELL_READ;
  }
  if (length === 5 && spells(bytes, start, 0x66, 0x61, 0x6c, 0x73) && (bytes[start + 4]! | 0x20) === 0x65) {
    words[at] = 0;
    return CELL_READ;
  }
  const digit = bytes[start]!;
  if (length !== 1 || (digit !== ZERO && digit !== ONE)) return CELL_UNREADABLE;
  words[at] = digit - ZERO;
  return CELL_READ;
}

/** Four lower-case letters. */
function spells(bytes: Uint8Array, at: number, a: number, b: number, c: number, d: number): boolean {
  return (
    (bytes[at]! | 0x20) === a &&
    (bytes[at + 1]! | 0x20) === b &&
    (bytes[at + 2]! | 0x20) === c &&
    (bytes[at + 3]! | 0x20) === d
  );
}
