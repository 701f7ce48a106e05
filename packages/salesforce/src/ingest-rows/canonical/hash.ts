/** Two words. */
export interface Hash64 {
  high: number;
  low: number;
}

/**
 * Hashes `bytes[from, to)` into 64 bits, after MurmurHash3 (https://github.com/aappleby/smhasher): spread evenly, not
 * proof against someone who looks for collisions. `seed` tells apart what must not be taken for one another.
 */
export function hashBytes(bytes: Uint8Array, from: number, to: number, seed: number, out: Hash64): void {
  let h1 = seed ^ 0x9e3779b9;
  let h2 = Math.imul(seed, 0x85ebca6b) ^ 0x3c6ef372;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    h1 = mix(h1, word, 0xcc9e2d51, 0x1b873593);
    h2 = mix(h2 + h1, word, 0xab0e9789, 0x38b34ae5);
  }
  let rest = to - at;
  for (; at < to; at++) rest = (rest << 8) | bytes[at]!;
  h1 = mix(h1, rest, 0xcc9e2d51, 0x1b873593) ^ (to - from);
  h2 = mix(h2 + h1, rest, 0xab0e9789, 0x38b34ae5) ^ (to - from);
  h1 = finish(h1 + h2);
  h2 = finish(h2 + h1);
  out.high = h1 >>> 0;
  out.low = (h2 + h1) >>> 0;
}

function mix(hash: number, word: number, first: number, second: number): number {
  const scrambled = Math.imul(word, first);
  const folded = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), second);
  return (Math.imul((folded << 13) | (folded >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let h = hash | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
