import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  DECIMAL_EXACT,
  DECIMAL_ROUNDED,
  DECIMAL_TOO_FINE,
  DECIMAL_TOO_LARGE,
  DECIMAL_UNREADABLE,
  decimalParser,
  type DecimalSpec,
  decimalType,
  type ExcessDigits,
  specOf,
} from '../../src/decimal/decimal.ts';
import { javaDouble, modelOf, type ModelResult, plainText, unscaledOf } from './decimal-model.ts';

const GUARD = 0xdead_beef;

/** Parses with bytes around the text and words around the value that must not matter or change. */
function parse(text: string, spec: DecimalSpec, excessDigits: ExcessDigits): ModelResult {
  const bytes = Buffer.from(`9${text}9`, 'latin1');
  const count = spec.bitWidth / 32;
  const words = new Uint32Array(count + 2).fill(GUARD);
  const status = decimalParser(spec, excessDigits)(bytes, 1, bytes.length - 1, words, 1);
  expect([words[0], words[count + 1]]).toEqual([GUARD, GUARD]);
  return status > DECIMAL_ROUNDED ? { status } : { status, unscaled: unscaledOf(words, 1, spec.bitWidth) };
}

const policies = fc.constantFrom<ExcessDigits>('round', 'half-even', 'error');

const specs = fc.oneof(
  fc.record({ precision: fc.integer({ min: 1, max: 38 }), bitWidth: fc.constant<128>(128) }),
  fc.record({ precision: fc.integer({ min: 1, max: 76 }), bitWidth: fc.constant<256>(256) }),
);

/** Scales within the precision for the most part, and beyond it on both sides. */
const scaled = specs.chain((spec) => {
  const limit = spec.bitWidth === 128 ? 38 : 76;
  const scales = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: spec.precision }) },
    { weight: 1, arbitrary: fc.integer({ min: -limit, max: limit }) },
  );
  return scales.map((scale): DecimalSpec => ({ ...spec, scale }));
});

const digits = (max: number) =>
  fc.oneof(
    fc.string({ unit: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'), maxLength: max }),
    // Halves and carries.
    fc.string({ unit: fc.constantFrom('0', '5', '9', '99999', '00000', '50000'), maxLength: max }),
  );

const exponents = fc.oneof(
  fc.constant(''),
  fc
    .tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), fc.integer({ min: 0, max: 90 }))
    .map((parts) => parts.join('')),
  fc.constantFrom('E999999999999999999999', 'e-999999999999999999999', 'E0000000000007', 'E2147483648', 'E-2147483648'),
);

const numbers = fc
  .tuple(fc.constantFrom('', '-', '+'), digits(45), fc.constantFrom('', '.'), digits(45), exponents)
  .map((parts) => parts.join(''));

describe('a number text', () => {
  it('of any notation, precision, scale and policy comes to what whole-number arithmetic says', () => {
    fc.assert(
      fc.property(numbers, scaled, policies, (text, spec, policy) => {
        expect(parse(text, spec, policy)).toEqual(modelOf(text, spec, policy));
      }),
      { numRuns: 20_000, seed: 1 },
    );
  });

  it('of a value at the edge of its precision comes out exactly', () => {
    fc.assert(
      fc.property(scaled, fc.constantFrom(-1n, 0n, 1n), fc.boolean(), policies, (spec, step, isNegative, policy) => {
        const magnitude = 10n ** BigInt(spec.precision) - 1n + step;
        const text = `${isNegative ? '-' : ''}${magnitude}E${-spec.scale}`;

        expect(parse(text, spec, policy)).toEqual(
          step > 0n
            ? { status: DECIMAL_TOO_LARGE }
            : { status: DECIMAL_EXACT, unscaled: isNegative ? -magnitude : magnitude },
        );
      }),
      { numRuns: 2000, seed: 2 },
    );
  });

  it('that Java prints for a double is read exactly', () => {
    const spec: DecimalSpec = { precision: 76, scale: 38, bitWidth: 256 };
    fc.assert(
      fc.property(fc.double({ min: -1e20, max: 1e20, noNaN: true }), (value) => {
        const text = javaDouble(value);
        const plain = plainText(String(value));

        expect(parse(text, spec, 'round')).toEqual(modelOf(plain, spec, 'round'));
      }),
      { numRuns: 5000, seed: 3 },
    );
  });

  it.each([
    ['0.0', 0n],
    ['-0.0', 0n],
    ['100.0', 10_000n],
    ['23.45', 2345n],
    ['8.0E7', 8_000_000_000n],
    ['1.6147805824397E13', 1_614_780_582_439_700n],
    ['1.2345678901234568E15', 123_456_789_012_345_680n],
    ['1.0E18', 100_000_000_000_000_000_000n],
    ['-1.0E-2', -1n],
    ['+.5', 50n],
    ['5.', 500n],
    ['000000000000000000000000000000000000000000000000001', 100n],
    ['0.00000000000000000000000000000000000000000000000000', 0n],
  ])('%s is exact with two decimals', (text, unscaled) => {
    expect(parse(text, { precision: 38, scale: 2, bitWidth: 128 }, 'error')).toEqual({
      status: DECIMAL_EXACT,
      unscaled,
    });
  });

  it.each([
    ['0.125', 'round', 13n],
    ['-0.125', 'round', -13n],
    ['0.125', 'half-even', 12n],
    ['0.135', 'half-even', 14n],
    ['0.1250000000000000000000000001', 'half-even', 13n],
    ['0.005', 'round', 1n],
    ['0.005', 'half-even', 0n],
    ['-0.005', 'round', -1n],
    ['0.0049999999999999999999', 'round', 0n],
    ['-1.0E-4', 'round', 0n],
    ['1E-999999999', 'round', 0n],
    ['5E-3', 'round', 1n],
  ] as const)('%s is rounded by %s', (text, policy, unscaled) => {
    expect(parse(text, { precision: 18, scale: 2, bitWidth: 128 }, policy)).toEqual({
      status: DECIMAL_ROUNDED,
      unscaled,
    });
  });

  it.each([
    ['1000', 'round', DECIMAL_TOO_LARGE],
    ['999.995', 'round', DECIMAL_TOO_LARGE],
    ['999.995', 'half-even', DECIMAL_TOO_LARGE],
    ['1E999999999999', 'round', DECIMAL_TOO_LARGE],
    ['999.995', 'error', DECIMAL_TOO_FINE],
    ['1000.001', 'error', DECIMAL_TOO_LARGE],
    ['0.001', 'error', DECIMAL_TOO_FINE],
    ['1E-9', 'error', DECIMAL_TOO_FINE],
  ] as const)('%s is refused under %s', (text, policy, status) => {
    expect(parse(text, { precision: 5, scale: 2, bitWidth: 128 }, policy)).toEqual({ status });
  });

  it.each([
    '',
    '-',
    '+',
    '.',
    '-.',
    'e5',
    '.e5',
    '1e',
    '1e+',
    '1e5.0',
    '1.2.3',
    '--1',
    '1-',
    '1 ',
    ' 1',
    '1,000',
    '0x10',
    'NaN',
    'Infinity',
    '١',
    '1_0',
    '1E5E5',
    '/1',
    ':',
  ])('%j is none', (text) => {
    expect(parse(text, { precision: 38, scale: 2, bitWidth: 128 }, 'round')).toEqual({ status: DECIMAL_UNREADABLE });
  });

  it('of a hundred thousand digits is read to its end', () => {
    const zeros = '0'.repeat(100_000);
    const spec: DecimalSpec = { precision: 38, scale: 2, bitWidth: 128 };

    expect(parse(`${zeros}1.5${zeros}`, spec, 'error')).toEqual({ status: DECIMAL_EXACT, unscaled: 150n });
    expect(parse(`0.5${zeros}1`, spec, 'error')).toEqual({ status: DECIMAL_TOO_FINE });
    expect(parse(`1${zeros}E-100000`, spec, 'error')).toEqual({ status: DECIMAL_EXACT, unscaled: 100n });
    expect(parse(`${zeros}x`, spec, 'error')).toEqual({ status: DECIMAL_UNREADABLE });
  });
});

describe('a decimal type', () => {
  it('takes precision first and gives it back', () => {
    const type = decimalType(18, 2);

    expect([type.precision, type.scale, type.bitWidth]).toEqual([18, 2, 128]);
    expect(specOf(decimalType(76, 38, 256))).toEqual({ precision: 76, scale: 38, bitWidth: 256 });
  });

  it.each([
    [0, 0, 128],
    [39, 0, 128],
    [77, 0, 256],
    [10, 39, 128],
    [10, 1.5, 128],
    [NaN, 0, 128],
  ] as const)('of precision %d, scale %d and %d bits is refused', (precision, scale, bitWidth) => {
    expect(() => decimalType(precision, scale, bitWidth)).toThrow(
      expect.objectContaining({ code: 'TYPE_UNSUPPORTED' }),
    );
  });
});
