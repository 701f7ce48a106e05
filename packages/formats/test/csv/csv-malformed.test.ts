import * as fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { codeOfDamage, damagedFile } from './arbitrary-files.ts';
import { cutAt, decode, textSchema } from './decoded-rows.ts';

const seed = inject('seed');
const REJECT = { malformedRows: 'reject', schema: textSchema(2) } as const;

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** Rows of two cells, and what is wrong with those that are none. */
const ROWS: readonly (readonly [text: string, problem: string | undefined])[] = [
  ['a,b', undefined],
  ['"x, ""y""",b', undefined],
  ['"two\nlines",b', undefined],
  [',', undefined],
  ['one', '1 of 2 cells'],
  ['a,b,c', 'more than 2 cells'],
  ['a,b,"more\n""lines""",d', 'more than 2 cells'],
  ['a"b,c', 'c0: a quote inside unquoted text'],
  ['a,"b"c', 'c1: text after the closing quote'],
  ['"a"b"c,d', 'c0: text after the closing quote'],
  ['a,\xe9', 'c1: text that is not UTF-8'],
  ['\xff\xfe,b', 'c0: text that is not UTF-8'],
];

describe('rows that are none', () => {
  it('are rejected, and no cell of another row moves, wherever bytes are cut', () => {
    const rows = fc.array(fc.integer({ min: 0, max: ROWS.length - 1 }), { maxLength: 30 });
    const cuts = fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 5 });

    fc.assert(
      fc.property(rows, cuts, fc.boolean(), fc.integer({ min: 1, max: 9 }), (kinds, places, endsLast, batchRows) => {
        const lines = kinds.map((kind) => ROWS[kind]!);
        const text = lines.map(([line]) => line).join('\n') + (endsLast && lines.length > 0 ? '\n' : '');
        const bytes = latin1(text);
        const options = { ...REJECT, batch: { rows: batchRows, bytes: 1_000_000 } };

        const chunks = cutAt(
          bytes,
          [...new Set(places)].filter((at) => at < bytes.length).toSorted((a, b) => a - b),
        );
        const { batches, rows: kept } = decode(chunks, options);

        let from = 0;
        const refused = batches.flatMap(({ rows: count, rejects }) => {
          const start = from;
          from += count;
          return rejects.map(({ row, message }) => [start + row, message]);
        });
        expect(from).toBe(lines.length);
        expect(refused).toEqual(lines.flatMap(([, problem], row) => (problem === undefined ? [] : [[row, problem]])));
        expect(kept).toHaveLength(lines.filter(([, problem]) => problem === undefined).length);
      }),
      { seed, numRuns: 400 },
    );
  });

  it('end it all where nobody knows where they end', () => {
    for (const text of ['a,b\n"c,d\ne,f\n', 'a,"b\nc"d,e\n', 'a,b\nc,"d']) {
      expect(() => decode([latin1(text)], REJECT)).toThrow(expect.objectContaining({ code: 'ROW_MALFORMED' }));
    }
  });

  it('are counted among the rows to skip', () => {
    const { batches, rows } = decode([latin1('a,b\nc\nd,e\nf,g\n')], { ...REJECT, skipRows: 2 });

    expect(rows).toEqual([
      ['d', 'e'],
      ['f', 'g'],
    ]);
    expect(batches.map(({ rejects }) => rejects)).toEqual([[]]);
  });

  it('leave blank lines out where those are passed over', () => {
    const { rows } = decode([latin1('a,b\n\n\r\nc,d\n\n')], { ...REJECT, skipsBlankLines: true });

    expect(rows).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('are the same to both engines whatever is damaged, and end it all in few cases', () => {
    const codes = new Map<string | undefined, number>();
    fc.assert(
      fc.property(damagedFile(20), (file) => {
        const code = codeOfDamage(file, 20, 'reject');
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }),
      { seed, numRuns: 1000 },
    );

    expect(new Set(codes.keys())).toEqual(new Set([undefined, 'ROW_MALFORMED']));
    expect(codes.get(undefined)).toBeGreaterThan(500);
  });
});
