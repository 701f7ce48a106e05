import { SluiceError } from '@sluice/core';
import {
  Bool,
  type Data,
  type DataType,
  DateDay,
  DateMillisecond,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int32,
  Int64,
  List,
  makeData,
  makeVector,
  RecordBatch,
  Schema,
  Struct,
  TimeMicrosecond,
  TimeMillisecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint64,
  Uint8,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { csv, type CsvFormatOptions, parseHeaderRow } from '../../src/csv/csv.ts';
import { bytesOf, decode, decodeText, failure, rowsOf, schemaOf, textSchema } from './decoded-rows.ts';
import { decimal, typeCases } from './type-cases.ts';

const seed = inject('seed');

/** The rows of a batch, without the header. */
function textOf(batch: RecordBatch, options: CsvFormatOptions = {}): string {
  const segment = csv({ lineEnd: '\n', header: false, ...options })
    .encode(batch.schema)
    .segment();
  return Buffer.concat(segment.write(batch)).toString();
}

function batchOf(...columns: readonly (readonly [type: DataType, data: Data])[]): RecordBatch {
  const schema = schemaOf(...columns.map(([type]) => type));
  const children = columns.map(([, data]) => data);
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: children[0]!.length, children }));
}

function texts(...rows: readonly (readonly (string | null)[])[]): RecordBatch {
  const columns = rows[0]!.map(
    (_, i) =>
      vectorFromArray(
        rows.map((row) => row[i]!),
        new Utf8(),
      ).data[0]!,
  );
  return batchOf(...columns.map((data) => [new Utf8(), data] as const));
}

/** Whatever a column of the type may hold, as a decoder of plain text makes it. */
const values: readonly (readonly [DataType, fc.Arbitrary<string>])[] = [
  [new Utf8(), fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', '€', ' ', '\0'), minLength: 1 })],
  [new Bool(), fc.boolean().map(String)],
  [new Uint8(), fc.integer({ min: 0, max: 255 }).map(String)],
  [new Int32(), fc.integer().map(String)],
  [new Int64(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)],
  [new Uint64(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)],
  [new Float64(), fc.double().map(String)],
  [new Float64(), fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map((value) => String(value / 1000))],
  [decimal(18, 2), fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }).map((value) => `${value}E-2`)],
  [decimal(38, 38), fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }).map((value) => `${value}E-38`)],
  [decimal(20, -3), fc.bigInt({ min: -(10n ** 20n) + 1n, max: 10n ** 20n - 1n }).map((value) => `${value}E3`)],
  [decimal(76, 30, 256), fc.bigInt({ min: -(10n ** 76n) + 1n, max: 10n ** 76n - 1n }).map((value) => `${value}E-30`)],
  [new DateDay(), fc.integer({ min: -719_162, max: 2_932_896 }).map((days) => isoOf(days * 86_400_000).slice(0, 10))],
  [new TimestampSecond('UTC'), instants(0)],
  [new TimestampMillisecond(), instants(3)],
  [new TimestampMicrosecond('UTC'), instants(6)],
  [
    new TimestampNanosecond('UTC'),
    fc
      .tuple(fc.integer({ min: Date.UTC(1700, 0), max: Date.UTC(2200, 0) }), fc.nat(999_999))
      .map(([ms, rest]) => `${isoOf(ms).slice(0, 23)}${String(rest).padStart(6, '0')}Z`),
  ],
  [new TimeMillisecond(), fc.nat(86_399_999).map((ms) => isoOf(ms).slice(11))],
  [new TimeMicrosecond(), fc.nat(86_399_999).map((ms) => isoOf(ms).slice(11).replace('Z', '001Z'))],
];

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

function instants(digits: number): fc.Arbitrary<string> {
  return fc
    .tuple(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), fc.nat(999))
    .map(([ms, micros]) => {
      const iso = isoOf(ms);
      if (digits === 0) return `${iso.slice(0, 19)}Z`;
      return digits === 3 ? iso : `${iso.slice(0, 23)}${String(micros).padStart(3, '0')}Z`;
    });
}

const MARKS = [',', ';', '\t', '.', 'e', '0', '||', '-T', '§'];

/** Dialects of every kind, those that mean something to values too. */
const dialects: fc.Arbitrary<CsvFormatOptions> = fc.oneof(
  fc
    .record({
      delimiter: fc.constantFrom(...MARKS),
      quote: fc.constantFrom('"', "'", '1', ''),
      escape: fc.constantFrom('', '\\', '+'),
      lineEnd: fc.constantFrom('', '\n', '\r\n', '\r', '|\n', ':'),
      nullText: fc.constantFrom('', 'NIL', '0', 'true', '1970-01-01'),
      comment: fc.constantFrom('', '', '#', '-', '//'),
      quoteAll: fc.boolean(),
      header: fc.boolean(),
      encoding: fc.constantFrom('utf-8', 'utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-15'),
    })
    .map(({ escape, lineEnd, ...rest }): CsvFormatOptions => ({
      ...rest,
      ...(escape === '' ? {} : { escape }),
      ...(lineEnd === '' ? {} : { lineEnd }),
    })),
  fc.record({ delimiter: fc.constantFrom(',', ';', '\t', '.'), quoteAll: fc.boolean() }),
);

/** What a dialect has no way to write, or is none. */
const REFUSALS = new Set(['CONFIG_INVALID', 'VALUE_INVALID']);

async function* chunksOf(chunks: readonly Uint8Array[], chunkBytes: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.concat(chunks);
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

/** The rows that come back, without those that were rejected. */
async function throughFile(batch: RecordBatch, options: CsvFormatOptions, chunkBytes: number): Promise<unknown[]> {
  const { schema } = batch;
  const format = csv(options);
  const encoding = format.encode(schema);
  const chunks = [encoding.prologue(), ...encoding.segment().write(batch)];
  const rows: unknown[] = [];
  const decoding = { schema, batch: { rows: 1000, bytes: 1e6 }, signal: new AbortController().signal };
  for await (const decoded of format.decode!(chunksOf(chunks, chunkBytes), decoding)) {
    expect(decoded.rejects).toEqual([]);
    rows.push(...rowsOf(decoded.batch));
  }
  return rows;
}

describe('decoding what was encoded', () => {
  it.each(values)(
    'gives the same values of %s, nulls included, in every dialect or says why not',
    async (type, cell) => {
      const cells = fc.array(fc.tuple(fc.option(cell, { freq: 4 }), fc.option(cell, { freq: 4 })), { maxLength: 20 });
      let written = 0;
      await fc.assert(
        fc.asyncProperty(
          cells,
          dialects,
          fc.record({
            columns: fc.integer({ min: 1, max: 2 }),
            from: fc.nat(10),
            chunkBytes: fc.integer({ min: 1, max: 99 }),
          }),
          async (rows, dialect, { columns, from, chunkBytes }) => {
            const plain = rows.map((row) =>
              row.slice(0, columns).map((text) => `"${(text ?? '').replaceAll('"', '""')}"`),
            );
            const schema = schemaOf(...Array.from({ length: columns }, () => type));
            // Of texts, an empty one in quotes is one.
            const { batches } = decodeText(plain.map((row) => `${row.join(',')}\n`).join(''), { schema });
            for (const { batch, rejects } of batches) {
              expect(rejects).toEqual([]);
              const part = batch.slice(from);

              const read = await throughFile(part, dialect, chunkBytes).catch((error: unknown) => error);

              const isRefused = SluiceError.is(read) && REFUSALS.has(read.code);
              if (!isRefused) written++;
              expect(read).toEqual(isRefused ? read : rowsOf(batch).slice(from));
            }
          },
        ),
        { numRuns: 60, seed },
      );
      expect(written).toBeGreaterThan(20);
    },
  );

  it.each(typeCases)('gives the same $what at the edges', ({ type, good }) => {
    // In UTC that one is in the year 0.
    const cells = good.map(([cell]) => cell).filter((cell) => cell !== '0001-01-01T00:00:00+23:59');
    const { batches, rows } = decodeText(cells.map((cell) => `${cell}\n`).join(''), { schema: schemaOf(type) });

    const text = batches.map(({ batch }) => textOf(batch)).join('');

    expect(decodeText(text, { schema: schemaOf(type) }).rows).toEqual(rows);
  });
});

describe('text', () => {
  const cell = fc.option(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '€', ' '), maxLength: 8 }), {
    freq: 5,
  });
  const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 });

  it('is what csv-stringify writes, and read by csv-parse as it was', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const text = textOf(texts(...rows), { quoteAll: true, lineEnd: '\r\n' });

        expect(text).toBe(stringify(rows, { quoted_string: true, record_delimiter: '\r\n' }));
        expect(parse(text, { record_delimiter: '\r\n' })).toEqual(rows.map((row) => row.map((value) => value ?? '')));
        expect(parse(textOf(texts(...rows)), { record_delimiter: '\n' })).toEqual(
          rows.map((row) => row.map((value) => value ?? '')),
        );
      }),
      { numRuns: 500, seed },
    );
  });

  it('is told from null by its quotes', () => {
    const batch = texts([null, ''], ['#N/A', null], ['a', 'b c']);

    expect(textOf(batch)).toBe(',""\n#N/A,\na,b c\n');
    expect(textOf(batch, { nullText: '#N/A' })).toBe('#N/A,\n"#N/A",#N/A\na,b c\n');
    expect(textOf(batch, { quoteAll: true })).toBe(',""\n"#N/A",\n"a","b c"\n');
  });

  it('of a dictionary is written out', () => {
    const type = new Dictionary(new Utf8(), new Int32());
    const dictionary = makeVector(vectorFromArray(['a,b', 'c'], new Utf8()).data[0]!);
    const keys = makeData({
      type,
      length: 4,
      nullCount: 1,
      nullBitmap: Uint8Array.of(0b1011),
      data: Int32Array.of(1, 0, 9, 1),
      dictionary,
    });

    expect(textOf(batchOf([type, keys]))).toBe('c\n"a,b"\n\nc\n');
  });
});

describe('values', () => {
  it('are in the notations that Salesforce takes', () => {
    const types = [new Bool(), decimal(18, 2), new DateDay(), new TimestampMillisecond('UTC'), new TimeMillisecond()];
    const row = 'true,-0.5,2024-04-16,2024-04-16T19:00:00Z,01:02:03';
    const { batches } = decodeText(`${row}\n,,,,\n`, { schema: schemaOf(...types) });

    expect(textOf(batches[0]!.batch)).toBe('true,-0.50,2024-04-16,2024-04-16T19:00:00.000Z,01:02:03.000Z\n,,,,\n');
  });

  it('of plain doubles have no more digits than they need', () => {
    const cells = ['0.1', '1234.5678', '-3', '1e21', '0.30000000000000004', '-0', 'NaN', '-Infinity'];
    const { batches } = decodeText(cells.map((cell) => `${cell}\n`).join(''), { schema: schemaOf(new Float64()) });

    expect(textOf(batches[0]!.batch)).toBe('0.1\n1234.5678\n-3\n1e+21\n0.30000000000000004\n-0\nNaN\n-Infinity\n');
  });

  it('are quoted where the delimiter could be part of them', () => {
    const { batches } = decode([bytesOf('1.5\n')], { schema: schemaOf(decimal(9, 1)) });

    expect(textOf(batches[0]!.batch, { delimiter: '.' })).toBe('"1.5"\n');
  });

  it('are refused where a year has not four digits, naming row and column', () => {
    const batch = batchOf([new DateDay(), makeData({ type: new DateDay(), data: Int32Array.of(0, 2_932_897) })]);

    expect(failure(() => textOf(batch))).toMatchObject({
      code: 'VALUE_INVALID',
      message: 'row 1, column c0: a date outside of the years 0001 to 9999',
    });
  });
});

describe('an encoding', () => {
  it('begins with the names of the columns, quoted like text, or with nothing', () => {
    const schema = new Schema(['Id', 'a"b', 'c,d'].map((name) => new Field(name, new Utf8(), true)));
    const header = csv().encode(schema).prologue();

    expect(Buffer.from(header).toString()).toBe('Id,"a""b","c,d"\r\n');
    expect(parseHeaderRow(header, true)?.cells).toEqual(['Id', 'a"b', 'c,d']);
    expect(csv({ header: false }).encode(schema).prologue()).toHaveLength(0);
  });

  it('gives bytes that the next batch leaves alone', () => {
    const segment = csv().encode(textSchema(1)).segment();
    const [first] = segment.write(texts(['first']));
    segment.write(texts(['other']));

    expect(Buffer.from(first!).toString()).toBe('first\r\n');
  });

  it('writes nothing for a batch without rows', () => {
    expect(textOf(texts(['a']).slice(1))).toBe('');
  });

  it('does not leave a line empty for a text, nor begin one with a comment or a byte order mark', () => {
    expect(textOf(texts([''], [null]), { nullText: 'NIL' })).toBe('""\nNIL\n');
    expect(textOf(texts(['#1', '#']), { comment: '#' })).toBe('"#1","#"\n');
    expect(textOf(texts(['\u{feff}a', 'b']))).toBe('"\u{feff}a",b\n');
  });

  it('is in UTF-16 with a byte order mark, or in bytes of one character each', () => {
    const batch = texts(['Größe', '€']);
    const bytesIn = (encoding: string): Buffer => {
      const written = csv({ encoding }).encode(batch.schema);
      return Buffer.concat([written.prologue(), ...written.segment().write(batch)]);
    };

    expect(bytesIn('utf-16le').toString('utf16le')).toBe('\u{feff}c0,c1\r\nGröße,€\r\n');
    expect(bytesIn('utf-16be').swap16().toString('utf16le')).toBe('\u{feff}c0,c1\r\nGröße,€\r\n');
    expect(bytesIn('windows-1252').toString('latin1')).toBe('c0,c1\r\nGr\xf6\xdfe,\x80\r\n');
    expect(bytesIn('iso-8859-15').toString('latin1')).toBe('c0,c1\r\nGr\xf6\xdfe,\xa4\r\n');
  });

  it('names row and column of a text that an encoding has no character for', () => {
    const encode = (batch: RecordBatch): string => textOf(batch, { encoding: 'windows-1252' });

    expect(failure(() => encode(texts(['a', 'b'], ['c', '語'])))).toMatchObject({
      code: 'VALUE_INVALID',
      message: 'row 1, column c1: a text that cannot be written in windows-1252',
    });
    const schema = new Schema([new Field('語', new Utf8(), true)]);
    expect(failure(() => csv({ encoding: 'windows-1252' }).encode(schema).prologue())).toMatchObject({
      code: 'VALUE_INVALID',
      message: 'the name of column 語 that cannot be written in windows-1252',
    });
  });

  it.each([
    [{ nullText: 'a,b' }, 'nullText must hold no delimiter'],
    [{ nullText: '#', comment: '#' }, 'nullText must hold no delimiter'],
    [{ delimiter: '"' }, 'delimiter and quote must differ'],
    [{ delimiter: '\\', quote: '', escape: '\\' }, 'delimiter and escape must differ'],
    [{ delimiter: '\n' }, 'delimiter and lineEnd must not begin alike'],
    [{ delimiter: ';', lineEnd: ';\n' }, 'delimiter and lineEnd must not begin alike'],
    [{ comment: ',#' }, 'delimiter and comment must not begin alike'],
    [{ encoding: 'shift_jis' }, 'text is not written in shift_jis'],
    [{ encoding: 'windows-1252', delimiter: '語' }, 'delimiter has no place in windows-1252'],
  ])('refuses %j', (options, words) => {
    expect(failure(() => csv(options).encode(textSchema(1)))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(words),
    });
  });

  it.each([
    new Float32(),
    new DateMillisecond(),
    new Struct([new Field('x', new Utf8())]),
    new List(new Field('x', new Utf8())),
  ])('refuses %s', (type) => {
    expect(failure(() => csv().encode(schemaOf(new Utf8(), type)))).toMatchObject({
      code: 'TYPE_UNSUPPORTED',
      message: expect.stringContaining('column c1'),
    });
  });
});
