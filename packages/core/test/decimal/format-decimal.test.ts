import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { DECIMAL_EXACT, decimalParser, type DecimalSpec, formatDecimal } from '../../src/decimal/decimal.ts';
import { unscaledOf, wordsOf } from './decimal-model.ts';

const format = (unscaled: bigint, scale: number, bitWidth: 128 | 256 = 128) =>
  formatDecimal(wordsOf(unscaled, bitWidth), 0, { precision: 38, scale, bitWidth });

describe('the text of a decimal', () => {
  it.each([
    [0n, 0, '0'],
    [0n, 2, '0.00'],
    [-5n, 2, '-0.05'],
    [5n, 0, '5'],
    [10_000n, 2, '100.00'],
    [-123_456_789_012_345_678_901_234_567_890n, 10, '-12345678901234567890.1234567890'],
    [10n ** 38n - 1n, 38, `0.${'9'.repeat(38)}`],
    [80n, -5, '8000000'],
    [0n, -5, '0'],
    [9_007_199_254_740_991n, 0, '9007199254740991'],
    [9_007_199_254_740_992n, 0, '9007199254740992'],
    [-9_007_199_254_740_993n, 3, '-9007199254740.993'],
    [1_000_000_000_000_000_000_000n, 3, '1000000000000000000.000'],
  ])('%d with scale %d is plain', (unscaled, scale, text) => {
    expect(format(unscaled, scale)).toBe(text);
    expect(format(unscaled, scale, 256)).toBe(text);
  });

  it('is read as the same decimal, wherever its words are', () => {
    const values = fc
      .tuple(fc.constantFrom<128 | 256>(128, 256), fc.integer({ min: 1, max: 76 }), fc.integer({ min: -38, max: 38 }))
      .chain(([bitWidth, digits, scale]) => {
        const precision = Math.min(digits, bitWidth === 128 ? 38 : 76);
        const limit = 10n ** BigInt(precision) - 1n;
        return fc.bigInt({ min: -limit, max: limit }).map((unscaled) => ({ precision, scale, bitWidth, unscaled }));
      });
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 3 }), ({ unscaled, ...spec }, at) => {
        const words = Uint32Array.of(...new Uint32Array(at), ...wordsOf(unscaled, spec.bitWidth));
        const before = words.slice();

        const text = formatDecimal(words, at, spec);

        expect(words).toEqual(before);
        expect(parsed(text, spec)).toBe(unscaled);
      }),
      { numRuns: 5000, seed: 1 },
    );
  });
});

function parsed(text: string, spec: DecimalSpec): bigint {
  const bytes = Buffer.from(text);
  const words = new Uint32Array(8);
  expect(decimalParser(spec, 'error')(bytes, 0, bytes.length, words, 0)).toBe(DECIMAL_EXACT);
  return unscaledOf(words, 0, spec.bitWidth);
}
