import type { Cell } from './column-cells.ts';

const NEGATIVE = 0x4000;
const NAN = 0xc000;
const INFINITY = 0xd000;
const NEGATIVE_INFINITY = 0xf000;
const HEADER_BYTES = 8;
/** Decimal digits in one digit of the server. */
const DIGITS = 4;
const BASE = 10_000;
const BIG_BASE = 10_000n;

/** What a `numeric` is that is no number; undefined for numbers. */
export function specialNumeric({ view, at }: Cell): 'NaN' | 'Infinity' | '-Infinity' | undefined {
  switch (view.getUint16(at + 4)) {
    case NAN:
      return 'NaN';
    case INFINITY:
      return 'Infinity';
    case NEGATIVE_INFINITY:
      return '-Infinity';
    default:
      return undefined;
  }
}

/**
 * A `numeric` without its point, `scale` digits behind it. A number where a double holds it, a bigint otherwise;
 * undefined when it has more digits behind the point than that.
 */
export function unscaledNumeric(cell: Cell, scale: number): number | bigint | undefined {
  const { view, at } = cell;
  const count = view.getUint16(at);
  const weight = view.getInt16(at + 2);
  const isNegative = view.getUint16(at + 4) === NEGATIVE;
  // The last server digit counts units of 10,000 to the power of this.
  const lowest = weight - count + 1;
  const shift = lowest * DIGITS + scale;
  const small = count <= 3 && shift >= -3 && shift <= 3 ? smallNumeric(cell, count, shift) : undefined;
  if (small !== undefined) return isNegative ? -small : small;
  let value = 0n;
  for (let i = 0; i < count; i++) value = value * BIG_BASE + BigInt(view.getUint16(at + HEADER_BYTES + 2 * i));
  if (shift >= 0) value *= 10n ** BigInt(shift);
  else {
    const unit = 10n ** BigInt(-shift);
    if (value % unit !== 0n) return undefined;
    value /= unit;
  }
  return isNegative ? -value : value;
}

/** At most 12 digits, then three more: below 2^53. */
function smallNumeric({ view, at }: Cell, count: number, shift: number): number | undefined {
  let value = 0;
  for (let i = 0; i < count; i++) value = value * BASE + view.getUint16(at + HEADER_BYTES + 2 * i);
  if (shift >= 0) return value * 10 ** shift;
  const unit = 10 ** -shift;
  return value % unit === 0 ? value / unit : undefined;
}

/** In plain notation, with as many digits behind the point as the server shows. */
export function numericText(cell: Cell): string {
  const special = specialNumeric(cell);
  if (special !== undefined) return special;
  const { view, at } = cell;
  const scale = view.getUint16(at + 6);
  // Digits that are not shown are zeros.
  const unscaled = unscaledNumeric(cell, scale) ?? 0n;
  const isNegative = unscaled < 0;
  const digits = String(isNegative ? -unscaled : unscaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const text = scale === 0 ? whole : `${whole}.${digits.slice(-scale)}`;
  return isNegative ? `-${text}` : text;
}
