import type { ExcessDigits } from '../../decimal/decimal-spec.ts';

/** A number as a whole number without its point. */
export interface ExactNumber {
  readonly unscaled: bigint;
  /** How many digits stand behind the point. */
  readonly scale: number;
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/;

/** A finite number: the whole number it is, else what the shortest text for it says. */
export function exactOfNumber(value: number, isSingle: boolean): ExactNumber {
  return Number.isInteger(value) ? { unscaled: BigInt(value), scale: 0 } : exactOfText(shortestText(value, isSingle));
}

/** Whether a finite float is, or is written as, the number. */
export function isHeldBy(number: ExactNumber, float: number, isSingle: boolean): boolean {
  return (
    isSameNumber(number, exactOfNumber(float, isSingle)) ||
    isSameNumber(number, exactOfText(shortestText(float, isSingle))) ||
    (isSingle && isSameNumber(number, exactOfText(String(float))))
  );
}

function exactOfText(text: string): ExactNumber {
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text)!; // As JavaScript writes numbers.
  const digits = BigInt(whole + fraction);
  const scale = fraction.length - Number(exponent);
  const unscaled = sign === '-' ? -digits : digits;
  return scale >= 0 ? { unscaled, scale } : { unscaled: unscaled * 10n ** BigInt(-scale), scale: 0 };
}

/** The shortest text that is read as the same number, which of a single is shorter than of the double it is. */
export function shortestText(value: number, isSingle: boolean): string {
  if (!isSingle) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}

/** The nearest double. */
export function doubleOfExact({ unscaled, scale }: ExactNumber): number {
  return Number(`${unscaled}e${-scale}`);
}

function isSameNumber(a: ExactNumber, b: ExactNumber): boolean {
  const scale = Math.max(a.scale, b.scale);
  return a.unscaled * 10n ** BigInt(scale - a.scale) === b.unscaled * 10n ** BigInt(scale - b.scale);
}

/** The unscaled value at another scale; undefined where digits would be lost that may not be. */
export function rescaled({ unscaled, scale }: ExactNumber, to: number, excessDigits: ExcessDigits): bigint | undefined {
  if (to >= scale) return unscaled * 10n ** BigInt(to - scale);
  const divisor = 10n ** BigInt(scale - to);
  const quotient = unscaled / divisor;
  const rest = unscaled % divisor;
  if (rest === 0n) return quotient;
  if (excessDigits === 'error') return undefined;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const isUp = twice === divisor ? excessDigits === 'round' || quotient % 2n !== 0n : twice > divisor;
  return isUp ? quotient + (unscaled < 0n ? -1n : 1n) : quotient;
}

/** A number to the nearest whole one. */
export function roundedNumber(value: number, excessDigits: Exclude<ExcessDigits, 'error'>): number {
  const size = Math.abs(value);
  const floor = Math.floor(size);
  const rest = size - floor;
  const isUp = rest === 0.5 ? excessDigits === 'round' || floor % 2 !== 0 : rest > 0.5;
  return Math.sign(value) * (isUp ? floor + 1 : floor);
}
