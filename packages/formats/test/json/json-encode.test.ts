import {
  tableFromArrays,
  type RecordBatch,
  Field,
  Float64,
  Schema,
  Utf8,
  vectorFromArray,
  RecordBatch as Batch,
  makeData,
  Struct,
  Map_,
  Int32,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { json, type JsonFormatOptions } from '../../src/json/json-format.ts';

function encoded(batch: RecordBatch, options: JsonFormatOptions = {}): string {
  const encoding = json(options).encode(batch.schema);
  const segment = encoding.segment();
  const pieces = [encoding.prologue(), ...segment.write(batch)];
  const { bytes, summary } = segment.end();
  return Buffer.concat([...pieces, ...bytes, encoding.epilogue([{ byteOffset: 0, summary }])]).toString();
}

function batchOf(fields: readonly Field[], columns: readonly (readonly unknown[])[]): RecordBatch {
  const children = fields.map(({ type }, i) => vectorFromArray([...columns[i]!], type).data[0]!);
  const schema = new Schema([...fields]);
  const type = new Struct(schema.fields);
  return new Batch(schema, makeData({ type, length: columns[0]!.length, nullCount: 0, children }));
}

describe('json, written', () => {
  it('has an object on each line, or an array of them', () => {
    const [batch] = tableFromArrays({ a: Int32Array.of(1, 2), 'q"': ['x"\u0001\\', '\u2028'] }).batches;

    expect(encoded(batch!)).toBe('{"a":1,"q\\"":"x\\"\\u0001\\\\"}\n{"a":2,"q\\"":"\u2028"}\n');
    expect(JSON.parse(encoded(batch!, { layout: 'array' }))).toEqual([
      { a: 1, 'q"': 'x"\u0001\\' },
      { a: 2, 'q"': '\u2028' },
    ]);
  });

  it('puts columns where their paths say', () => {
    const text = new Utf8();
    const fields = ['id', 'name', 'city', 'plain'].map((name) => new Field(name, text, true));
    const batch = batchOf(fields, [['7'], ['Ann'], ['Rome'], [null]]);
    const columns = { name: "$['owner']['name']", city: '$.owner.address.city' };

    expect(encoded(batch, { columns })).toBe(
      '{"id":"7","owner":{"name":"Ann","address":{"city":"Rome"}},"plain":null}\n',
    );
    expect(() => encoded(batch, { columns: { name: '$.id' } })).toThrow('is where another column is');
    expect(() => encoded(batch, { columns: { name: '$.id.x' } })).toThrow('leads through another column');
    expect(() => encoded(batch, { columns: { name: '$[0]' } })).toThrow('leads to no member of an object');
  });

  it('writes documents as they are, without space', () => {
    const field = new Field('d', new Utf8(), true, new Map([['ARROW:extension:name', 'arrow.json']]));

    expect(encoded(batchOf([field], [[' { "a" : [ 1 ,\n"b  c" ] } ', '1.50', null]]))).toBe(
      '{"d":{"a":[1,"b  c"]}}\n{"d":1.50}\n{"d":null}\n',
    );
    for (const bad of ['', '{', '1 2', 'x']) {
      expect(() => encoded(batchOf([field], [[bad]]))).toThrow('row 0, column d: a text that is no JSON');
    }
  });

  it('refuses numbers that JSON has no notation for, and maps whose keys are no text', () => {
    const floats = batchOf([new Field('f', new Float64(), true)], [[1.5, Number.NaN]]);
    const entries = new Struct<{ key: Int32; value: Int32 }>([
      new Field('key', new Int32()),
      new Field('value', new Int32(), true),
    ]);
    const map = new Field('m', new Map_(new Field('entries', entries)), true);

    expect(() => encoded(floats)).toThrow('row 1, column f: a number that JSON has no notation for');
    expect(() => json().encode(new Schema([map]))).toThrow('column m: a map whose keys are no text');
  });
});
