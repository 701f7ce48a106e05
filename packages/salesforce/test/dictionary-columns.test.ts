import { sameSchema } from '@sluice/core';
import { Dictionary, Field, Int32, makeData, RecordBatch, Schema, Struct, Utf8, vectorFromArray } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { textSchema, withDictionaries } from '../src/bulk-query/dictionary-columns.ts';

const schema = new Schema([
  new Field('N', new Int32(), true),
  new Field('Kind', new Dictionary(new Utf8(), new Int32(), 7), true, new Map([['salesforce:type', 'picklist']])),
]);

function batchOf(texts: readonly (string | null)[]): RecordBatch {
  const plain = textSchema(schema);
  const n = vectorFromArray(
    texts.map((_, at) => at),
    new Int32(),
  );
  const kind = vectorFromArray(texts, new Utf8());
  return new RecordBatch(
    plain,
    makeData({
      type: new Struct(plain.fields),
      length: texts.length,
      nullCount: 0,
      children: [n.data[0]!, kind.data[0]!],
    }),
  );
}

const kindsOf = (batch: RecordBatch): readonly unknown[] => Array.from(batch.getChild('Kind') ?? []);

describe('columns of dictionaries', () => {
  it('hold the same texts as before, each of them once', () => {
    const text = fc.option(fc.constantFrom('red', 'red ', 'r', 'grün', '🚀', 'x'.repeat(300)), { nil: null });

    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 60 }), (texts) => {
        const batch = withDictionaries(batchOf(texts), schema);
        const values = Array.from(batch.getChild('Kind')?.data[0]?.dictionary ?? []);
        expect(kindsOf(batch)).toEqual(texts);
        expect(values).toEqual([...new Set(texts.filter((value) => value !== null))]);
      }),
      { seed: inject('seed') },
    );
  });

  it('keep apart texts whose hashes are the same', () => {
    const texts = Array.from({ length: 200_000 }, (_, n) => `value ${(n * 7_919) % 1_000_003}`);

    const batch = withDictionaries(batchOf(texts), schema);

    expect(batch.getChild('Kind')?.data[0]?.dictionary?.length).toBe(200_000);
  });

  it('have the planned schema, and leave one without dictionaries alone', () => {
    const batch = withDictionaries(batchOf(['a', null]), schema);
    const plain = batchOf(['a']);

    expect(sameSchema(schema, batch.schema)).toBeUndefined();
    expect(textSchema(schema).fields[1]?.metadata.get('salesforce:type')).toBe('picklist');
    expect(withDictionaries(plain, plain.schema)).toBe(plain);
    expect(textSchema(plain.schema)).toBe(plain.schema);
  });
});
