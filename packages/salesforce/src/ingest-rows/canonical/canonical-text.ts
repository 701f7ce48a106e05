const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const SEMICOLON = 0x3b;

/** White space that an org takes off the ends of a text; the no-break space stays. */
export function isTrimmed(byte: number): boolean {
  return byte === SPACE || (byte >= TAB && byte <= CR);
}

/** Where the text `bytes[start, end)` begins once it is trimmed; `end` where nothing is left. */
export function trimmedStart(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isTrimmed(bytes[at]!)) at++;
  return at;
}

/** Where it ends; `start` is that of the trimmed text. */
export function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && isTrimmed(bytes[at - 1]!)) at--;
  return at;
}

/** Trimmed, with LF for every line end, without control characters. */
export function writeText(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  const first = trimmedStart(bytes, start, end);
  const last = trimmedEnd(bytes, first, end);
  let to = at;
  for (let i = first; i < last; i++) {
    const byte = bytes[i]!;
    if (byte >= SPACE || byte === LF || byte === TAB) out[to++] = byte;
    else if (byte === CR && bytes[i + 1] !== LF) out[to++] = LF;
  }
  return to;
}

/** The text that `out[from, to)` holds in lower case, in its place, where that takes no more bytes; returns its end. */
export function foldCase(out: Uint8Array, from: number, to: number): number {
  let isAscii = true;
  for (let i = from; i < to; i++) {
    const byte = out[i]!;
    if (byte >= 0x80) isAscii = false;
    else if (byte >= 0x41 && byte <= 0x5a) out[i] = byte | 0x20;
  }
  if (isAscii) return to;
  const folded = Buffer.from(
    Buffer.from(out.buffer, out.byteOffset + from, to - from)
      .toString()
      .toLowerCase(),
  );
  // A letter or two grow: the room is for twice the text.
  out.set(folded, from);
  return from + folded.length;
}

/** The entries of a multi-select picklist as a set: sorted, each once. */
export function writeEntries(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  const to = writeText(bytes, start, end, out, at);
  if (!out.subarray(at, to).includes(SEMICOLON)) return to;
  const text = Buffer.from(out.buffer, out.byteOffset + at, to - at).toString();
  const entries = new Set(text.split(';').map((entry) => entry.trim()));
  entries.delete('');
  const joined = Buffer.from([...entries].sort().join(';'));
  out.set(joined, at);
  return at + joined.length;
}
