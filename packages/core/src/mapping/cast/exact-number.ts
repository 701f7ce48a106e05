import type { ExcessDigits } from '../../decimal/decimal-spec.ts';

/** A number as a whole number without its point. */
export interface ExactNumber {
  readonly unscaled: bigint;
  /** How many digits stand behind the point. */
  readonly scale: number;
}

/** Whole numbers of so many digits, over a power of ten that is exact, are the doubles nearest to that text. */
const EXACT_LIMIT = 1e15;
const EXACT_POWER = 22;
/** How many digits behind the point are tried before the text is made. */
const PLAIN_PLACES = 6;
const POWERS = Array.from({ length: 80 }, (_, digits) => 10n ** BigInt(digits));

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/;

/** A finite number: the whole number it is, else what the shortest text for it says. */
export function exactOfNumber(value: number, isSingle: boolean): ExactNumber {
  if (Number.isInteger(value)) return { unscaled: BigInt(value), scale: 0 };
  return (isSingle ? undefined : plainNumber(value)) ?? exactOfText(shortestText(value, isSingle));
}

function plainNumber(value: number): ExactNumber | undefined {
  for (let scale = 1, power = 10; scale <= PLAIN_PLACES; scale++, power *= 10) {
    const unscaled = Math.round(value * power);
    if (Math.abs(unscaled) < EXACT_LIMIT && unscaled / power === value) return { unscaled: BigInt(unscaled), scale };
  }
  return undefined;
}

/** Whether a finite float is, or is written as, the number. */
export function isHeldBy(number: ExactNumber, float: number, isSingle: boolean): boolean {
  if (!isSingle && isShort(number)) return true;
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
  return scale >= 0 ? { unscaled, scale } : { unscaled: unscaled * powerOfTen(-scale), scale: 0 };
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
export function doubleOfExact(number: ExactNumber): number {
  const { unscaled, scale } = number;
  if (isShort(number)) return Number(unscaled) / 10 ** scale;
  return Number(`${unscaled}e${-scale}`);
}

/** Whether the nearest double is one division away, and written as this number. */
function isShort({ unscaled, scale }: ExactNumber): boolean {
  return scale >= 0 && scale <= EXACT_POWER && unscaled < EXACT_LIMIT && unscaled > -EXACT_LIMIT;
}

function powerOfTen(digits: number): bigint {
  return POWERS[digits] ?? 10n ** BigInt(digits);
}

function isSameNumber(a: ExactNumber, b: ExactNumber): boolean {
  const scale = Math.max(a.scale, b.scale);
  return a.unscaled * powerOfTen(scale - a.scale) === b.unscaled * powerOfTen(scale - b.scale);
}

/** The unscaled value at another scale; undefined where digits would be lost that may not be. */
export function rescaled({ unscaled, scale }: ExactNumber, to: number, excessDigits: ExcessDigits): bigint | undefined {
  if (to >= scale) return unscaled * powerOfTen(to - scale);
  const divisor = powerOfTen(scale - to);
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
