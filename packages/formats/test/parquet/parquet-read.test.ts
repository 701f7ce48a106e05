import { SluiceError } from '@sluice/core';
import { batchOf, rowsOf } from '@sluice/testkit';
import { type DataType, Dictionary, Field, Int32, Int64, Schema, Utf8 } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { parquet } from '../../src/parquet/parquet-format.ts';
import { batchesOf, longs, schemaOf } from './arrow-columns.ts';
import { withFooter } from './changed-footer.ts';
import { duckFile } from './duck-parquet.ts';
import { BOUNDS, memoryFile, openBytes, readBytes } from './memory-file.ts';
import { encodeFile, metadataOf } from './parquet-readers.ts';
import { wasmFile } from './wasm-parquet.ts';

const { signal } = new AbortController();

/** Columns of 64-bit numbers, not compressed. */
function numbersFile(names: readonly string[], rows: number, rowGroupRows = rows): Buffer {
  const columns = names.map((name, i) => ({
    name,
    type: new Int64(),
    build: longs,
    values: Array.from({ length: rows }, (_, row) => BigInt(row * names.length + i)),
  }));
  return encodeFile(parquet({ compression: 'none', rowGroupRows }), schemaOf(columns), [batchesOf(columns)]);
}

describe('columns that are asked for', () => {
  const bytes = numbersFile(['first', 'second', 'third'], 20_000);

  it('come in that order, and no bytes of others are fetched', async () => {
    const file = memoryFile(bytes);
    const opened = await parquet().open!(file, { columns: ['third', 'first'], signal });
    file.ranges.length = 0;
    const [split] = opened.splits;
    const [batch] = await Array.fromAsync(opened.read(split!, { batch: BOUNDS, signal }));

    expect(batch!.schema.fields.map(({ name }) => name)).toEqual(['third', 'first']);
    expect(rowsOf(batch!.slice(0, 2))).toEqual([
      { third: 2n, first: 0n },
      { third: 5n, first: 3n },
    ]);
    const [, second, third] = metadataOf(bytes).row_groups[0]!.columns.map(({ meta_data: chunk }) =>
      Number(chunk!.data_page_offset),
    );
    expect(file.ranges.some(({ start, end }) => start < third! && end > second!)).toBe(false);
    expect(file.ranges.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(split!.bytes);
  });

  it('may be none at all, where only rows count', async () => {
    const batches = await readBytes(bytes, { columns: [] });

    expect(batches.reduce((sum, { numRows }) => sum + numRows, 0)).toBe(20_000);
  });

  it('are unknown with the name that comes nearest', async () => {
    await expect(openBytes(bytes, { columns: ['secnd'] })).rejects.toMatchObject({
      code: 'FIELD_UNKNOWN',
      message: expect.stringContaining('secnd'),
      hint: expect.stringContaining('second'),
    });
  });

  it('can be told apart, or the file is refused', async () => {
    const twice = withFooter(bytes, ({ schema }) => (schema[2]!.name = 'first'));

    await expect(openBytes(twice)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('first'),
    });
  });
});

describe('splits', () => {
  it('are row groups, with the bytes of the columns asked for', async () => {
    const bytes = numbersFile(['a', 'b'], 1000, 400);
    const { splits } = await openBytes(bytes);
    const { splits: half } = await openBytes(bytes, { columns: ['b'] });

    expect(splits.map(({ rowGroup, rows }) => [rowGroup, rows])).toEqual([
      [0, 400],
      [1, 400],
      [2, 200],
    ]);
    expect(half.map((split) => split.bytes * 2)).toEqual(splits.map((split) => split.bytes));
  });

  it('are fetched in pieces where they are large', async () => {
    const bytes = numbersFile(['a', 'b'], 2_400_000, 1_200_000);
    const file = memoryFile(bytes);
    const { splits, read } = await parquet().open!(file, { signal });
    file.ranges.length = 0;
    let sum = 0n;
    for await (const { data } of read(splits[1]!, { batch: BOUNDS, signal })) {
      // Numbers of 64 bits.
      for (const value of data.children[0]!.values as BigInt64Array) sum += value;
    }

    expect(splits.map(({ rows }) => rows)).toEqual([1_200_000, 1_200_000]);
    expect(sum).toBe((2_400_000n + 4_799_998n) * 600_000n);
    expect(Math.max(...file.ranges.map(({ start, end }) => end - start))).toBeLessThanOrEqual(8 * 1_048_576);
  });

  it('of another file are refused', async () => {
    const [split] = (await openBytes(numbersFile(['a'], 1000))).splits;
    const other = await openBytes(numbersFile(['a'], 1001));

    expect(() => other.read(split!, { batch: BOUNDS, signal })).toThrowError(
      expect.objectContaining({ code: 'SOURCE_CHANGED' }),
    );
  });

  it('end with the reason of an abort', async () => {
    const controller = new AbortController();
    const reason = new SluiceError('FILE_CORRUPT', 'another file was damaged');
    const { splits, read } = await openBytes(numbersFile(['a'], 1000));
    const batches = read(splits[0]!, { batch: { rows: 10, bytes: 1000 }, signal: controller.signal });

    await expect(
      (async () => {
        for await (const { numRows } of batches) if (numRows > 0) controller.abort(reason);
      })(),
    ).rejects.toBe(reason);
  });
});

describe('dictionaries', () => {
  const type: DataType = new Dictionary(new Utf8(), new Int32());
  const schema = new Schema([new Field('d', type, true)]);
  const rows = Array.from({ length: 500 }, (_, i) => ({ d: i % 7 === 0 ? null : `value ${i % 5}` }));

  it('stay dictionaries where the writer had them, one for all batches of a row group', async () => {
    const batches = await readBytes(wasmFile(batchOf(schema, rows)), { batch: { rows: 100 } });

    expect(batches.flatMap(rowsOf)).toEqual(rows);
    expect(new Set(batches.map(({ data }) => data.children[0]!.dictionary)).size).toBe(1);
  });

  it('are made of pages without', async () => {
    const file = wasmFile(batchOf(schema, rows), (properties) => properties.setDictionaryEnabled(false));

    expect((await readBytes(file)).flatMap(rowsOf)).toEqual(rows);
  });

  it('are as good as text where the writer says nothing', async () => {
    const file = encodeFile(parquet(), schema, [[batchOf(schema, rows)]]);
    const { schema: read } = await openBytes(file);

    expect(String(read.fields[0]!.type)).toBe('Utf8');
  });
});

it('reads what DuckDB has types for and other writers seldom', async () => {
  const file = await duckFile(`select
    '{"a":1}'::json as doc, uuid '00112233-4455-6677-8899-aabbccddeeff' as guid, 'b'::enum('a', 'b') as choice,
    interval '1 month 2 days 3 seconds' as span, timestamp_ns '2020-01-01 00:00:00.000000001' as nanos,
    [{x: [1, null]}, null] as items, map {'k': [1.25]} as entries`);
  const { schema } = await openBytes(file);

  expect(schema.fields.map(({ name, type }) => `${name}: ${String(type)}`)).toEqual([
    'doc: Utf8',
    'guid: FixedSizeBinary[16]',
    'choice: Utf8',
    'span: Interval<MONTH_DAY_NANO>',
    'nanos: Timestamp<NANOSECOND>',
    'items: List<Struct<{x:List<Int32>}>>',
    'entries: Map<{key:Utf8, value:List<Decimal[3e+2]>}>',
  ]);
  expect(schema.fields[1]!.metadata.get('ARROW:extension:name')).toBe('arrow.uuid');
  expect((await readBytes(file)).flatMap(rowsOf)).toEqual([
    {
      doc: '{"a":1}',
      guid: new Uint8Array(Buffer.from('00112233445566778899aabbccddeeff', 'hex')),
      choice: 'b',
      span: [1, 2, 3_000_000_000n],
      nanos: '2020-01-01T00:00:00.000000001',
      items: [{ x: [1, null] }, null],
      entries: [['k', ['1.25']]],
    },
  ]);
});

describe('columns that cannot be read', () => {
  const bytes = numbersFile(['odd', 'plain'], 10);

  it.each([
    [
      'CONFIG_INVALID',
      'LZO',
      withFooter(bytes, (footer) => (footer.row_groups[0]!.columns[0]!.meta_data!.codec = 'LZO')),
    ],
    [
      'TYPE_UNSUPPORTED',
      'decimal',
      withFooter(bytes, ({ schema }) => {
        schema[1]!.logical_type = { type: 'DECIMAL', precision: 90, scale: 2 };
      }),
    ],
    ['TYPE_UNSUPPORTED', 'UUID', withFooter(bytes, ({ schema }) => (schema[1]!.logical_type = { type: 'UUID' }))],
  ] as const)('are refused by name with %s, if they are asked for: %s', async (code, what, file) => {
    await expect(openBytes(file)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(`column odd .*${what}`),
    });
    expect((await readBytes(file, { columns: ['plain'] })).flatMap(rowsOf)).toHaveLength(10);
  });
});

describe('a footer that is wrong', () => {
  const bytes = numbersFile(['a', 'b'], 10);

  it.each([
    ['row groups have', withFooter(bytes, (footer) => (footer.num_rows = 11n))],
    ['has 9 values', withFooter(bytes, (footer) => (footer.row_groups[0]!.columns[1]!.meta_data!.num_values = 9n))],
    ['another type', withFooter(bytes, (footer) => (footer.row_groups[0]!.columns[1]!.meta_data!.type = 'INT32'))],
    [
      'outside the data',
      withFooter(bytes, (footer) => {
        footer.row_groups[0]!.columns[1]!.meta_data!.data_page_offset = 1_000_000n;
      }),
    ],
    ['1 columns', withFooter(bytes, (footer) => footer.row_groups[0]!.columns.pop())],
    ['no group', withFooter(bytes, ({ schema }) => (schema[0]!.num_children = 1))],
  ])('says so when the file is opened: %s', async (problem, file) => {
    await expect(openBytes(file)).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
      message: expect.stringContaining(problem),
    });
  });

  it.each([
    ['fewer values', 12n],
    ['more values', 8n],
  ])('says so when its pages are read: %s', async (problem, rows) => {
    const file = withFooter(bytes, (footer) => {
      footer.num_rows = footer.row_groups[0]!.num_rows = rows;
      for (const { meta_data: chunk } of footer.row_groups[0]!.columns) chunk!.num_values = rows;
    });

    await expect(readBytes(file)).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
      message: expect.stringMatching(`row group 0: column a: .*${problem}`),
    });
  });
});
