import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { recordId, toLongId, withChecksum } from '../src/org/record-id.ts';

describe('record ids', () => {
  it.each([
    ['001Hs00003AcmeA', '001Hs00003AcmeAIAR'],
    ['003Hs00004ContA', '003Hs00004ContAIAR'],
    ['750Hs00000QaBcD', '750Hs00000QaBcDIAV'],
    ['005Hs00000UsrA1', '005Hs00000UsrA1IAJ'],
    ['00DHs0000000kQp', '00DHs0000000kQpMAI'],
  ])('append the checksum of %s', (short, long) => {
    expect(withChecksum(short)).toBe(long);
    expect(toLongId(short)).toBe(long);
    expect(toLongId(long)).toBe(long);
  });

  it('are 18 characters long, begin with the key prefix and differ even when case is lost', () => {
    const ids = Array.from({ length: 5000 }, (_, index) => recordId('a01', index + 1));

    expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(5000);
    expect(ids.every((id) => /^a01Hs[0-9A-Za-z]{10}[A-Z0-5]{3}$/.test(id))).toBe(true);
    expect(new Set(ids.map((id) => id.slice(0, 15).toLowerCase())).size).toBeLessThan(5000);
  });

  it('are restored from any spelling of their 18 characters', () => {
    const spelling = fc.tuple(
      fc.integer({ min: 1, max: 1e9 }),
      fc.array(fc.boolean(), { minLength: 18, maxLength: 18 }),
    );

    fc.assert(
      fc.property(spelling, ([sequence, upper]) => {
        const id = recordId('00Q', sequence);
        const other = Array.from(id)
          .map((char, index) => (upper[index] ? char.toUpperCase() : char.toLowerCase()))
          .join('');
        expect(toLongId(other)).toBe(id);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it.each(['', '001', '001Hs00003Acme!', '001Hs00003AcmeAIAR0', '001Hs00003AcmeAIA9', '001Hs00003AcmeA999'])(
    'are not made of %j',
    (text) => {
      expect(toLongId(text)).toBeUndefined();
    },
  );
});
