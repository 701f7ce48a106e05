import { Field, RecordBatch, Schema, Table, Utf8, vectorFromArray } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { csv, type CsvFormatOptions } from '../../src/csv/csv.ts';

type Row = readonly (string | null)[];

function batchesOf(rows: readonly Row[], names: readonly string[], batchRows = rows.length): readonly RecordBatch[] {
  const schema = schemaOf(names);
  const batches: RecordBatch[] = [];
  for (let from = 0; from < rows.length; from += Math.max(1, batchRows)) {
    const part = rows.slice(from, from + Math.max(1, batchRows));
    const columns = names.map(
      (name, i) =>
        [
          name,
          vectorFromArray(
            part.map((row) => row[i] ?? null),
            new Utf8(),
          ),
        ] as const,
    );
    batches.push(new RecordBatch(schema, new Table(Object.fromEntries(columns)).batches[0]!.data));
  }
  return batches;
}

function schemaOf(names: readonly string[]): Schema {
  return new Schema(names.map((name) => new Field(name, new Utf8(), true)));
}

function encode(rows: readonly Row[], options?: CsvFormatOptions, names = ['a', 'b'], batchRows?: number): string {
  const encoding = csv(options).encode(schemaOf(names));
  const segment = encoding.segment();
  const chunks = [encoding.prologue(), ...batchesOf(rows, names, batchRows).flatMap((batch) => segment.write(batch))];
  const { bytes, summary } = segment.end();
  const end = encoding.epilogue([{ byteOffset: 0, summary }]);
  return Buffer.concat([...chunks, ...bytes, end]).toString('utf8');
}

describe('csv', () => {
  it('writes a header and rows, with quotes only where they are needed', () => {
    const text = encode([
      ['plain', 'two words'],
      ['a,b', 'say "hi"'],
      ['line\nend', 'Größe 🚀'],
    ]);

    expect(text).toBe('a,b\r\nplain,two words\r\n"a,b","say ""hi"""\r\n"line\nend",Größe 🚀\r\n');
  });

  it('tells null from an empty text, and from the text that stands for null', () => {
    const rows: readonly Row[] = [
      [null, ''],
      ['NULL', null],
    ];

    expect(encode(rows, { header: false })).toBe(',""\r\nNULL,\r\n');
    expect(encode(rows, { header: false, nullText: 'NULL' })).toBe('NULL,\r\n"NULL",NULL\r\n');
  });

  it('writes other dialects: delimiters, quotes, line ends, escapes, quotes everywhere or nowhere', () => {
    const rows: readonly Row[] = [['a|b', String.raw`it's C:\dir`]];

    expect(encode(rows, { delimiter: '||', lineEnd: '\n', header: false })).toBe(`"a|b"||it's C:\\dir\n`);
    expect(encode(rows, { quote: "'", escape: '\\', header: false })).toBe(`a|b,'it\\'s C:\\\\dir'\r\n`);
    expect(encode(rows, { quoteAll: true, header: false })).toBe(`"a|b","it's C:\\dir"\r\n`);
    expect(encode([['a,b', null]], { quote: '', escape: '\\', header: false })).toBe('a\\,b,\r\n');
  });

  it('refuses options that make no sense, and texts that need the quotes there are not', () => {
    const failing = (options: CsvFormatOptions): unknown => {
      try {
        return csv(options);
      } catch (error) {
        return error;
      }
    };
    for (const options of [{ delimiter: '' }, { quote: '""' }, { delimiter: '"' }, { escape: '' }, { lineEnd: '' }]) {
      expect(failing(options)).toMatchObject({ code: 'CONFIG_INVALID' });
    }
    expect(() => encode([['a\nb', 'x']], { quote: '', escape: '\\' })).toThrow(
      expect.objectContaining({ code: 'VALUE_INVALID', message: expect.not.stringContaining('a\nb') as string }),
    );
  });

  it('is read by csv-parse as it was written, and is the same however rows are batched', () => {
    const cell = fc.option(fc.string({ unit: fc.constantFrom('a', 'ß', '🚀', ',', '"', '\\', '\n', '\r', ' ', ';') }));
    const dialects = fc.constantFrom<CsvFormatOptions>({}, { delimiter: ';' }, { quoteAll: true }, { escape: '\\' });
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 });

    fc.assert(
      fc.property(rows, dialects, fc.integer({ min: 1, max: 20 }), (written, dialect, batchRows) => {
        const text = encode(written, { ...dialect, nullText: 'NIL' });
        const read = parse(text, {
          delimiter: dialect.delimiter ?? ',',
          escape: dialect.escape ?? '"',
          record_delimiter: '\r\n',
          cast: (value, { quoting }) => (value === 'NIL' && !quoting ? null : value),
        }) as unknown as readonly Row[];

        expect(read).toEqual([['a', 'b'], ...written]);
        expect(encode(written, { ...dialect, nullText: 'NIL' }, ['a', 'b'], batchRows)).toBe(text);
      }),
      { seed: inject('seed'), numRuns: 300 },
    );
  });
});
