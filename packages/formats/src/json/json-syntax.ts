/** The text ends before the value does. */
export const INCOMPLETE = -1;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
const COLON = 0x3a;
export const BACKSLASH = 0x5c;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;

const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_E = 0x65;
const LOWER_U = 0x75;
const SPACE = 0x20;
/** Deeper nesting is taken for damage, and would be no row either way. */
const MAX_DEPTH = 256;

const TRUE = [0x74, 0x72, 0x75, 0x65];
const FALSE = [0x66, 0x61, 0x6c, 0x73, 0x65];
const NULL = [0x6e, 0x75, 0x6c, 0x6c];
/** What may follow a backslash, `u` apart. */
const ESCAPES = new Set([0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74]);

/**
 * Functions that go over a value return where it ends. Where the text ends first that is `INCOMPLETE`, and where it is
 * no JSON a number that `malformed` makes of the place and `placeOf` takes apart.
 */
export function malformed(at: number): number {
  return -2 - at;
}

export function placeOf(end: number): number {
  return -2 - end;
}

export function skipSpace(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at];
    if (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    at++;
  }
  return at;
}

/** Any value (RFC 8259, https://www.rfc-editor.org/rfc/rfc8259), checked to its last character. */
export function skipValue(bytes: Uint8Array, at: number, end: number, depth = 0): number {
  if (at >= end) return INCOMPLETE;
  switch (bytes[at]) {
    case QUOTE:
      return skipString(bytes, at, end);
    case OPEN_OBJECT:
      return depth < MAX_DEPTH ? skipObject(bytes, at, end, depth) : malformed(at);
    case OPEN_ARRAY:
      return depth < MAX_DEPTH ? skipArray(bytes, at, end, depth) : malformed(at);
    case TRUE[0]:
      return skipWord(bytes, at, end, TRUE);
    case FALSE[0]:
      return skipWord(bytes, at, end, FALSE);
    case NULL[0]:
      return skipWord(bytes, at, end, NULL);
    default:
      return skipNumber(bytes, at, end);
  }
}

export function isNull(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === NULL[0];
}

/** From the opening quote on. */
export function skipString(bytes: Uint8Array, from: number, end: number): number {
  let at = from + 1;
  while (at < end) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at + 1;
    if (byte < SPACE) return malformed(at);
    if (byte === BACKSLASH) {
      at = skipEscape(bytes, at, end);
      if (at < 0) return at;
    } else at++;
  }
  return INCOMPLETE;
}

/** From the backslash on. */
export function skipEscape(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return INCOMPLETE;
  const byte = bytes[at + 1]!;
  if (ESCAPES.has(byte)) return at + 2;
  if (byte !== LOWER_U) return malformed(at);
  for (let i = at + 2; i < at + 6; i++) {
    if (i >= end) return INCOMPLETE;
    if (hexDigit(bytes[i]!) < 0) return malformed(at);
  }
  return at + 6;
}

/** What a digit is worth; negative for what is none. */
export function hexDigit(byte: number): number {
  if (byte >= ZERO && byte <= NINE) return byte - ZERO;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function skipObject(bytes: Uint8Array, from: number, end: number, depth: number): number {
  let at = skipSpace(bytes, from + 1, end);
  if (at < end && bytes[at] === CLOSE_OBJECT) return at + 1;
  for (;;) {
    if (at >= end) return INCOMPLETE;
    if (bytes[at] !== QUOTE) return malformed(at);
    at = skipString(bytes, at, end);
    if (at < 0) return at;
    at = skipColon(bytes, at, end);
    if (at < 0) return at;
    at = skipValue(bytes, at, end, depth + 1);
    if (at < 0) return at;
    at = skipSpace(bytes, at, end);
    if (at >= end) return INCOMPLETE;
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    if (bytes[at] !== COMMA) return malformed(at);
    at = skipSpace(bytes, at + 1, end);
  }
}

/** To the value behind it. */
export function skipColon(bytes: Uint8Array, from: number, end: number): number {
  const at = skipSpace(bytes, from, end);
  if (at >= end) return INCOMPLETE;
  return bytes[at] === COLON ? skipSpace(bytes, at + 1, end) : malformed(at);
}

function skipArray(bytes: Uint8Array, from: number, end: number, depth: number): number {
  let at = skipSpace(bytes, from + 1, end);
  if (at < end && bytes[at] === CLOSE_ARRAY) return at + 1;
  for (;;) {
    at = skipValue(bytes, at, end, depth + 1);
    if (at < 0) return at;
    at = skipSpace(bytes, at, end);
    if (at >= end) return INCOMPLETE;
    if (bytes[at] === CLOSE_ARRAY) return at + 1;
    if (bytes[at] !== COMMA) return malformed(at);
    at = skipSpace(bytes, at + 1, end);
  }
}

function skipWord(bytes: Uint8Array, from: number, end: number, word: readonly number[]): number {
  for (let i = 0; i < word.length; i++) {
    if (from + i >= end) return INCOMPLETE;
    if (bytes[from + i] !== word[i]) return malformed(from);
  }
  return from + word.length;
}

/** A number is followed by something, since it is a member of a row. */
function skipNumber(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  if (bytes[at] === MINUS) at++;
  const whole = skipDigits(bytes, at, end);
  if (whole >= end) return INCOMPLETE;
  if (whole === at || (bytes[at] === ZERO && whole > at + 1)) return malformed(from);
  at = whole;
  if (bytes[at] === POINT) {
    const fraction = skipDigits(bytes, at + 1, end);
    if (fraction >= end) return INCOMPLETE;
    if (fraction === at + 1) return malformed(from);
    at = fraction;
  }
  if ((bytes[at]! | 0x20) !== LOWER_E) return at;
  at++;
  if (at < end && (bytes[at] === MINUS || bytes[at] === PLUS)) at++;
  const exponent = skipDigits(bytes, at, end);
  if (exponent >= end) return INCOMPLETE;
  return exponent === at ? malformed(from) : exponent;
}

function skipDigits(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at]! >= ZERO && bytes[at]! <= NINE) at++;
  return at;
}
