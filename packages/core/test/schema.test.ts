import {
  Bool,
  type DataType,
  Decimal,
  DenseUnion,
  Dictionary,
  Field,
  FixedSizeBinary,
  FixedSizeList,
  Int16,
  Int32,
  List,
  Map_,
  RecordBatch,
  RecordBatchReader,
  RecordBatchStreamWriter,
  Schema,
  SparseUnion,
  Struct,
  TimestampMillisecond,
  Utf8,
  Utf8View,
} from 'apache-arrow';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { batchBytes } from '../src/arrow/batch-bytes.ts';
import { sameSchema } from '../src/schema/same-schema.ts';
import { decodeSchema, encodeSchema } from '../src/schema/schema-codec.ts';
import { batchOf, noiseOf } from './arrow-layout.ts';
import { cellOf, columnType } from './arrow-model.ts';

const fixed = { seed: 20_261_124 };

const metadata = fc
  .dictionary(fc.string(), fc.string(), { maxKeys: 2 })
  .map((entries) => new Map(Object.entries(entries)));
const someField = fc
  .tuple(fc.string(), columnType, fc.boolean(), metadata)
  .map(([name, type, nullable, facts]) => new Field(name, type, nullable, facts));
const someSchema = fc
  .tuple(fc.array(someField, { maxLength: 4 }), metadata)
  .map(([fields, facts]) => new Schema(fields, facts));

describe('an encoded schema', () => {
  it('gives the schema back, whatever its types, names and metadata', () => {
    fc.assert(
      fc.property(someSchema, (schema) => {
        const text = encodeSchema(schema);
        const decoded = decodeSchema(text);
        expect(sameSchema(schema, decoded)).toBeUndefined();
        expect(encodeSchema(decoded)).toBe(text);
      }),
      { ...fixed, numRuns: 300 },
    );
  });

  it('is the start of an Arrow IPC stream', () => {
    const schema = new Schema([new Field('a', new Int32(), true, new Map([['label', 'Höhe']]))]);
    const writer = new RecordBatchStreamWriter();
    writer.write(new RecordBatch(schema, batchOf(schema, [], () => 0).data));
    writer.finish();
    const message = Buffer.from(encodeSchema(schema), 'base64');

    const reader = RecordBatchReader.from(message).open();

    expect(sameSchema(schema, reader.schema)).toBeUndefined();
    expect(Buffer.from(writer.toUint8Array(true)).subarray(0, message.length)).toEqual(message);
  });

  it.each([
    ['no text', ''],
    ['no base64', '%%%'],
    ['another message', Buffer.from('ffffffff08000000000000000000000000', 'hex').toString('base64')],
    ['cut short', encodeSchema(new Schema([new Field('a', new Utf8(), true)])).slice(0, 40)],
  ])('is refused when it is %s', (_, text) => {
    expect(() => decodeSchema(text)).toThrow(expect.objectContaining({ code: 'JOURNAL_UNREADABLE' }));
  });
});

describe('comparing schemas', () => {
  const one = (type: DataType, name = 'a', nullable = true, facts?: Map<string, string>): Schema =>
    new Schema([new Field(name, type, nullable, facts)]);
  const inner = (name: string, type: DataType, nullable = true): Struct =>
    new Struct([new Field(name, type, nullable)]);
  const item = new Field('item', new Int32(), true);
  const entries = (): Field =>
    new Field('entries', new Struct([new Field('k', new Utf8()), new Field('v', new Utf8())]));
  const members = [new Field('x', new Int32(), true), new Field('y', new Utf8(), true)];

  it.each<[string, Schema, Schema]>([
    ['there are 0 columns instead of 1', one(new Int32()), new Schema([])],
    ['column 1 is named "b" instead of "a"', one(new Int32()), one(new Int32(), 'b')],
    ['column "a" is Int16 instead of Int32', one(new Int32()), one(new Int16())],
    [
      'column "a" is Decimal256(18, 2) instead of Decimal128(18, 2)',
      one(new Decimal(2, 18, 128)),
      one(new Decimal(2, 18, 256)),
    ],
    [
      'column "a" is Decimal128(18, 2) instead of Decimal128(18, 3)',
      one(new Decimal(3, 18, 128)),
      one(new Decimal(2, 18, 128)),
    ],
    [
      'column "a" is Timestamp<MILLISECOND> instead of Timestamp<MILLISECOND, UTC>',
      one(new TimestampMillisecond('UTC')),
      one(new TimestampMillisecond()),
    ],
    [
      'column "a" is FixedSizeBinary[4] instead of FixedSizeBinary[3]',
      one(new FixedSizeBinary(3)),
      one(new FixedSizeBinary(4)),
    ],
    [
      'column "a" is FixedSizeList[4] instead of FixedSizeList[3]',
      one(new FixedSizeList(3, item)),
      one(new FixedSizeList(4, item)),
    ],
    [
      'column "a" is Utf8 instead of a dictionary by Int32',
      one(new Dictionary(new Utf8(), new Int32())),
      one(new Utf8()),
    ],
    [
      'column "a" is a dictionary by Int16 instead of a dictionary by Int32',
      one(new Dictionary(new Utf8(), new Int32())),
      one(new Dictionary(new Utf8(), new Int16())),
    ],
    [
      'column "a" is an ordered dictionary by Int32 instead of a dictionary by Int32',
      one(new Dictionary(new Utf8(), new Int32())),
      one(new Dictionary(new Utf8(), new Int32(), 1, true)),
    ],
    [
      'the dictionary of column "a" is Bool instead of Utf8',
      one(new Dictionary(new Utf8(), new Int32())),
      one(new Dictionary(new Bool(), new Int32())),
    ],
    ['column "a" is Map with sorted keys instead of Map', one(new Map_(entries())), one(new Map_(entries(), true))],
    [
      'column "a" is SparseUnion(1, 2) instead of DenseUnion(1, 2)',
      one(new DenseUnion([1, 2], members)),
      one(new SparseUnion([1, 2], members)),
    ],
    [
      'column "a" is DenseUnion(1, 3) instead of DenseUnion(1, 2)',
      one(new DenseUnion([1, 2], members)),
      one(new DenseUnion([1, 3], members)),
    ],
    ['column "a" has 2 members instead of 1', one(inner('x', new Int32())), one(new Struct(members))],
    ['member 1 of column "a" is named "y" instead of "x"', one(inner('x', new Int32())), one(inner('y', new Int32()))],
    ['column "a.x" is Utf8 instead of Int32', one(inner('x', new Int32())), one(inner('x', new Utf8()))],
    [
      'column "a.item.x" is not nullable instead of nullable',
      one(new List(new Field('item', inner('x', new Int32())))),
      one(new List(new Field('item', inner('x', new Int32(), false)))),
    ],
    ['column "a" is nullable instead of not nullable', one(new Int32(), 'a', false), one(new Int32())],
    [
      'column "a" has other metadata under "k"',
      one(new Int32(), 'a', true, new Map([['k', 'v']])),
      one(new Int32(), 'a', true, new Map([['k', 'w']])),
    ],
    ['column "a" has other metadata under "k"', one(new Int32(), 'a', true, new Map([['k', 'v']])), one(new Int32())],
    [
      'the schema has metadata under "k" that was not there',
      one(new Int32()),
      new Schema(one(new Int32()).fields, new Map([['k', 'v']])),
    ],
  ])('says: %s', (sentence, expected, actual) => {
    expect(sameSchema(expected, actual)).toBe(sentence);
  });

  it('finds no difference in dictionary ids, shared types or the order of metadata', () => {
    const facts = [
      ['k', '1'],
      ['l', '2'],
    ] as const;
    const expected = one(new Dictionary(new Utf8(), new Int32(), 1), 'a', true, new Map(facts));
    const actual = one(new Dictionary(new Utf8(), new Int32(), 2), 'a', true, new Map(facts.toReversed()));

    expect(sameSchema(expected, actual)).toBeUndefined();
    expect(sameSchema(expected, expected)).toBeUndefined();
  });
});

describe('the bytes of a batch', () => {
  it('are those of its rows, however laid out and sliced', () => {
    const someRows = fc.array(columnType, { minLength: 1, maxLength: 3 }).chain((types) =>
      fc.record({
        schema: fc.constant(new Schema(types.map((type, i) => new Field(`c${i}`, type, true)))),
        rows: fc.array(fc.tuple(...types.map(cellOf)), { minLength: 1, maxLength: 20 }),
      }),
    );
    fc.assert(
      fc.property(someRows, fc.integer(), fc.integer(), fc.nat(), ({ schema, rows }, one, other, at) => {
        const cut = at % rows.length;
        const whole = batchOf(schema, rows, noiseOf(one));
        const again = batchOf(schema, rows, noiseOf(other));
        const slices = batchBytes(again.slice(0, cut)) + batchBytes(again.slice(cut, rows.length));
        expect(batchBytes(whole)).toBe(slices);
        expect(batchBytes(whole, 0, cut) + batchBytes(whole, cut)).toBe(slices);
      }),
      { ...fixed, numRuns: 300 },
    );
  });

  it('count values and offsets, booleans as bytes and dictionaries as what they stand for', () => {
    const types = [new Int32(), new Bool(), new Utf8(), new Dictionary(new Utf8(), new Int32())];
    const schema = new Schema(types.map((type, i) => new Field(`c${i}`, type, true)));
    const rows = [
      [Uint8Array.of(1, 2, 3, 4), true, Buffer.from('abc'), Buffer.from('de')],
      [null, null, null, null],
    ];

    const bytes = batchBytes(batchOf(schema, rows, noiseOf(5)));

    expect(bytes).toBe(2 * (4 + 1 + 4 + 4) + 3 + 2);
  });

  it('count the bytes behind a view that does not hold them itself', () => {
    const schema = new Schema([new Field('a', new Utf8View(), true)]);
    const rows = ['', 'twelve bytes', 'thirteen byte'].map((text) => [Buffer.from(text)]);

    const bytes = [0, 1, 2].map((row) => batchBytes(batchOf(schema, rows, noiseOf(5)), row, row + 1));

    expect(bytes).toEqual([16, 16, 16 + 13]);
  });
});
