import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Json } from '../src/contract/json.ts';
import { fingerprint } from '../src/fingerprint/fingerprint.ts';
import { secret } from '../src/secret/secret-reference.ts';

/** The same value with the properties of every object in another order. */
function reordered(value: Json): Json {
  // `Array.isArray` does not know readonly lists.
  if (Array.isArray(value)) return (value as readonly Json[]).map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toReversed();
  return Object.fromEntries(entries.map(([key, member]) => [key, reordered(member!)]));
}

// JSON has one zero, and an object literal's prototype is no property.
const someJson = fc
  .jsonValue({ stringUnit: 'binary' })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'proto')) as Json);

describe('a fingerprint', () => {
  it('is the same for the same configuration, whatever the order of its properties', () => {
    fc.assert(
      fc.property(someJson, (value) => {
        expect(fingerprint(reordered(value))).toBe(fingerprint(value));
      }),
      { seed: 20_261_124, numRuns: 200 },
    );
  });

  it('tells different configurations apart', () => {
    const sortedText = (value: Json): string => JSON.stringify(reordered(reordered(value)));
    let different = 0;
    fc.assert(
      fc.property(someJson, someJson, (a, b) => {
        fc.pre(sortedText(a) !== sortedText(b));
        different++;
        expect(fingerprint(a)).not.toBe(fingerprint(b));
      }),
      { seed: 20_261_124, numRuns: 200 },
    );
    expect(different).toBeGreaterThan(100);
  });

  it('tells apart what looks alike', () => {
    const alike: Json[] = [
      {},
      [],
      null,
      '',
      'null',
      '{}',
      0,
      '0',
      { a: 1, b: 2 },
      { a: [1], b: 2 },
      [[1], 2],
      [1, [2]],
    ];

    expect(new Set(alike.map(fingerprint)).size).toBe(alike.length);
  });

  it('takes an undefined property for an absent one', () => {
    expect(fingerprint({ a: 1, b: undefined })).toBe(fingerprint({ a: 1 }));
  });

  it('is the SHA-256 of the text with sorted keys', () => {
    // printf '{"a":[1,"x"],"b":{"c":null}}' | sha256sum
    expect(fingerprint({ b: { c: null }, a: [1, 'x'] })).toBe(
      'dbc2bd6885edefe4702fe028ee9b2df226e6c7cede1fe397b01c24945b57fa9f',
    );
  });

  it('is refused for a secret and for anything else that is not JSON', () => {
    for (const value of [{ token: secret.value('hunter2') }, { n: Number.NaN }, { n: 1n }]) {
      expect(() => fingerprint(value as never)).toThrow(expect.objectContaining({ code: 'CONTRACT_BROKEN' }));
    }
  });
});
