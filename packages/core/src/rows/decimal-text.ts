/** Plain notation of an unscaled value, with exactly `scale` fraction digits. */
export function decimalText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString();
  if (scale <= 0) return sign + (unscaled === 0n ? '0' : digits + '0'.repeat(-scale));
  const padded = digits.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** Two's complement over `count` 32-bit words from `at` on, the lowest first. */
export function wordsToBigInt(words: Uint32Array | Int32Array, at: number, count: number): bigint {
  let value = 0n;
  for (let i = at + count - 1; i >= at; i--) value = (value << 32n) | BigInt(words[i]! >>> 0);
  return BigInt.asIntN(count * 32, value);
}
