import {
  DECIMAL_EXACT,
  DECIMAL_ROUNDED,
  DECIMAL_TOO_FINE,
  DECIMAL_TOO_LARGE,
  DECIMAL_UNREADABLE,
  type DecimalSpec,
  type DecimalStatus,
  type ExcessDigits,
} from '../../src/decimal/decimal.ts';

export interface ModelResult {
  readonly status: DecimalStatus;
  readonly unscaled?: bigint;
}

const NUMBER = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** What becomes of a text, in arithmetic of whole numbers without a bound. */
export function modelOf(text: string, { precision, scale }: DecimalSpec, excessDigits: ExcessDigits): ModelResult {
  const match = NUMBER.exec(text);
  if (match === null) return { status: DECIMAL_UNREADABLE };
  const [, sign, whole = '', fraction = '', exponentText = '0'] = match;
  const mantissa = BigInt(whole + fraction);
  if (mantissa === 0n) return { status: DECIMAL_EXACT, unscaled: 0n };
  const shift = BigInt(exponentText) - BigInt(fraction.length) + BigInt(scale);
  const limit = 10n ** BigInt(precision);
  // Powers that no text of a test can make up for.
  if (shift > 1000n) return { status: DECIMAL_TOO_LARGE };
  const divisor = shift < 0n ? 10n ** (shift < -1000n ? 1000n : -shift) : 1n;
  const magnitude = shift > 0n ? mantissa * 10n ** shift : mantissa;
  const quotient = magnitude / divisor;
  const rest = magnitude - quotient * divisor;
  if (quotient >= limit) return { status: DECIMAL_TOO_LARGE };
  if (rest !== 0n && excessDigits === 'error') return { status: DECIMAL_TOO_FINE };
  const isUp = rest * 2n > divisor || (rest * 2n === divisor && (excessDigits === 'round' || quotient % 2n === 1n));
  const rounded = quotient + (isUp ? 1n : 0n);
  if (rounded >= limit) return { status: DECIMAL_TOO_LARGE };
  return { status: rest === 0n ? DECIMAL_EXACT : DECIMAL_ROUNDED, unscaled: sign === '-' ? -rounded : rounded };
}

export function unscaledOf(words: Uint32Array, at: number, bitWidth: 128 | 256): bigint {
  let unscaled = 0n;
  for (let i = bitWidth / 32 - 1; i >= 0; i--) unscaled = (unscaled << 32n) | BigInt(words[at + i]!);
  return BigInt.asIntN(bitWidth, unscaled);
}

export function wordsOf(unscaled: bigint, bitWidth: 128 | 256): Uint32Array {
  return Uint32Array.from({ length: bitWidth / 32 }, (_, i) => Number(BigInt.asUintN(32, unscaled >> BigInt(32 * i))));
}

/** The text Java's `Double.toString` makes of a finite double. */
export function javaDouble(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const magnitude = Math.abs(value);
  const [digits = '', power = '0'] = value.toExponential().split('e');
  if (magnitude < 1e-3 || magnitude >= 1e7) return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(power)}`;
  const plain = String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}

/** The exact value of a shortest text, as JavaScript prints it, without an exponent. */
export function plainText(text: string): string {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const isNegative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const point = whole.length + Number(power);
  const digits = whole + fraction;
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  return `${isNegative ? '-' : ''}${padded.slice(0, at)}.${padded.slice(at)}`;
}
