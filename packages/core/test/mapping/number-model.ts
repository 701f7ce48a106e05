import { DataType, Precision } from 'apache-arrow';

import type { ExcessDigits } from '../../src/decimal/decimal.ts';
import type { AnyValue } from '../../src/mapping/column-value.ts';

/** A number as a fraction. */
interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

function isSingle(type: DataType): boolean {
  return DataType.isFloat(type) && type.precision === Precision.SINGLE;
}

/** What a number is as another type; undefined where it has no room there. */
export function modelNumber(from: DataType, to: DataType, value: AnyValue, excess: ExcessDigits): AnyValue | undefined {
  const isFloat = DataType.isFloat(to);
  if (DataType.isFloat(from) && isFloat) return floatOfFloat(to, value as number, excess);
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined;
  const fraction = fractionOf(from, value);
  return isFloat ? floatOf(to, fraction, excess) : wholeOf(to, fraction, excess);
}

function floatOfFloat(to: DataType, value: number, excess: ExcessDigits): number | undefined {
  if (!isSingle(to)) return value;
  const single = Math.fround(value);
  if (!Number.isFinite(value)) return value;
  return !Number.isFinite(single) || (excess === 'error' && single !== value) ? undefined : single;
}

function fractionOf(type: DataType, value: AnyValue): Fraction {
  if (DataType.isDecimal(type)) {
    const { scale } = type;
    return { over: (value as bigint) * 10n ** BigInt(Math.max(0, -scale)), under: 10n ** BigInt(Math.max(0, scale)) };
  }
  if (typeof value === 'bigint' || Number.isInteger(value))
    return { over: BigInt(value as bigint | number), under: 1n };
  return fractionOfText(String(value));
}

function fractionOfText(text: string): Fraction {
  const [mantissa = '', exponent = '0'] = text.split('e');
  const [whole = '', behind = ''] = mantissa.split('.');
  const power = Number(exponent) - behind.length;
  const digits = BigInt(whole + behind);
  return { over: digits * 10n ** BigInt(Math.max(0, power)), under: 10n ** BigInt(Math.max(0, -power)) };
}

function wholeOf(to: DataType, { over, under }: Fraction, excess: ExcessDigits): AnyValue | undefined {
  const scale = DataType.isDecimal(to) ? to.scale : 0;
  const numerator = over * 10n ** BigInt(Math.max(0, scale));
  const denominator = under * 10n ** BigInt(Math.max(0, -scale));
  const size = numerator < 0n ? -numerator : numerator;
  let whole = size / denominator;
  const rest = size - whole * denominator;
  if (rest > 0n) {
    if (excess === 'error') return undefined;
    const isHalf = rest * 2n === denominator;
    if (isHalf ? excess === 'round' || whole % 2n === 1n : rest * 2n > denominator) whole++;
  }
  const signed = numerator < 0n ? -whole : whole;
  if (DataType.isDecimal(to)) return whole < 10n ** BigInt(to.precision) ? signed : undefined;
  const { bitWidth, isSigned } = to as DataType & { readonly bitWidth: number; readonly isSigned: boolean };
  const fits = (isSigned ? BigInt.asIntN(bitWidth, signed) : BigInt.asUintN(bitWidth, signed)) === signed;
  if (!fits) return undefined;
  return bitWidth === 64 ? signed : Number(signed);
}

function floatOf(to: DataType, { over, under }: Fraction, excess: ExcessDigits): number | undefined {
  const double = Number(`${over}e-${String(under).length - 1}`);
  const float = isSingle(to) ? Math.fround(double) : double;
  if (!Number.isFinite(float)) return undefined;
  if (excess !== 'error') return float;
  const texts = [String(float), ...(isSingle(to) ? [shortSingle(float)] : [])].map(fractionOfText);
  const shown = [...texts, ...(Number.isInteger(float) ? [{ over: BigInt(float), under: 1n }] : [])];
  return shown.some((one) => one.over * under === over * one.under) ? float : undefined;
}

/** By trying all lengths of text from the longest down. */
function shortSingle(value: number): string {
  let shortest = String(value);
  for (let digits = 9; digits >= 1; digits--) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) shortest = String(Number(text));
  }
  return shortest;
}
