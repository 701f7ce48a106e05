import { Decimal } from 'apache-arrow';

import { SluiceError } from '../error/sluice-error.ts';

/** What becomes of fraction digits beyond the scale. `round`: to the nearest, halves away from zero. */
export type ExcessDigits = 'round' | 'half-even' | 'error';

/** What came of one value. Above `DECIMAL_ROUNDED` nothing usable was written. */
export type DecimalStatus = 0 | 1 | 2 | 3 | 4;
export const DECIMAL_EXACT = 0;
/** Fraction digits other than zero were rounded away. */
export const DECIMAL_ROUNDED = 1;
/** The text is no finite number in plain or scientific notation. */
export const DECIMAL_UNREADABLE = 2;
/** More digits before the point than `precision - scale`. */
export const DECIMAL_TOO_LARGE = 3;
/** Fraction digits beyond the scale, where `excessDigits` is `error`. */
export const DECIMAL_TOO_FINE = 4;

export interface DecimalSpec {
  /** Digits in all: at most 38 in 128 bits, 76 in 256. */
  readonly precision: number;
  readonly scale: number;
  readonly bitWidth: 128 | 256;
}

const DIGITS = { 128: 38, 256: 76 } as const;

/** Arrow's own constructor takes the scale first. */
export function decimalType(precision: number, scale: number, bitWidth: 128 | 256 = 128): Decimal {
  requireSpec({ precision, scale, bitWidth });
  return new Decimal(scale, precision, bitWidth);
}

/** @throws `TYPE_UNSUPPORTED` for a width, precision or scale that Arrow does not know. */
export function specOf({ precision, scale, bitWidth }: Decimal): DecimalSpec {
  if (bitWidth !== 128 && bitWidth !== 256) {
    throw new SluiceError('TYPE_UNSUPPORTED', `decimals of ${bitWidth} bits are not supported`, {
      hint: 'Use a decimal of 128 or 256 bits.',
    });
  }
  const spec: DecimalSpec = { precision, scale, bitWidth };
  requireSpec(spec);
  return spec;
}

function requireSpec({ precision, scale, bitWidth }: DecimalSpec): void {
  const isPrecision = Number.isInteger(precision) && precision >= 1 && precision <= DIGITS[bitWidth];
  if (isPrecision && Number.isInteger(scale) && Math.abs(scale) <= DIGITS[bitWidth]) return;
  throw new SluiceError(
    'TYPE_UNSUPPORTED',
    `a decimal of ${bitWidth} bits cannot have precision ${precision}, scale ${scale}`,
    {
      hint: `Choose a precision from 1 to ${DIGITS[bitWidth]} and a scale within it.`,
    },
  );
}

export function wordCount(bitWidth: 128 | 256): number {
  return bitWidth / 32;
}
