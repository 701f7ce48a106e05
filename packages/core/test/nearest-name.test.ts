import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { editDistance, nearestName } from '../src/index.ts';

describe('the name that was meant', () => {
  it.each([
    ['Amuont', ['Account', 'Amount', 'Name'], 'Amount'],
    ['amount', ['Account', 'Amount'], 'Amount'],
    ['query', ['querry', 'quarry'], 'querry'],
    ['x', ['y', 'yz'], 'y'],
    ['Stage', ['CloseDate', 'Owner'], undefined],
    ['anything', [], undefined],
  ])('%s among %j is %s', (wanted, names, expected) => {
    expect(nearestName(wanted, names)).toBe(expected);
  });
});

describe('the distance of two texts', () => {
  it('counts insertions, deletions, replacements and swaps of neighbours', () => {
    const distances = [
      ['', 'abc'],
      ['abc', 'ab'],
      ['abc', 'axc'],
      ['abcd', 'acbd'],
      ['kitten', 'sitting'],
    ].map(([a = '', b = '']) => editDistance(a, b, 10));

    expect(distances).toEqual([3, 1, 1, 1, 3]);
  });

  it('is the same both ways, zero for equals alone, and cut at the limit', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, fc.nat(8), (a, b, limit) => {
        const distance = editDistance(a, b, 20);

        expect(editDistance(b, a, 20)).toBe(distance);
        expect(distance === 0).toBe(a === b);
        expect(editDistance(a, b, limit)).toBe(Math.min(distance, limit + 1));
      }),
      { seed: 7 },
    );
  });
});
