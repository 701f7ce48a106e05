import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { PlainText } from '../../src/csv/plain-text.ts';
import { textDialect } from '../../src/csv/text-dialect.ts';

const seed = inject('seed');

describe('PlainText', () => {
  it('turns any text into what csv-parse reads from it, wherever chunks are cut', () => {
    const characters = fc.constantFrom('a', 'ß', ',', '"', '\\', '\n', '\r\n', '|', ' ');
    const cells = fc.array(fc.array(fc.string({ unit: characters, maxLength: 6 }), { minLength: 2, maxLength: 2 }), {
      minLength: 1,
      maxLength: 6,
    });
    const dialect = textDialect({ escape: '\\', lineEnd: '|\n', delimiter: ';;' });

    fc.assert(
      fc.property(cells, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (rows, cuts) => {
        const quoted = (cell: string): string => `"${cell.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
        const text = rows.map((row) => row.map(quoted).join(';;')).join('|\n');
        const plain = new PlainText(dialect);
        let out = '';
        for (let at = 0, cut = 0; at < text.length; cut++) {
          const length = cuts[cut % cuts.length]!;
          out += plain.write(text.slice(at, at + length));
          at += length;
        }
        out += plain.end();

        expect(parse(out, { record_delimiter: '\n' })).toEqual(rows);
      }),
      { seed, numRuns: 300 },
    );
  });
});
