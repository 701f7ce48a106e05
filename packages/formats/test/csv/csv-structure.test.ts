import { describe, expect, it } from 'vitest';

import { csvDecoder } from '../../src/csv/csv-decoder.ts';
import { bytesOf, cutAt, decode, decodeText, failure, textSchema } from './decoded-rows.ts';

const rowsIn = (text: string, columns: number) => decodeText(text, { schema: textSchema(columns) }).rows;

describe('rows and cells', () => {
  it.each([
    [
      'are quoted or not',
      '"a",b\nc,"d"\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'end in LF and CRLF in any mixture',
      'a,b\r\n"c","d"\ne,f\r\n"g","h"\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
        ['g', 'h'],
      ],
    ],
    [
      'need no line end at last, unquoted',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'need no line end at last, quoted',
      'a,b\nc,"d"',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['may be cut within the last line end', 'a,"b"\r', [['a', 'b']]],
    ['may end in an empty cell', 'a,', [['a', null]]],
    [
      'hold delimiters, line ends and doubled quotes inside quotes',
      '"a,b","c\r\nd"\n"""",""""""\n"x""y""z","""q"',
      [
        ['a,b', 'c\r\nd'],
        ['"', '""'],
        ['x"y"z', '"q'],
      ],
    ],
    [
      'hold a carriage return alone as text',
      'a\rb,\r\n\rc,d\n',
      [
        ['a\rb', null],
        ['\rc', 'd'],
      ],
    ],
    [
      'keep blanks',
      ' a , b\n" c "," "\n',
      [
        [' a ', ' b'],
        [' c ', ' '],
      ],
    ],
    [
      'hold text of every width',
      '"ä€😀",""\nñ,\u0000\n',
      [
        ['ä€😀', null],
        ['ñ', '\u0000'],
      ],
    ],
    [
      'are null where empty, quoted or not',
      ',""\n"",\n',
      [
        [null, null],
        [null, null],
      ],
    ],
    ['may be none', '', []],
  ])('%s', (_, text, rows) => {
    expect(rowsIn(text, 2)).toEqual(rows);
  });

  it('of one column may be blank lines', () => {
    expect(rowsIn('a\n\n""\r\n\r\nb', 1)).toEqual([['a'], [null], [null], [null], ['b']]);
  });

  it.each([',', '\t', ';', '|', '^', '`'])('are parted by %j', (delimiter) => {
    const others = ',\t;|^`'.replace(delimiter, '');
    const { rows } = decodeText(`a${delimiter}"b${delimiter}"\n${others}${delimiter}c\n`, {
      schema: textSchema(2),
      delimiter,
    });

    expect(rows).toEqual([
      ['a', `b${delimiter}`],
      [others, 'c'],
    ]);
  });

  it('are quoted by another character on request', () => {
    const { rows } = decodeText(`'a''b',"c"\n`, { schema: textSchema(2), quote: "'" });

    expect(rows).toEqual([["a'b", '"c"']]);
  });

  it('go to the fields they are meant for, and skipped ones nowhere', () => {
    const { rows } = decodeText('a,b,c,d\n"e","f""","g","h"\n', { schema: textSchema(2), columns: [1, -1, -1, 0] });

    expect(rows).toEqual([
      ['d', 'a'],
      ['h', 'e'],
    ]);
  });

  it('are counted where no column is read', () => {
    const { batches } = decodeText('a,b\nc,d\n', { schema: textSchema(0), columns: [-1, -1] });

    expect(batches.map(({ batch, rows }) => [batch.numRows, rows])).toEqual([[2, 2]]);
  });

  it('are the same at every split point', () => {
    const bytes = bytesOf('"ä€","b""""c"\r\n,😀\n"x\r\n""y",\r\nl\rm,""\r\n"",last');
    const expected = decode([bytes], { schema: textSchema(2) }).rows;
    expect(expected).toHaveLength(5);

    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second++) {
        expect(decode(cutAt(bytes, [first, second]), { schema: textSchema(2) }).rows).toEqual(expected);
      }
    }
  });

  it('are the same byte by byte', () => {
    const bytes = bytesOf('"ä€","b""""c"\r\n,😀\n"x\r\n""y",\r\nl\rm,""\r\n"",last');
    const cuts = Array.from(bytes, (_, at) => at);

    expect(decode(cutAt(bytes, cuts), { schema: textSchema(2) }).rows).toEqual(
      decode([bytes], { schema: textSchema(2) }).rows,
    );
  });

  it.each([131_072, 1_000_000])('hold %i characters and more', (length) => {
    const long = 'x€"'.repeat(length / 2).slice(0, length);
    const text = `"a","${long.replaceAll('"', '""')}"\nb,${long.replaceAll('"', "'")}\n"c","d"\n`;
    const bytes = bytesOf(text);
    const cuts = Array.from({ length: Math.floor(bytes.length / 65_536) }, (_, i) => (i + 1) * 65_536);

    const { rows } = decode(cutAt(bytes, cuts), { schema: textSchema(2) });

    expect(rows).toEqual([
      ['a', long],
      ['b', long.replaceAll('"', "'")],
      ['c', 'd'],
    ]);
  });

  it('fill more than a window', () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => [`row ${i}`, i % 7 === 0 ? null : `"${i}"`]);
    const text = rows.map(([a, b]) => `${a},"${(b ?? '').replaceAll('"', '""')}"\r\n`).join('');

    expect(rowsIn(text, 2)).toEqual(rows);
  });
});

describe('damage', () => {
  it.each([
    ['"a"x,b\n', 'row 1, column 1 (c0), byte 7: text after the closing quote'],
    ['"a" ,b\n', 'row 1, column 1 (c0), byte 7: text after the closing quote'],
    ['"a"\rb,c\n', 'row 1, column 1 (c0), byte 7: text after the closing quote'],
    ['a,b"c\n', 'row 1, column 2 (c1), byte 7: a quote inside unquoted text'],
    ['a, "b"\n', 'row 1, column 2 (c1), byte 7: a quote inside unquoted text'],
    ['secret\n', 'row 1, byte 10: 1 of 2 cells'],
    ['\n', 'row 1, byte 4: 1 of 2 cells'],
    ['a,b,c\n', 'row 1, byte 7: more than 2 cells'],
    ['"secret', 'row 1, column 1 (c0), byte 5: no closing quote'],
    ['a,"secret""\n', 'row 1, column 2 (c1), byte 7: no closing quote'],
    ['secret', 'row 1, byte 10: 1 of 2 cells'],
  ])('of %j is named by row, column and byte', (text, message) => {
    const bytes = bytesOf(`a,b\n${text}`);
    for (let at = 0; at <= bytes.length; at++) {
      const error = failure(() => decode(cutAt(bytes, [at]), { schema: textSchema(2) }));

      expect(error).toMatchObject({ code: 'ROW_MALFORMED', message, details: { row: 1 } });
      expect(JSON.stringify(error)).not.toContain('secret');
    }
  });

  it.each([
    ['a lone continuation byte', [0x80]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['half a character at the end', [0x61, 0xe2, 0x82]],
    ['half a character at the start', [0xac, 0x61]],
    ['something beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ])('is %s', (_, cell) => {
    const bytes = Buffer.concat([bytesOf('"ü",b,c\n"€","'), Uint8Array.from(cell), bytesOf('",d\ne,f,g\n')]);
    for (let at = 0; at <= bytes.length; at++) {
      const error = failure(() => decode(cutAt(bytes, [at]), { schema: textSchema(2), columns: [0, -1, 1] }));

      expect(error).toMatchObject({
        code: 'ROW_MALFORMED',
        message: 'row 1, column 2, byte 16: text that is not UTF-8',
      });
    }
  });

  it('is looked for in text as it was before quotes were undoubled', () => {
    const bytes = Buffer.concat([
      bytesOf('"""""'),
      Uint8Array.of(0xe2, 0x82),
      bytesOf('""'),
      Uint8Array.of(0xac),
      bytesOf('"\n'),
    ]);

    expect(failure(() => decode([bytes], { schema: textSchema(1) }))).toMatchObject({ code: 'ROW_MALFORMED' });
    expect(rowsIn('"""""€""ü"\n', 1)).toEqual([['""€"ü']]);
  });

  it('is a row longer than allowed, however it arrives', () => {
    const bytes = bytesOf(`a\n"${'x'.repeat(20)}"\nb\n`);
    const messageAt = (at: number, maxRowBytes: number) =>
      failure(() => decode(cutAt(bytes, [at]), { schema: textSchema(1), maxRowBytes }));

    for (let at = 0; at <= bytes.length; at++) {
      expect(messageAt(at, 23)).toBeUndefined();
      expect(messageAt(at, 22)).toMatchObject({ message: 'row 1, byte 2: more than 22 bytes in a row' });
    }
  });

  it('comes after the complete batches of the rows ahead of it', () => {
    const decoder = csvDecoder({ schema: textSchema(1), columns: [0], batch: { rows: 2, bytes: 1000 } });
    const delivered: number[] = [];

    const error = failure(() => {
      for (const { rows } of decoder.write(bytesOf('a\nb\nc\nd\ne\nx,y\n'))) delivered.push(rows);
    });

    expect(delivered).toEqual([2, 2]);
    expect(error).toMatchObject({ details: { row: 5, byteOffset: 11 } });
    expect(failure(() => decoder.end())).toMatchObject({ code: 'CONTRACT_BROKEN' });
  });

  it('counts bytes from where the caller says the rows begin', () => {
    const error = failure(() => decodeText('a\n"b', { schema: textSchema(1), byteOffset: 1000 }));

    expect(error).toMatchObject({ details: { row: 1, column: 0, byteOffset: 1003 } });
  });
});

describe('options', () => {
  it.each([
    [{ columns: [] }, 'at least one cell'],
    [{ columns: [0] }, 'no column of the file fills c1'],
    [{ columns: [0, 1, 1] }, 'two columns of the file fill c1'],
    [{ columns: [0, 1, 2] }, 'names field 2'],
    [{ columns: [0, 1, -2] }, 'names field -2'],
    [{ delimiter: '"' }, 'delimiter and quote must differ'],
    [{ delimiter: '' }, 'delimiter must be one ASCII character'],
    [{ delimiter: '::' }, 'delimiter must be one ASCII character'],
    [{ delimiter: '€' }, 'delimiter must be one ASCII character'],
    [{ quote: '\n' }, 'quote must be one ASCII character'],
    [{ batch: { rows: 0, bytes: 1 } }, 'batch.rows must be a whole number'],
    [{ batch: { rows: 1, bytes: 2 ** 31 } }, 'batch.bytes must be a whole number'],
    [{ skipRows: -1 }, 'skipRows must be a whole number'],
    [{ maxRowBytes: 0.5 }, 'maxRowBytes must be a whole number'],
  ])('%j are refused', (options, words) => {
    const error = failure(() => decodeText('a,b\n', { schema: textSchema(2), ...options }));

    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(words) });
  });
});
