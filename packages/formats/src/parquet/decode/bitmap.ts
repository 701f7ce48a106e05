/** How many bits of a byte are set. */
export const BITS_SET = Uint8Array.from({ length: 256 }, (_, byte) => {
  let set = 0;
  for (let bits = byte; bits > 0; bits >>= 1) set += bits & 1;
  return set;
});

/** Sets the bits of `[from, to)`. */
export function setBits(bitmap: Uint8Array, from: number, to: number): void {
  let bit = from;
  for (; bit < to && (bit & 7) !== 0; bit++) bitmap[bit >> 3]! |= 1 << (bit & 7);
  const whole = to & ~7;
  if (whole > bit) {
    bitmap.fill(0xff, bit >> 3, whole >> 3);
    bit = whole;
  }
  for (; bit < to; bit++) bitmap[bit >> 3]! |= 1 << (bit & 7);
}

/** How many bits of `[from, to)` are set. */
export function countBits(bitmap: Uint8Array, from: number, to: number): number {
  let set = 0;
  let bit = from;
  for (; bit < to && (bit & 7) !== 0; bit++) set += (bitmap[bit >> 3]! >> (bit & 7)) & 1;
  for (; bit + 8 <= to; bit += 8) set += BITS_SET[bitmap[bit >> 3]!]!;
  for (; bit < to; bit++) set += (bitmap[bit >> 3]! >> (bit & 7)) & 1;
  return set;
}

/** Copies bits to a bitmap that is clear there. */
export function copyBits(source: Uint8Array, from: number, count: number, target: Uint8Array, at: number): void {
  let bit = 0;
  if (((from | at) & 7) === 0) {
    const bytes = count >> 3;
    target.set(source.subarray(from >> 3, (from >> 3) + bytes), at >> 3);
    bit = bytes * 8;
  }
  for (; bit < count; bit++) {
    target[(at + bit) >> 3]! |= ((source[(from + bit) >> 3]! >> ((from + bit) & 7)) & 1) << ((at + bit) & 7);
  }
}
