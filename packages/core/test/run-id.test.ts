import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { runFileName, runIdOf } from '../src/journal/run-id.ts';

describe('the file name of a run', () => {
  it.each([
    ['load-7_b', 'load-7_b'],
    ['Load 7', '%4coad%207'],
    ['../a', '%2e%2e%2fa'],
    ['50%', '50%25'],
    ['é', '%c3%a9'],
    ['\0', '%00'],
  ])('spells %j as %s', (id, name) => {
    expect(runFileName(id)).toBe(name);
    expect(runIdOf(name)).toBe(id);
  });

  it.each(['a~b', '%4', '%ff', '%61', 'A'])('tells no id where it is not one of ours: %s', (name) => {
    expect(runIdOf(name)).toBe(name);
  });

  it('is short, safe and different for different ids even where case does not count', () => {
    const id = fc.oneof(
      fc.string({ minLength: 1, maxLength: 200 }),
      fc.string({ minLength: 1, maxLength: 100, unit: 'binary' }),
      fc.string({ minLength: 190, maxLength: 200, unit: fc.constantFrom('a', 'A', '/') }),
    );
    fc.assert(
      fc.property(id, id, (one, other) => {
        fc.pre(one !== other);
        const names = [runFileName(one), runFileName(other)];
        expect(names[0]).not.toBe(names[1]);
        for (const name of names) expect(name).toMatch(/^[a-z0-9_%~-]{1,200}$/);
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});
