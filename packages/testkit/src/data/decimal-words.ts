const PLAIN = /^(?<sign>-?)(?<whole>\d+)(?:\.(?<fraction>\d+))?$/;

/** The unscaled value of a decimal in plain notation. Digits beyond the scale have to be zeros. */
export function unscaledOf(text: string, scale: number): bigint {
  const { sign, whole, fraction = '' } = PLAIN.exec(text)?.groups ?? {};
  if (whole === undefined || /[1-9]/.test(fraction.slice(Math.max(0, scale)))) {
    throw new TypeError(`${text} is no decimal of scale ${scale}`);
  }
  const digits = BigInt(whole + fraction.slice(0, Math.max(0, scale)).padEnd(Math.max(0, scale), '0'));
  const unscaled = scale < 0 ? digits / 10n ** BigInt(-scale) : digits;
  return sign === '-' ? -unscaled : unscaled;
}

/** Plain notation with exactly `scale` fraction digits. */
export function decimalTextOf(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString();
  if (scale <= 0) return sign + (unscaled === 0n ? '0' : digits + '0'.repeat(-scale));
  const padded = digits.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** Two's complement, the lowest word first. */
export function writeWords(value: bigint, words: Uint32Array): void {
  for (let i = 0; i < words.length; i++) words[i] = Number(BigInt.asUintN(32, value >> BigInt(32 * i)));
}

export function readWords(words: Uint32Array): bigint {
  const value = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return BigInt.asIntN(32 * words.length, value);
}
