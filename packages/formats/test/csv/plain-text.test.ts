import { SluiceError } from '@sluice/core';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { PlainText } from '../../src/csv/plain-text.ts';
import { type TextDialect, textDialect } from '../../src/csv/text-dialect.ts';
import { bytesOf, decodeText, failure, textSchema } from './decoded-rows.ts';

const seed = inject('seed');

type Options = Parameters<typeof textDialect>[0];

/** In chunks of so many characters. */
function translate(text: string, options: Options, chunkLengths: readonly number[] = [text.length]): string {
  const plain = new PlainText(textDialect(options));
  let out = '';
  for (let at = 0, chunk = 0; at < text.length; chunk++) {
    const length = Math.max(1, chunkLengths[chunk % chunkLengths.length]!);
    out += plain.write(text.slice(at, at + length));
    at += length;
  }
  return out + plain.end();
}

/** The rows of two columns of text that the decoder makes of it, or what it says. */
function outcomeOf(text: string, options: Options, chunkLengths?: readonly number[]): unknown {
  const plain = translate(text, options, chunkLengths);
  const decoding = { schema: textSchema(2), quotedIsText: true, isTranslated: true, skipsBlankLines: true } as const;
  let rows: unknown;
  const error = failure(() => ({ rows } = decodeText(plain, decoding)));
  return error ?? rows;
}

/** The same by csv-parse. Of cells it minds only a number unlike that of the first row. */
function referenceOf(text: string, { delimiter, quote, escape, lineEnd, comment }: TextDialect): unknown {
  let rows: readonly (readonly unknown[])[] = [];
  const error = failure(() => {
    rows = parse(text, {
      delimiter,
      quote,
      escape,
      record_delimiter: lineEnd === undefined ? ['\r\n', '\n', '\r'] : [lineEnd],
      ...(comment === '' ? {} : { comment, comment_no_infix: true }),
      skip_empty_lines: true,
      cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
    });
  });
  return error === undefined && rows.every((row) => row.length === 2) ? rows : 'ROW_MALFORMED';
}

const dialects: readonly Options[] = [
  { escape: '\\' },
  { escape: '\\', delimiter: '||', lineEnd: ';' },
  { comment: '#' },
  { comment: '//', delimiter: '\t', quote: "'" },
  { delimiter: ';;', lineEnd: '|\n', escape: '\\' },
  { quote: "'", escape: '^', comment: '--' },
];

const pieces = [
  'a',
  'ß',
  '🚀',
  ',',
  '"',
  "'",
  '\\',
  '^',
  '\n',
  '\r\n',
  '\r',
  '|',
  '||',
  ';',
  ';;',
  '#',
  '//',
  '-',
  '\t',
];

describe.each(dialects)('text of the dialect %j', (options) => {
  const dialect = textDialect(options);
  const { delimiter, quote, escape } = dialect;
  const lineEnd = dialect.lineEnd ?? '\n';
  const chunkLengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });

  it('means what csv-parse reads from it, wherever chunks are cut', () => {
    const cell = fc.string({ unit: fc.constantFrom(...pieces), maxLength: 6 });
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 });
    const quoted = (text: string): string => `${quote}${text.replaceAll(/["'\\^]/g, escaped)}${quote}`;
    const escaped = (character: string): string =>
      character === quote || character === escape ? escape + character : character;

    fc.assert(
      fc.property(rows, chunkLengths, (written, lengths) => {
        const text = written.map((row) => row.map(quoted).join(delimiter)).join(lineEnd);

        expect(outcomeOf(text, options, lengths)).toEqual(written);
        expect(referenceOf(text, dialect)).toEqual(written);
      }),
      { seed, numRuns: 200 },
    );
  });

  it('is refused where csv-parse refuses it, and nowhere else', () => {
    const lines = fc.string({
      unit: fc.constantFrom('a', 'b', delimiter, delimiter, quote, escape, lineEnd, lineEnd, dialect.comment || 'c'),
      maxLength: 24,
    });
    let refused = 0;
    let read = 0;

    fc.assert(
      fc.property(lines, chunkLengths, (text, lengths) => {
        const reference = referenceOf(text, dialect);
        const ours = outcomeOf(text, options, lengths);
        if (reference === 'ROW_MALFORMED') refused++;
        else read++;

        expect(SluiceError.is(ours) ? ours.code : ours).toEqual(reference);
      }),
      { seed, numRuns: 600 },
    );
    expect(Math.min(refused, read)).toBeGreaterThan(50);
  });
});

describe('text of a dialect', () => {
  it('without quotes has escapes in front of what would mean something', () => {
    const rows = outcomeOf(String.raw`a\,b,c\\` + '\\\nd\n,\r\n', { quote: '', escape: '\\' });

    expect(rows).toEqual([
      ['a,b', 'c\\\nd'],
      [null, null],
    ]);
  });

  it('has text that stands for null, in quotes or not, and lines that are no rows', () => {
    const text = '# x,y,z\nNIL,"NIL"\n"#a",NI\n';

    expect(outcomeOf(text, { nullText: 'NIL', comment: '#' }, [1])).toEqual([
      [null, 'NIL'],
      ['#a', 'NI'],
    ]);
    expect(outcomeOf('NIL,"NIL"\n', { nullText: 'NIL', quotedNulls: true })).toEqual([[null, null]]);
  });

  it.each([
    ['a,b\nc,d"e\n', 'row 1, column 2 (c1): a quote inside unquoted text'],
    ['a,b\nc,"d"e\n', 'row 1, column 2 (c1): text after the closing quote'],
    ['a,b\n"c,d\n', 'row 1, column 1 (c0): no closing quote'],
    ['a,b\nc\n', 'row 1: 1 of 2 cells'],
    ['a,b\nc,d,e\n', 'row 1: more than 2 cells'],
  ])(
    'that is damaged, %j, ends in an error that names row and column, and no byte of a translation',
    (text, message) => {
      const error = outcomeOf(text, { escape: '\\' });

      expect(error).toMatchObject({ code: 'ROW_MALFORMED', message, details: { row: 1 } });
      expect(error).not.toHaveProperty('details.byteOffset');
    },
  );

  it('never holds more than the start of a cell', () => {
    const plain = new PlainText(textDialect({ escape: '\\' }));
    const chunk = 'never closed '.repeat(100);
    let written = plain.write('"').length;

    for (let i = 0; i < 50; i++) written += plain.write(chunk).length;

    expect(bytesOf(chunk).length * 50 + 1 - written).toBeLessThan(3);
  });
});
