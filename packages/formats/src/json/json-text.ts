import type { GrowingBytes } from '../bits/growing-bytes.ts';
import { skipSpace, skipString, skipValue } from './json-syntax.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const HEX = '0123456789abcdef';
/** Characters that have an escape of one letter. */
const LETTERS: ReadonlyMap<number, string> = new Map([
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [QUOTE, '"'],
  [BACKSLASH, '\\'],
]);

/** Appends UTF-8 text as a JSON string; only what has to be is escaped. */
export function writeText(out: GrowingBytes, bytes: Uint8Array, start: number, end: number): void {
  out.appendByte(QUOTE);
  let copied = start;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH) continue;
    out.appendBytes(bytes, copied, at);
    writeEscape(out, byte);
    copied = at + 1;
  }
  out.appendBytes(bytes, copied, end);
  out.appendByte(QUOTE);
}

function writeEscape(out: GrowingBytes, byte: number): void {
  const letter = LETTERS.get(byte);
  const text = letter ?? `u00${HEX[byte >> 4]}${HEX[byte & 15]}`;
  out.appendByte(BACKSLASH);
  for (let i = 0; i < text.length; i++) out.appendByte(text.charCodeAt(i));
}

/** Appends a JSON value without space between its parts. False, and nothing appended, where the text is none. */
export function writeDocument(out: GrowingBytes, bytes: Uint8Array, start: number, end: number): boolean {
  // A number is known to end by what is behind it.
  const text = new Uint8Array(end - start + 1);
  text.set(bytes.subarray(start, end));
  text[end - start] = SPACE;
  const from = skipSpace(text, 0, text.length);
  const to = skipValue(text, from, text.length);
  if (to < 0 || skipSpace(text, to, text.length) !== text.length) return false;
  for (let at = from; at < to;) {
    const next = text[at] === QUOTE ? skipString(text, at, to) : at + 1;
    out.appendBytes(text, at, next);
    at = skipSpace(text, next, to);
  }
  return true;
}
