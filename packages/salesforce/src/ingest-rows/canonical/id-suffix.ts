const SUFFIX = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345');

export const SHORT_ID_LENGTH = 15;
export const LONG_ID_LENGTH = 18;

/** Whether every byte is an ASCII letter or digit. */
export function isAlphanumeric(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    const letter = byte | 0x20;
    if (!((byte >= 0x30 && byte <= 0x39) || (letter >= 0x61 && letter <= 0x7a))) return false;
  }
  return true;
}

/**
 * Writes the three characters that make an id of 15 characters one of 18: each tells which of five letters are capitals.
 */
export function writeIdSuffix(bytes: Uint8Array, start: number, out: Uint8Array, at: number): number {
  for (let group = 0; group < 3; group++) {
    let bits = 0;
    for (let i = 0; i < 5; i++) {
      const byte = bytes[start + group * 5 + i]!;
      if (byte >= 0x41 && byte <= 0x5a) bits |= 1 << i;
    }
    out[at + group] = SUFFIX[bits]!;
  }
  return at + 3;
}
