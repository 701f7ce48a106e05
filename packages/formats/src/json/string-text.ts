import { BACKSLASH, hexDigit } from './json-syntax.ts';

const LOWER_U = 0x75;
const PLAIN: ReadonlyMap<number, number> = new Map([
  [0x22, 0x22],
  [0x5c, 0x5c],
  [0x2f, 0x2f],
  [0x62, 0x08],
  [0x66, 0x0c],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
]);
/** What stands for half a surrogate pair, which is no character. */
const REPLACEMENT = 0xfffd;

/**
 * Writes what the inside of a checked string says, `bytes[start, end)`, to `out` from `to` on, and returns where it ends.
 * That is never longer than what it was written as.
 */
export function unescapeText(bytes: Uint8Array, start: number, end: number, out: Uint8Array, to: number): number {
  let length = to;
  let at = start;
  while (at < end) {
    const byte = bytes[at]!;
    if (byte !== BACKSLASH) {
      out[length++] = byte;
      at++;
      continue;
    }
    const escape = bytes[at + 1]!;
    if (escape !== LOWER_U) {
      out[length++] = PLAIN.get(escape)!;
      at += 2;
      continue;
    }
    let code = hexCode(bytes, at + 2);
    at += 6;
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = code < 0xdc00 && isUnicodeEscape(bytes, at, end) ? hexCode(bytes, at + 2) : 0;
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        at += 6;
      } else code = REPLACEMENT;
    }
    length = writeCharacter(out, length, code);
  }
  return length;
}

function isUnicodeEscape(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 6 <= end && bytes[at] === BACKSLASH && bytes[at + 1] === LOWER_U;
}

function hexCode(bytes: Uint8Array, at: number): number {
  let code = 0;
  for (let i = 0; i < 4; i++) code = code * 16 + hexDigit(bytes[at + i]!);
  return code;
}

/** As UTF-8. */
function writeCharacter(out: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    out[at] = code;
    return at + 1;
  }
  if (code < 0x800) {
    out[at] = 0xc0 | (code >> 6);
    out[at + 1] = 0x80 | (code & 0x3f);
    return at + 2;
  }
  if (code < 0x1_0000) {
    out[at] = 0xe0 | (code >> 12);
    out[at + 1] = 0x80 | ((code >> 6) & 0x3f);
    out[at + 2] = 0x80 | (code & 0x3f);
    return at + 3;
  }
  out[at] = 0xf0 | (code >> 18);
  out[at + 1] = 0x80 | ((code >> 12) & 0x3f);
  out[at + 2] = 0x80 | ((code >> 6) & 0x3f);
  out[at + 3] = 0x80 | (code & 0x3f);
  return at + 4;
}
