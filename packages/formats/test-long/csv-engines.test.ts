import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { cell, codeOfDamage, damagedFile, types } from '../test/csv/arbitrary-files.ts';
import { bytesOf, decodeText, schemaOf } from '../test/csv/decoded-rows.ts';
import { codeOfMutant, corpus, mutatedFile } from '../test/csv/mutated-files.ts';

const seed = inject('seed');

describe('both engines', () => {
  it('read every type from every text alike', () => {
    let rowCount = 0;
    fc.assert(
      fc.property(fc.array(cell, { minLength: 20, maxLength: 400 }), fc.constantFrom(...types), (cells, type) => {
        const text = cells.map((text) => `"${text}"\n`).join('');
        rowCount += decodeText(text, { schema: schemaOf(type) }).rows.length;
      }),
      { numRuns: 100_000, seed, endOnFailure: true },
    );
    expect(rowCount).toBeGreaterThan(100_000);
  });

  it('end alike on files whose bytes are changed, of a few rows and of some windows', () => {
    const files = [...corpus(), bytesOf('"a ""b""",12,"3.45"\r\n,"",\n'.repeat(7000))];
    const codes = new Set<string | undefined>();
    fc.assert(
      fc.property(mutatedFile(files), (file) => {
        codes.add(codeOfMutant(file));
      }),
      { numRuns: 20_000, seed, endOnFailure: true },
    );
    expect(codes).toEqual(new Set([undefined, 'ROW_MALFORMED']));
  });

  // From less than a block of the kernel to several of its windows.
  it.each([1, 20, 3000, 10_000])('end alike on damaged files of %i times two rows', (repeats) => {
    fc.assert(
      fc.property(damagedFile(repeats), (file) => {
        expect([undefined, 'ROW_MALFORMED']).toContain(codeOfDamage(file, repeats));
      }),
      { numRuns: Math.ceil(400_000 / (repeats + 19)), seed, endOnFailure: true },
    );
  });
});
