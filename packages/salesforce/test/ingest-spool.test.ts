import { Dictionary, Field, Int32, makeData, RecordBatch, Schema, Struct, Utf8, vectorFromArray } from 'apache-arrow';
import * as fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { batchSlices } from '../src/bulk-ingest/batch-slices.ts';
import { RowSpool } from '../src/bulk-ingest/row-spool.ts';

const seed = inject('seed');

describe('the spool of encoded rows', () => {
  it('gives any ranges of what was put into it, wherever they lie', async () => {
    const chunk = fc.uint8Array({ maxLength: 5000 });
    const cuts = fc.array(fc.tuple(fc.nat(20_000), fc.nat(3000)), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 6 }), cuts, async (chunks, places) => {
        await using spool = new RowSpool();
        for (const bytes of chunks) await spool.append(bytes);
        const whole = Buffer.concat(chunks);
        const ranges = places.map(([from, length]) => {
          const fromByte = Math.min(from, whole.length);
          return { fromByte, toByte: Math.min(whole.length, fromByte + length) };
        });

        const read = Buffer.concat(await Array.fromAsync(spool.read(ranges)));

        expect(spool.byteLength).toBe(whole.length);
        expect(read).toEqual(Buffer.concat(ranges.map(({ fromByte, toByte }) => whole.subarray(fromByte, toByte))));
      }),
      { seed, numRuns: 60 },
    );
  });

  it('gives large ranges in chunks', async () => {
    await using spool = new RowSpool();
    const bytes = Buffer.alloc(1_000_000, 'abcdefg\n');
    await spool.append(bytes);

    const chunks = await Array.fromAsync(spool.read([{ fromByte: 0, toByte: bytes.length }]));

    expect(chunks.length).toBeGreaterThan(2);
    expect(Buffer.concat(chunks)).toEqual(bytes);
  });

  it('says so when what it kept is not all there', async () => {
    await using spool = new RowSpool();
    await spool.append(Buffer.from('a\n'));

    await expect(Array.fromAsync(spool.read([{ fromByte: 0, toByte: 9 }]))).rejects.toMatchObject({
      code: 'STAGED_DATA_LOST',
    });
  });
});

describe('the slices of a batch', () => {
  function batchOf(texts: readonly string[], numbers: readonly number[], isDictionary: boolean): RecordBatch {
    const type = isDictionary ? new Dictionary(new Utf8(), new Int32()) : new Utf8();
    const columns = [vectorFromArray(texts, type), vectorFromArray(numbers, new Int32())];
    const schema = new Schema([new Field('t', type, true), new Field('n', new Int32(), true)]);
    const children = columns.map((column) => column.data[0]!);
    return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: texts.length, children }));
  }

  it('are all of its rows, in order, and as small as asked unless it is a single row', () => {
    const length = fc.oneof({ weight: 9, arbitrary: fc.nat(60) }, { weight: 1, arbitrary: fc.nat(20_000) });
    fc.assert(
      fc.property(
        fc.array(length, { maxLength: 300 }),
        fc.boolean(),
        fc.integer({ min: 200, max: 50_000 }),
        (lengths, isDictionary, most) => {
          const batch = batchOf(
            lengths.map((n) => 'x'.repeat(n)),
            lengths.map((_, n) => n),
            isDictionary,
          );

          const slices = [...batchSlices(batch, most)];

          const numbers = slices.flatMap((slice) => [...(slice.batch.getChild('n') ?? [])].map(Number));
          expect(numbers).toEqual(lengths.map((_, n) => n));
          expect(slices.every(({ batch: { numRows }, maxBytes }) => numRows === 1 || maxBytes <= most)).toBe(true);
        },
      ),
      { seed, numRuns: 100 },
    );
  });
});
