const BASE_62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const SEQUENCE_DIGITS = 10;
const SHORT_ID = /^[0-9A-Za-z]{15}$/;
const LONG_ID = /^[0-9A-Za-z]{18}$/;

/** The 18-character id of the n-th record (n from 1) of an object: key prefix, instance, sequence, checksum. */
export function recordId(keyPrefix: string, sequence: number): string {
  // An offset puts letters of both cases into the first ids, so that ids differing only in case occur early.
  let rest = sequence + 620_000_000;
  let digits = '';
  for (let place = 0; place < SEQUENCE_DIGITS; place += 1) {
    digits = BASE_62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return withChecksum(`${keyPrefix}Hs${digits}`);
}

/** Appends the three checksum letters to a 15-character id. */
export function withChecksum(shortId: string): string {
  let suffix = '';
  for (let group = 0; group < 3; group += 1) {
    let bits = 0;
    for (let place = 0; place < 5; place += 1) {
      const char = shortId.charAt(group * 5 + place);
      if (char >= 'A' && char <= 'Z') bits |= 1 << place;
    }
    suffix += CHECKSUM_ALPHABET.charAt(bits);
  }
  return shortId + suffix;
}

/**
 * The 18-character form of an id given with 15 or 18 characters, or undefined when it is no id. As in an org, the
 * checksum of an 18-character id restores the case of its letters.
 */
export function toLongId(text: string): string | undefined {
  if (SHORT_ID.test(text)) return withChecksum(text);
  if (!LONG_ID.test(text)) return undefined;
  if (withChecksum(text.slice(0, 15)) === text) return text;
  let restored = '';
  for (let index = 0; index < 15; index += 1) {
    const bits = CHECKSUM_ALPHABET.indexOf(text.charAt(15 + Math.floor(index / 5)).toUpperCase());
    if (bits === -1) return undefined;
    const char = text.charAt(index);
    restored += (bits & (1 << (index % 5))) === 0 ? char.toLowerCase() : char.toUpperCase();
  }
  const restoredId = withChecksum(restored);
  return restoredId.slice(15) === text.slice(15).toUpperCase() ? restoredId : undefined;
}
