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

import { csvEncoder, type CsvEncoderOptions, parseHeaderRow } from '../../src/csv/csv.ts';
import { bytesOf, decode, decodeText, failure, rowsOf, schemaOf, textSchema } from './decoded-rows.ts';
import { decimal, typeCases } from './type-cases.ts';

const seed = inject('seed');

function textOf(batch: RecordBatch, options: Partial<CsvEncoderOptions> = {}): string {
  return Buffer.from(csvEncoder({ schema: batch.schema, ...options }).encode(batch)).toString('utf8');
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

describe('decoding what was encoded', () => {
  it.each(values)('gives the same values of %s, nulls included', (type, cell) => {
    const cells = fc.array(fc.option(cell, { freq: 4 }), { maxLength: 40 });
    const quoting = fc.constantFrom('needed' as const, 'always' as const);
    const schema = schemaOf(type);
    fc.assert(
      fc.property(
        cells,
        quoting,
        fc.nat(10),
        fc.constantFrom(',', ';', '\t', '.'),
        (cells, quoting, from, delimiter) => {
          const csv = cells.map((text) => `"${(text ?? '').replaceAll('"', '""')}"\n`).join('');
          const { batches } = decodeText(csv, { schema });
          for (const { batch, rejects } of batches) {
            const part = batch.slice(from);

            const text = textOf(part, { quoting, delimiter });

            expect(rejects).toEqual([]);
            expect(decodeText(text, { schema, delimiter }).rows).toEqual(rowsOf(batch).slice(from));
          }
        },
      ),
      { numRuns: 150, seed },
    );
  });

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
        const text = textOf(texts(...rows), { quoting: 'always', lineEnd: '\r\n' });

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
    expect(textOf(batch, { quoting: 'always' })).toBe(',""\n"#N/A",\n"a","b c"\n');
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

describe('an encoder', () => {
  it('writes the names of the columns, quoted like text', () => {
    const schema = new Schema(['Id', 'a"b', 'c,d'].map((name) => new Field(name, new Utf8(), true)));
    const header = csvEncoder({ schema, lineEnd: '\r\n' }).header();

    expect(Buffer.from(header).toString()).toBe('Id,"a""b","c,d"\r\n');
    expect(parseHeaderRow(header, true)?.cells).toEqual(['Id', 'a"b', 'c,d']);
  });

  it('gives bytes that the next batch leaves alone', () => {
    const encoder = csvEncoder({ schema: textSchema(1) });
    const first = encoder.encode(texts(['first']));
    encoder.encode(texts(['other']));

    expect(Buffer.from(first).toString()).toBe('first\n');
  });

  it('writes nothing for a batch without rows', () => {
    expect(textOf(texts(['a']).slice(1))).toBe('');
  });

  it.each([
    [{ nullText: 'a,b' }, 'nullText must hold no delimiter'],
    [{ nullText: '0' }, 'nullText must not be what a value could be'],
    [{ quote: '1' }, 'quote must be no letter'],
    [{ delimiter: '"' }, 'delimiter and quote must differ'],
    [{ lineEnd: '\r' as '\n' }, 'lineEnd must be LF or CRLF'],
  ])('refuses %j', (options, words) => {
    expect(failure(() => csvEncoder({ schema: textSchema(1), ...options }))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(words),
    });
  });

  it.each([new Float32(), new DateMillisecond(), new Struct([new Field('x', new Utf8())])])('refuses %s', (type) => {
    expect(failure(() => csvEncoder({ schema: schemaOf(new Utf8(), type) }))).toMatchObject({
      code: 'TYPE_UNSUPPORTED',
      message: expect.stringContaining('column c1'),
    });
  });
});
