import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decimalSortKey, toPlainDecimal } from '../src/org/decimal-text.ts';

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 22 }))
  .map(([unscaled, scale]) => ({ unscaled, scale }));

function textOf({ unscaled, scale }: { readonly unscaled: bigint; readonly scale: number }): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale === 0 ? '' : `.${digits.slice(digits.length - scale)}`;
  return `${unscaled < 0n ? '-' : ''}${whole}${fraction}`;
}

describe('decimal text', () => {
  it.each([
    ['1.50E1', '15.0'],
    ['-8.0E7', '-80000000'],
    ['3.6e-05', '0.000036'],
    ['.5', '0.5'],
    ['+007.10', '7.10'],
    ['5.', '5'],
    ['0E9', '0'],
  ])('%s reads %s in plain notation', (text, plain) => {
    expect(toPlainDecimal(text)).toBe(plain);
  });

  it.each(['', '.', '1e', 'NaN', 'Infinity', '1,5', '0x10', ' 1'])('is not made of %j', (text) => {
    expect(toPlainDecimal(text)).toBeUndefined();
  });

  it('orders by its key as the numbers do, whatever their notation', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const [left, right] = [a.unscaled * 10n ** BigInt(b.scale), b.unscaled * 10n ** BigInt(a.scale)];
        const [leftKey, rightKey] = [decimalSortKey(textOf(a)), decimalSortKey(`${textOf(b)}E0`)];
        expect(Math.sign(leftKey < rightKey ? -1 : leftKey > rightKey ? 1 : 0)).toBe(
          left < right ? -1 : left > right ? 1 : 0,
        );
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});
