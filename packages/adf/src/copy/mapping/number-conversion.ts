import type { ConversionSettings } from './conversion-settings.ts';
import type { Decimal, InterimValue } from './interim-value.ts';

/** Gives `undefined` where the value is none of the other kind. */
export type Convert = (value: InterimValue) => InterimValue | undefined;

const PLAIN_NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;
/** More digits than any decimal has; a bound on what a short text can ask for. */
const MAX_EXPONENT = 400;

export function decimalOfText(text: string): Decimal | undefined {
  const trimmed = text.trim();
  if (!PLAIN_NUMBER.test(trimmed)) return undefined;
  const [mantissa = '', exponentText = '0'] = trimmed.toLowerCase().split('e');
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > MAX_EXPONENT) return undefined;
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const digits = BigInt(`${whole}${fraction}`);
  const unscaled = mantissa.startsWith('-') ? -digits : digits;
  const scale = fraction.length - exponent;
  return scale >= 0 ? { unscaled, scale } : { unscaled: unscaled * 10n ** BigInt(-scale), scale: 0 };
}

export function decimalText({ unscaled, scale }: Decimal): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Cuts digits off where they may be lost. */
export function rescaled(
  { unscaled, scale }: Decimal,
  toScale: number,
  { allowDataTruncation }: ConversionSettings,
): Decimal | undefined {
  if (toScale >= scale) return { unscaled: unscaled * 10n ** BigInt(toScale - scale), scale: toScale };
  const divisor = 10n ** BigInt(scale - toScale);
  if (unscaled % divisor !== 0n && !allowDataTruncation) return undefined;
  return { unscaled: unscaled / divisor, scale: toScale };
}

export function integerOfText(text: string): bigint | undefined {
  const trimmed = text.trim();
  return INTEGER.test(trimmed) ? BigInt(trimmed.replace(/^\+/, '')) : undefined;
}

export function floatOfText(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^(nan|[+-]?infinity)$/i.test(trimmed)) {
    return /nan/i.test(trimmed) ? NaN : trimmed.startsWith('-') ? -Infinity : Infinity;
  }
  return PLAIN_NUMBER.test(trimmed) ? Number(trimmed) : undefined;
}

export function integerOfFloat(value: number, { allowDataTruncation }: ConversionSettings): bigint | undefined {
  if (!Number.isFinite(value) || (!Number.isInteger(value) && !allowDataTruncation)) return undefined;
  return BigInt(Math.trunc(value));
}

export function decimalOfFloat(value: number): Decimal | undefined {
  return Number.isFinite(value) ? decimalOfText(String(value)) : undefined;
}

export function booleanOfText(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : undefined;
}
