import { Bool, Decimal, Field, Int32, RecordBatchReader, Schema, TimestampMillisecond, Utf8 } from 'apache-arrow';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parquet } from '../../src/parquet/parquet-format.ts';
import {
  batchesOf,
  bits,
  cells,
  codes,
  decimals,
  dictionaryOfText,
  longs,
  numbers,
  schemaOf,
  type TestColumn,
} from './arrow-columns.ts';
import { bigEndian, encodeFile, encodeSegment, metadataOf, queryFile, readStored } from './parquet-readers.ts';

const words = [
  '',
  'a',
  'bb',
  'Prospecting',
  'Closed Won',
  'é漢',
  'a longer text that fills pages sooner than the others',
];

const row = fc.record({
  text: fc.option(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary', maxLength: 20 }))),
  code: fc.option(fc.constantFrom(...words)),
  flag: fc.option(fc.boolean()),
  count: fc.option(fc.integer()),
  amount: fc.option(fc.bigInt(-(10n ** 18n) + 1n, 10n ** 18n - 1n)),
  wide: fc.option(fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n)),
  at: fc.option(fc.bigInt(-62135596800000n, 253402300799999n)),
});
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;

function columnsOf(rows: readonly Row[]): readonly TestColumn[] {
  const of = (key: keyof Row): readonly unknown[] => rows.map((found) => found[key]);
  return [
    { name: 'text', type: new Utf8(), build: cells, values: of('text') },
    { name: 'code', type: dictionaryOfText(), build: codes, values: of('code') },
    { name: 'flag', type: new Bool(), build: bits, values: of('flag') },
    { name: 'count', type: new Int32(), build: numbers(Int32Array), values: of('count') },
    { name: 'amount', type: new Decimal(2, 18, 128), build: decimals, values: of('amount') },
    { name: 'wide', type: new Decimal(18, 38, 128), build: decimals, values: of('wide') },
    { name: 'at', type: new TimestampMillisecond('UTC'), build: longs, values: of('at') },
  ];
}

const bounds = fc.record({
  compression: fc.constantFrom('snappy' as const, 'zstd' as const, 'gzip' as const, 'none' as const),
  rowGroupRows: fc.integer({ min: 1, max: 40 }),
  rowGroupBytes: fc.integer({ min: 1, max: 4000 }),
});

describe('parquet files', () => {
  it('are the same bytes however the rows were batched, and hold the rows', async () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 60 }),
        bounds,
        cuts,
        fc.boolean(),
        async (rows, options, at, slices) => {
          const columns = columnsOf(rows);
          const inRange = at.map((cut) => Math.min(cut, rows.length));

          const whole = encodeFile(parquet(options), schemaOf(columns), [batchesOf(columns)]);
          const cut = encodeFile(parquet(options), schemaOf(columns), [batchesOf(columns, inRange, slices)]);

          expect(cut.equals(whole)).toBe(true);
          const found = await readStored(whole);
          const texts = (values: unknown[]): unknown[] =>
            values.map((value) => (value === null ? null : Buffer.from(value as Uint8Array).toString()));
          expect(texts(found['text']!)).toEqual(rows.map(({ text }) => text?.toWellFormed() ?? null));
          expect(texts(found['code']!)).toEqual(rows.map(({ code }) => code));
          expect(found['flag']).toEqual(rows.map(({ flag }) => flag));
          expect(found['count']).toEqual(rows.map(({ count }) => count));
          expect(found['amount']).toEqual(rows.map(({ amount }) => amount));
          const wide = found['wide']!.map((value) => (value === null ? null : bigEndian(value as Uint8Array)));
          expect(wide).toEqual(rows.map(({ wide }) => wide));
          expect(found['at']).toEqual(rows.map(({ at }) => (at === null ? null : at * 1000n)));
        },
      ),
      { seed: 11, numRuns: 120 },
    );
  });

  it('are the same bytes for a dictionary column as for a plain one', () => {
    const values = Array.from({ length: 500 }, (_, i) => (i % 7 === 0 ? null : words[i % words.length]!));
    const plain: TestColumn = { name: 'c', type: new Utf8(), build: cells, values };
    const dictionary: TestColumn = { ...plain, type: dictionaryOfText(), build: codes };

    const one = encodeFile(parquet(), schemaOf([plain]), [batchesOf([plain])]);
    const other = encodeFile(parquet(), schemaOf([dictionary]), [batchesOf([dictionary], [100, 101, 350])]);

    expect(other.equals(one)).toBe(true);
  });

  it('put together from segments hold the rows of all of them', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => i);
    const columns = (from: number, to: number): readonly TestColumn[] => [
      { name: 'n', type: new Int32(), build: numbers(Int32Array), values: rows.slice(from, to) },
      {
        name: 't',
        type: new Utf8(),
        build: cells,
        values: rows.slice(from, to).map((n) => (n % 3 ? `row ${n}` : null)),
      },
    ];
    const parts = [batchesOf(columns(0, 10)), [], batchesOf(columns(10, 700), [50]), batchesOf(columns(700, 1000))];

    const file = encodeFile(parquet({ rowGroupRows: 100 }), schemaOf(columns(0, 1)), parts);

    expect((await readStored(file))['n']).toEqual(rows);
    expect(metadataOf(file).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([
      10,
      ...Array(6).fill(100),
      90,
      100,
      100,
      100,
    ]);
    expect(await queryFile(file, 'select count(*), sum(n), count(t), max(t) from file')).toEqual([
      ['1000', '499500', '666', 'row 998'],
    ]);
  });

  it('without a row keep their schema', async () => {
    const schema = schemaOf(columnsOf([]));

    const file = encodeFile(parquet(), schema, []);

    expect((await readStored(file))['text']).toEqual([]);
    expect(await queryFile(file, 'select column_name, column_type from (describe select * from file)')).toEqual([
      ['text', 'VARCHAR'],
      ['code', 'VARCHAR'],
      ['flag', 'BOOLEAN'],
      ['count', 'INTEGER'],
      ['amount', 'DECIMAL(18,2)'],
      ['wide', 'DECIMAL(38,18)'],
      ['at', 'TIMESTAMP WITH TIME ZONE'],
    ]);
    expect(await queryFile(file, 'select count(*) from file')).toEqual([['0']]);
  });

  it('keep the metadata of schema and fields', () => {
    const schema = new Schema(
      [
        new Field('Amount', new Decimal(2, 18, 128), true, new Map([['label', 'Betrag']])),
        new Field('Stage', dictionaryOfText(), true, new Map([['type', 'picklist']])),
      ],
      new Map([['object', 'Opportunity']]),
    );

    const file = encodeFile(parquet(), schema, []);

    const entry = metadataOf(file).key_value_metadata!.find(({ key }) => key === 'ARROW:schema')!;
    const found = RecordBatchReader.from(Buffer.from(entry.value!, 'base64')).open().schema;
    expect(found.metadata).toEqual(schema.metadata);
    expect(found.fields.map(({ name, metadata }) => [name, metadata])).toEqual([
      ['Amount', new Map([['label', 'Betrag']])],
      ['Stage', new Map([['type', 'picklist']])],
    ]);
  });

  it('end a row group with the row that fills its bytes, a larger row standing alone', () => {
    const values = ['x'.repeat(96), 'y'.repeat(96), 'z'.repeat(96), 'w'.repeat(500), 'v', 'u'];
    const column: TestColumn = { name: 'c', type: new Utf8(), build: cells, values };

    const file = encodeFile(parquet({ rowGroupBytes: 200 }), schemaOf([column]), [batchesOf([column])]);

    expect(metadataOf(file).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([2, 2, 2]);
  });

  it('leave the encoder as row groups end, not at the end of the segment', () => {
    const column: TestColumn = { name: 'c', type: new Int32(), build: numbers(Int32Array), values: Array(250).fill(7) };
    const encoder = parquet({ rowGroupRows: 100 })
      .encode(schemaOf([column]))
      .segment();

    const early = encoder.write(batchesOf([column])[0]!);
    const late = encoder.end();

    expect(early).toHaveLength(2);
    expect(late.bytes).toHaveLength(1);
  });

  it('hold columns that can never be null without levels', async () => {
    const column: TestColumn = { name: 'Id', type: new Utf8(), build: cells, values: ['001', '002'], nullable: false };

    const file = encodeFile(parquet(), schemaOf([column]), [batchesOf([column])]);

    expect(metadataOf(file).schema[1]!.repetition_type).toBe('REQUIRED');
    expect((await readStored(file))['Id']!.map((value) => Buffer.from(value as Uint8Array).toString())).toEqual([
      '001',
      '002',
    ]);
    expect(await queryFile(file, 'select Id from file')).toEqual([['001'], ['002']]);
  });

  it.each(['snappy', 'zstd', 'gzip', 'none'] as const)('hold pages of every kind with %s', async (compression) => {
    // More rows than a page has; text that repeats, then does not, then is long.
    const count = 150_000;
    const text = (i: number): string | null => {
      if (i % 11 === 0) return null;
      if (i < 70_000) return `stage ${i % 40}`;
      return i % 10_007 === 0 ? 'long '.repeat(300_000) : `value ${(i * 2_654_435_761) % 4_294_967_296}`;
    };
    const indices = Array.from({ length: count }, (_, i) => i);
    const columns: readonly TestColumn[] = [
      { name: 'n', type: new Int32(), build: numbers(Int32Array), values: indices },
      { name: 't', type: new Utf8(), build: cells, values: indices.map(text) },
      { name: 'b', type: new Bool(), build: bits, values: indices.map((i) => (i % 3 === 0 ? null : i % 2 === 0)) },
      { name: 'nothing', type: new Utf8(), build: cells, values: indices.map(() => null) },
    ];

    const file = encodeFile(parquet({ compression }), schemaOf(columns), [batchesOf(columns, [33_333, 99_999])]);

    const found = await readStored(file);
    expect(
      encodeFile(parquet({ compression }), schemaOf(columns), [batchesOf(columns, [1, 70_001])]).equals(file),
    ).toBe(true);
    expect(found['n']!.every((value, i) => value === i)).toBe(true);
    expect(
      found['t']!.every(
        (value, i) => (value === null ? null : Buffer.from(value as Uint8Array).toString()) === text(i),
      ),
    ).toBe(true);
    expect(found['b']!.every((value, i) => value === (i % 3 === 0 ? null : i % 2 === 0))).toBe(true);
    const longs = indices.filter((i) => i >= 70_000 && i % 10_007 === 0 && i % 11 !== 0).length;
    const nulls = Math.ceil(count / 11);
    expect(
      await queryFile(
        file,
        `select count(t), count(*) filter (length(t) = 1500000), count(nothing), count(b), bit_xor(n),
         count(*) filter (t = 'stage ' || (n % 40)) from file`,
      ),
    ).toEqual([
      [
        String(count - nulls),
        String(longs),
        '0',
        '100000',
        indices.reduce((sum, i) => sum ^ i, 0),
        String(70_000 - Math.ceil(70_000 / 11)),
      ],
    ]);
  });

  it('take a segment without a row for nothing', () => {
    const column: TestColumn = { name: 'c', type: new Int32(), build: numbers(Int32Array), values: [] };
    const encoding = parquet().encode(schemaOf([column]));

    const { bytes, summary } = encodeSegment(encoding, batchesOf([column]));

    expect(bytes).toEqual([]);
    expect(encoding.epilogue([{ byteOffset: 4, summary }])).toEqual(encoding.epilogue([]));
  });
});
