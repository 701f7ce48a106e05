import { describe, expect, it } from 'vitest';

import { canonicalCell } from '../src/ingest-rows/canonical/canonical-cell.ts';
import { type Hash64, hashBytes } from '../src/ingest-rows/canonical/hash.ts';
import type { CellForm } from '../src/ingest-rows/ingest-plan.ts';

function canonical(form: CellForm, text: string, foldsCase = false): string {
  const bytes = Buffer.from(text);
  const out = new Uint8Array(bytes.length * 2 + 20);
  return Buffer.from(out.subarray(1, canonicalCell({ form }, foldsCase)(bytes, 0, bytes.length, out, 1))).toString(
    'hex',
  );
}

/** Spellings of one value, then values that are others. */
const cases: Readonly<Record<CellForm, readonly [same: readonly string[], others: readonly string[]]>> = {
  number: [
    ['912260031', '9.12260031E8', '912260031.0', '+9.12260031e+8', '912260031.00000000001'],
    ['912260032', '-912260031', '', 'x'],
  ],
  boolean: [['true', 'TRUE', '1'], ['false']],
  date: [
    ['2024-04-16', '2024-04-16Z', '2024-04-16+00:00'],
    ['2024-04-17', ''],
  ],
  datetime: [
    ['2024-04-16T19:00:00.123Z', '2024-04-16T19:00:00Z', '2024-04-16T19:00:00.000+0000', '2024-04-16T21:00:00+02:00'],
    ['2024-04-16T19:00:01Z', '1969-12-31T23:59:59.5Z', ''],
  ],
  time: [
    ['19:00:00.001Z', '19:00:00.000Z', '19:00:00'],
    ['19:00:01Z', ''],
  ],
  id: [
    ['001000000000001', '001000000000001AAA', ' 001000000000001AAA'],
    ['001000000000002', '00100000000000a', ''],
  ],
  text: [
    [' a\r\nb ', 'a\nb', 'a\rb\t', '\u0001a\nb'],
    ['a b', 'A\nb', '\u00a0a\nb', ''],
  ],
  multipicklist: [
    ['b;a', 'a;b', 'a;b;a', ' b ; a'],
    ['a', 'a;b;c', 'A;b', ''],
  ],
};

describe('the canonical form of a cell', () => {
  for (const [form, [same, others]] of Object.entries(cases)) {
    // The keys of an object literal are its key type's.
    const name = form as CellForm;
    it(`is one for all spellings of a ${form}, and another for another`, () => {
      const forms = same.map((text) => canonical(name, text));

      expect(new Set(forms).size).toBe(1);
      expect(new Set([forms[0], ...others.map((text) => canonical(name, text))]).size).toBe(others.length + 1);
    });
  }

  it('is nothing for null, however it is said, and for no', () => {
    for (const form of Object.keys(cases)) {
      expect([canonical(form as CellForm, '#N/A'), canonical(form as CellForm, '')]).toEqual(['', '']);
    }
    expect(canonical('boolean', 'false')).toBe('');
    expect(canonical('text', ' \n')).toBe('');
  });

  it('ignores the case of keys only where told to, beyond ASCII too', () => {
    expect(canonical('text', 'ÉTÉ İx', true)).toBe(canonical('text', 'été İX', true));
    expect(canonical('text', 'A')).not.toBe(canonical('text', 'a'));
    expect(canonical('number', '-0')).toBe(canonical('number', '0.0'));
  });

  it('is the text itself where it is no value of its form', () => {
    expect(canonical('datetime', 'soon')).toBe(canonical('text', 'soon'));
    expect(canonical('number', '1,5')).toBe(canonical('text', '1,5'));
    expect(canonical('id', 'short')).toBe(canonical('text', 'short'));
  });
});

describe('the hash of bytes', () => {
  it('is another for every length, byte and seed', () => {
    const seen = new Set<string>();
    const hash: Hash64 = { high: 0, low: 0 };
    const add = (bytes: Uint8Array, seed = 0): void => {
      hashBytes(bytes, 0, bytes.length, seed, hash);
      seen.add(`${hash.high}:${hash.low}`);
    };
    for (let length = 0; length < 64; length++) add(new Uint8Array(length));
    for (let at = 0; at < 13; at++) {
      for (let bit = 0; bit < 8; bit++) add(new Uint8Array(13).fill(1 << bit, at, at + 1), 1);
    }
    for (let seed = 2; seed < 50; seed++) add(Uint8Array.of(1, 2, 3), seed);

    expect(seen.size).toBe(64 + 13 * 8 + 48);
  });

  it('spreads evenly', () => {
    const buckets = new Uint32Array(64);
    const hash: Hash64 = { high: 0, low: 0 };
    for (let key = 0; key < 64_000; key++) {
      const bytes = Buffer.from(`E-${key}`);
      hashBytes(bytes, 0, bytes.length, 0, hash);
      buckets[hash.high >>> 26]!++;
    }

    expect(Math.max(...buckets)).toBeLessThan(1150);
    expect(Math.min(...buckets)).toBeGreaterThan(850);
  });
});
