import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { type CsvRow, CsvScanner } from '../src/bulk-ingest/csv-scanner.ts';

const BOUNDS = { cellCharacters: 1000, rowCharacters: 2000 };

function scan(chunks: readonly string[], delimiter = ',', bounds = BOUNDS): CsvRow[] {
  const scanner = new CsvScanner(delimiter, bounds);
  return [...chunks.flatMap((chunk) => scanner.push(chunk)), ...scanner.end()];
}

function cellsOf(text: string): (readonly string[])[] {
  return scan([text]).map(({ cells }) => cells);
}

function flawsOf(text: string, bounds = BOUNDS): (string | undefined)[] {
  return scan([text], ',', bounds).map(({ flaw }) => flaw);
}

/** Cells that need quotes, and cells that do not. */
const cell = fc.string({ unit: fc.constantFrom('a', ' ', '"', ',', '\n', '\r', 'é', '😀', '\0'), maxLength: 6 });
const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 });

function written(rows: readonly (readonly string[])[], lineEnd: string): string {
  const text = (value: string): string => (/["\n\r,]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return rows.map((row) => row.map(text).join(',') + lineEnd).join('');
}

describe('the scanner of uploads', () => {
  it('reads what csv-parse reads', () => {
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), (rows, lineEnd) => {
        const text = written(rows, lineEnd);

        const expected: string[][] = parse(text, { relax_column_count: true, record_delimiter: lineEnd });

        expect(cellsOf(text)).toEqual(expected);
        expect(expected).toEqual(rows);
      }),
      { seed: inject('seed'), numRuns: 500 },
    );
  });

  it('reads the same, wherever the text is cut', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r'), maxLength: 24 });
    fc.assert(
      fc.property(text, (whole) => {
        const expected = scan([whole]);
        for (let at = 1; at < whole.length; at += 1) {
          expect(scan([whole.slice(0, at), whole.slice(at)])).toEqual(expected);
        }
        expect(scan(whole.split(''))).toEqual(expected);
      }),
      { seed: inject('seed'), numRuns: 500 },
    );
  });

  it('says how each row ended', () => {
    expect(scan(['a\nb\r\n"c"\r\n"d\n"\ne']).map(({ lineEnding }) => lineEnding)).toEqual([
      'LF',
      'CRLF',
      'CRLF',
      'LF',
      'none',
    ]);
  });

  it('takes lines without anything for no rows, and an empty quoted cell for one', () => {
    expect(cellsOf('\na\n\r\n""\n,\n\n')).toEqual([['a'], [''], ['', '']]);
    expect(cellsOf('')).toEqual([]);
  });

  it('keeps white space, and what looks like the end of a line and is not', () => {
    expect(cellsOf(' a , b\na\rb\r,c\n')).toEqual([
      [' a ', ' b'],
      ['a\rb\r', 'c'],
    ]);
  });

  it.each(['"a", "b"', '"a" ,b', 'a"b', 'a"', '"a"b', '"a"\rb', '"a', 'x,"a\nb'])(
    'finds a quote out of place: %j',
    (text) => {
      expect(flawsOf(`ok\n${text}`)).toEqual([undefined, 'quote']);
    },
  );

  it('finds what is too long, and goes on behind it', () => {
    const bounds = { cellCharacters: 3, rowCharacters: 5 };

    expect(flawsOf('abc,de\nabcd,e\nabc,def\nok\n', bounds)).toEqual([
      undefined,
      'cellTooLong',
      'rowTooLong',
      undefined,
    ]);
  });

  it('holds no more of a row that never ends than the bound', () => {
    const scanner = new CsvScanner(',', { cellCharacters: 10, rowCharacters: 10 });
    for (let chunk = 0; chunk < 1000; chunk += 1) scanner.push(chunk === 0 ? '"' : 'x'.repeat(9));

    const [row] = scanner.end();

    expect(row?.flaw).toBe('rowTooLong');
    expect(row?.cells.join('').length).toBeLessThanOrEqual(10);
  });
});
