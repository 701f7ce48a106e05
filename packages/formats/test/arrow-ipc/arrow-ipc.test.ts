import { sameSchema } from '@sluice/core';
import { tableFromIPC as flechetteTable } from '@uwdata/flechette';
import {
  Bool,
  type DataType,
  Decimal,
  DenseUnion,
  Dictionary,
  Field,
  Int32,
  List,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { arrowIpc } from '../../src/arrow-ipc/arrow-ipc-format.ts';
import { plainSchema } from '../../src/arrow-ipc/plain-type.ts';
import {
  batchesOf as flatBatches,
  bits,
  cells,
  codes,
  decimals,
  dictionaryOfText,
  longs,
  numbers,
  schemaOf,
  type TestColumn,
} from '../parquet/arrow-columns.ts';
import { batchesOf, batchOf, row, schema } from './arrow-table.ts';
import { decodeAll, encodeStream, shownRows } from './ipc-streams.ts';

const rows = fc.array(row, { maxLength: 30 });
const cuts = fc.array(fc.nat(), { maxLength: 5 });
const bounds = fc.record({
  messageRows: fc.integer({ min: 1, max: 12 }),
  messageBytes: fc.integer({ min: 1, max: 3000 }),
});

describe('an Arrow stream', () => {
  it('gives back every row of every type, in the plain schema', async () => {
    await fc.assert(
      fc.asyncProperty(rows, cuts, fc.boolean(), bounds, async (rows, cuts, asSlices, options) => {
        const bytes = encodeStream(schema, [batchesOf(rows, cuts, asSlices)], options);

        const decoded = await decodeAll(bytes, { schema: plainSchema(schema) });

        expect(shownRows(decoded)).toEqual(shownRows([batchOf(rows)]));
        for (const batch of decoded) expect(batch.numRows).toBeLessThanOrEqual(options.messageRows);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('has the same bytes however its rows were batched', () => {
    fc.assert(
      fc.property(rows, cuts, cuts, fc.boolean(), bounds, (rows, cuts, otherCuts, asSlices, options) => {
        const bytes = encodeStream(schema, [batchesOf(rows, cuts, asSlices)], options);

        expect(encodeStream(schema, [batchesOf(rows, otherCuts, !asSlices)], options).equals(bytes)).toBe(true);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('is read alike by another reader', () => {
    const columns: readonly TestColumn[] = [
      { name: 'text', type: new Utf8(), values: ['a', null, 'é漢', '', 'NUL \0'], build: cells },
      { name: 'code', type: dictionaryOfText(), values: ['x', 'y', null, 'x', 'z'], build: codes },
      { name: 'flag', type: new Bool(), values: [true, null, false, true, true], build: bits },
      { name: 'count', type: new Int32(), values: [1, -2, null, 2147483647, -2147483648], build: numbers(Int32Array) },
      {
        name: 'amount',
        type: new Decimal(2, 38, 128),
        values: [1n, -1n, null, 10n ** 38n - 1n, 1n - 10n ** 38n],
        build: decimals,
      },
      {
        name: 'at',
        type: new TimestampMillisecond('UTC'),
        values: [-1n, 0n, null, 253402300799999n, -62135596800000n],
        build: longs,
      },
    ];
    const bytes = encodeStream(schemaOf(columns), [flatBatches(columns, [2, 3], true)], { messageRows: 2 });

    const table = flechetteTable(bytes, { useDecimalInt: true, useBigInt: true });

    const read = columns.map(({ name }) => Array.from(table.getChild(name)));
    expect(read).toEqual(
      columns.map(({ name, values }) =>
        name === 'at' ? values.map((at) => (at === null ? null : Number(at))) : values,
      ),
    );
  });

  it('consists of segments that know nothing of each other', async () => {
    const columns: readonly TestColumn[] = [
      { name: 'a', type: dictionaryOfText(), values: ['x', 'y', 'z', 'x'], build: codes },
    ];
    const planned = schemaOf(columns);
    const batches = flatBatches(columns, [2]);
    const encoding = arrowIpc().encode(planned);
    const segments = batches.map((batch) => {
      const segment = encoding.segment();
      return Buffer.concat([...segment.write(batch), ...segment.end().bytes]);
    });

    const whole = Buffer.concat([encoding.prologue(), ...segments, encoding.epilogue([])]);

    expect(
      encodeStream(
        planned,
        batches.map((batch) => [batch]),
      ),
    ).toEqual(whole);
    expect(shownRows(await decodeAll(whole))).toEqual(shownRows(flatBatches(columns)));
  });

  it('may be empty, and then still tells its schema', async () => {
    const bytes = encodeStream(schema, []);

    expect(await decodeAll(bytes, { schema: plainSchema(schema) })).toEqual([]);
    expect(flechetteTable(bytes).names).toEqual(schema.fields.map(({ name }) => name));
  });

  it('keeps names, nullability and metadata, and names without a letter', async () => {
    const members = [new Field('', new Int32(), false, new Map([['x', '1']]))];
    const planned = new Schema([new Field('', new Struct(members), true)], new Map([['k', 'v']]));
    const bytes = encodeStream(planned, []);

    expect(await decodeAll(bytes, { schema: planned })).toEqual([]);
    await expect(decodeAll(bytes, { schema: new Schema([new Field('a', new Int32())]) })).rejects.toMatchObject({
      code: 'SCHEMA_CHANGED',
    });
  });

  it('cuts messages by rows and ahead of too many bytes, a larger row alone', async () => {
    const values = ['aaaa', 'bbbb', 'c'.repeat(100), 'dddd', 'eeee', 'ffff'];
    const columns: readonly TestColumn[] = [{ name: 'a', type: new Utf8(), values, build: cells }];
    const sizes = async (options: { messageRows?: number; messageBytes?: number }) => {
      const batches = await decodeAll(encodeStream(schemaOf(columns), [flatBatches(columns)], options));
      return batches.map(({ numRows }) => numRows);
    };

    expect(await sizes({ messageRows: 4 })).toEqual([4, 2]);
    expect(await sizes({ messageBytes: 16 })).toEqual([2, 1, 2, 1]);
    expect(await sizes({})).toEqual([6]);
  });

  it('has zeros under nulls, whatever was there', async () => {
    const junk = (values: readonly unknown[]) => ({ data: Int32Array.from(values, () => 7) });
    const columns: readonly TestColumn[] = [{ name: 'a', type: new Int32(), values: [7, null, 7], build: junk }];

    const batches = await decodeAll(encodeStream(schemaOf(columns), [flatBatches(columns)], { messageRows: 1 }));

    expect(batches.map(({ data }) => Array.from(data.children[0]!.values as Int32Array))).toEqual([[7], [0], [7]]);
  });

  it('takes rows without any size where they belong, however they were batched', () => {
    const type = new Struct([new Field('a', new Int32())]);
    const planned = new Schema([new Field('s', type)]);
    const batch = new RecordBatch(
      planned,
      makeData({
        type: new Struct(planned.fields),
        length: 2,
        children: vectorFromArray([{ a: 1 }, null], type).data.slice(),
      }),
    );

    const whole = encodeStream(planned, [[batch]], { messageBytes: 4 });

    expect(encodeStream(planned, [[batch.slice(0, 1), batch.slice(1, 2)]], { messageBytes: 4 })).toEqual(whole);
  });

  it('hands out buffers of its own', () => {
    const columns: readonly TestColumn[] = [{ name: 'a', type: new Utf8(), values: ['a', 'b', 'c'], build: cells }];
    const segment = arrowIpc({ messageRows: 1 }).encode(schemaOf(columns)).segment();

    const messages = flatBatches(columns, [1, 2]).flatMap((batch) => [...segment.write(batch)]);

    const copies = messages.map((message) => message.slice());
    segment.write(flatBatches(columns)[0]!);
    expect(messages).toEqual(copies);
    expect(new Set(messages.map(({ buffer }) => buffer)).size).toBe(3);
  });
});

describe('what cannot be written', () => {
  const union = new DenseUnion([0], [new Field('i', new Int32())]);

  it.each<[string, DataType, string]>([
    ['a union', union, 'column c has the Arrow type Union'],
    ['a union inside', new List(new Field('item', union)), 'column c.item has the Arrow type Union'],
    ['a union in a dictionary', new Dictionary(union, new Int32()), 'column c has the Arrow type Union'],
  ])('is %s, refused by name', (_, type, message) => {
    expect(() => arrowIpc().encode(new Schema([new Field('c', type)]))).toThrow(
      expect.objectContaining({ code: 'TYPE_UNSUPPORTED', message: expect.stringContaining(message) }),
    );
  });

  it('is a batch of another schema, which would otherwise end the stream in silence', () => {
    const columns: readonly TestColumn[] = [{ name: 'a', type: new Utf8(), values: ['a'], build: cells }];
    const [batch] = flatBatches(columns);
    const segment = arrowIpc()
      .encode(new Schema([new Field('a', new Utf8(), false)]))
      .segment();

    expect(() => segment.write(batch!)).toThrow(
      expect.objectContaining({ code: 'CONTRACT_BROKEN', message: expect.stringContaining('nullable') }),
    );
  });

  it.each([{ messageRows: 0 }, { messageBytes: 2 ** 30 }, { messageRows: 1.5 }])('is cut by %j', (options) => {
    expect(() => arrowIpc(options)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

describe('the plain schema', () => {
  it('is the schema without encodings', () => {
    const text = new Field('t', new Dictionary(new Utf8(), new Int32()), false, new Map([['a', 'b']]));
    const nested = new Schema([new Field('l', new List(new Field('item', new Struct([text]))))]);
    const plain = new Schema([
      new Field(
        'l',
        new List(new Field('item', new Struct([new Field('t', new Utf8(), false, new Map([['a', 'b']]))]))),
      ),
    ]);

    expect(sameSchema(plain, plainSchema(nested))).toBeUndefined();
    expect(sameSchema(plain, nested)).toBeDefined();
  });
});
