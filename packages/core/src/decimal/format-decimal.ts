import { type DecimalSpec, wordCount } from './decimal-spec.ts';
import { divide, isNegative, negate, POWERS_OF_TEN, STEP_DIGITS } from './decimal-words.ts';

const WORD = 0x1_0000_0000;
/** Numbers with a smaller upper half are exact in a double. */
const FAST_HIGH = 0x20_0000;

const scratch = new Uint32Array(8);

/**
 * The value whose words begin at `words[at]`, in plain notation with all digits of its scale: `-0.05`, `100.00`, `8000`.
 *
 * `decimalParser` makes the same words of it again.
 */
export function formatDecimal(words: Uint32Array, at: number, { scale, bitWidth }: DecimalSpec): string {
  const count = wordCount(bitWidth);
  for (let i = 0; i < count; i++) scratch[i] = words[at + i]!;
  const isBelowZero = isNegative(scratch, 0, count);
  if (isBelowZero) negate(scratch, 0, count);
  const digits = wholeNumber(count);
  const sign = isBelowZero ? '-' : '';
  if (scale <= 0) return digits === '0' ? digits : sign + digits + '0'.repeat(-scale);
  const padded = digits.padStart(scale + 1, '0');
  const point = padded.length - scale;
  return `${sign}${padded.slice(0, point)}.${padded.slice(point)}`;
}

/** The digits of the unsigned number in `scratch`, which is zero afterwards. */
function wholeNumber(count: number): string {
  let digits = '';
  let top = count;
  while (true) {
    while (top > 2 && scratch[top - 1] === 0) top--;
    const high = scratch[1]!;
    if (top === 2 && high < FAST_HIGH) return String(high * WORD + scratch[0]!) + digits;
    const step = divide(scratch, 0, top, POWERS_OF_TEN[STEP_DIGITS]!);
    digits = String(step).padStart(STEP_DIGITS, '0') + digits;
  }
}
