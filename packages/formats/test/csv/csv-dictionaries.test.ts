import { batchBytes } from '@sluice/core';
import { Dictionary, Field, Int32, RecordBatchStreamWriter, Schema, tableFromIPC, Utf8 } from 'apache-arrow';
import * as fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { bytesOf, cutAt, decode, decodeText, schemaOf, textSchema } from './decoded-rows.ts';

const dictionary = () => new Dictionary(new Utf8(), new Int32());

describe('a column of text in a dictionary', () => {
  it('has each text of a batch once, in the order they came in', () => {
    const schema = schemaOf(dictionary());

    const { batches, rows } = decodeText('b\na\nb\n\n"ß ""x"""\na\n', { schema, batch: { rows: 5, bytes: 1000 } });

    expect(rows).toEqual([['b'], ['a'], ['b'], [null], ['ß "x"'], ['a']]);
    const texts = batches.map(({ batch }) => batch.data.children[0]!.dictionary!.toJSON());
    expect(texts).toEqual([['b', 'a', 'ß "x"'], ['a']]);
  });

  it('holds the rows that plain text does, in the same batches, whatever is rejected', () => {
    const cell = fc.constantFrom('', 'New', 'Closed Won', 'größer', 'x'.repeat(70), '"a,""b"""');
    const row = fc.tuple(cell, cell, fc.constantFrom('1', '2', 'no number'));
    const file = fc.array(row, { maxLength: 120 });

    fc.assert(
      fc.property(file, fc.array(fc.nat(400)), fc.integer({ min: 1, max: 300 }), (written, cuts, bytes) => {
        const text = bytesOf(written.map((cells) => `${cells.join(',')}\n`).join(''));
        const chunks = cutAt(
          text,
          cuts.filter((cut) => cut < text.length),
        );
        const batch = { rows: 50, bytes };
        const plain = decode(chunks, { schema: schemaOf(new Utf8(), new Utf8(), new Int32()), batch });
        const coded = decode(chunks, { schema: schemaOf(dictionary(), new Utf8(), new Int32()), batch });

        expect(coded.rows).toEqual(plain.rows);
        expect(coded.batches.map(({ rejects }) => rejects)).toEqual(plain.batches.map(({ rejects }) => rejects));
        const sizes = (from: typeof plain) => from.batches.map((decoded) => batchBytes(decoded.batch));
        expect(sizes(coded)).toEqual(sizes(plain));
      }),
      { seed: inject('seed'), numRuns: 150 },
    );
  });

  it('passes through streams of Arrow', () => {
    const { batches } = decodeText('a\nb\na\n', { schema: schemaOf(dictionary()), batch: { rows: 2, bytes: 1000 } });

    const table = tableFromIPC(RecordBatchStreamWriter.writeAll(batches.map(({ batch }) => batch)).toUint8Array(true));

    expect(Array.from(table.getChildAt(0)!)).toEqual(['a', 'b', 'a']);
  });

  it('that is not nullable rejects rows without a text', () => {
    const schema = new Schema([new Field('Status', dictionary(), false), ...textSchema(1).fields]);

    const { rows, batches } = decodeText('a,1\n,2\n', { schema });

    expect(rows).toEqual([['a', '1']]);
    expect(batches[0]!.rejects).toMatchObject([{ row: 1, columns: ['Status'] }]);
  });
});
