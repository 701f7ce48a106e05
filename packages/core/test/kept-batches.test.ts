import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Field, type RecordBatch, Schema } from 'apache-arrow';
import * as fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { createPartDigest } from '../src/digest/part-digest.ts';
import { decodeBatch, encodeBatch } from '../src/kept/batch-codec.ts';
import { readRowFile, RowFileWriter } from '../src/kept/row-file.ts';
import { sameSchema } from '../src/schema/same-schema.ts';
import { batchOf, noiseOf } from './arrow-layout.ts';
import { cellOf, columnType } from './arrow-model.ts';
import { batchOfRows, rowsOfBatch, rowsOfSplit, testSchema } from './engine/row-batches.ts';
import { tempFolder } from './temp-folder.ts';

const someBatch = fc.array(columnType, { minLength: 1, maxLength: 3 }).chain((types) =>
  fc.record({
    schema: fc.constant(new Schema(types.map((type, i) => new Field(`c${i}`, type, true)))),
    rows: fc.array(fc.tuple(...types.map(cellOf)), { maxLength: 30 }),
    noise: fc.integer(),
  }),
);

function digestOf(schema: Schema, batch: RecordBatch): string {
  const digest = createPartDigest(schema);
  digest.update(batch, 0, batch.numRows);
  return digest.value();
}

describe('a batch', () => {
  it('of any type, however laid out and sliced, is the same when it has been bytes', () => {
    fc.assert(
      fc.property(someBatch, ({ schema, rows, noise }) => {
        const batch = batchOf(schema, rows, noiseOf(noise));

        const again = decodeBatch(schema, Buffer.concat(encodeBatch(batch)));

        expect(again.numRows).toBe(batch.numRows);
        expect(sameSchema(schema, again.schema)).toBeUndefined();
        expect(digestOf(schema, again)).toBe(digestOf(schema, batch));
      }),
      { seed: inject('seed'), numRuns: 400 },
    );
  });
});

type Head = { readonly n: number };

async function written(path: string, batches: number): Promise<void> {
  await using file = await RowFileWriter.create<Head>(path);
  for (let n = 0; n < batches; n++) await file.append({ head: { n }, batch: batchOfRows(rowsOfSplit(n, 5)) });
}

async function framesIn(path: string): Promise<readonly (readonly [number, number])[]> {
  const frames: (readonly [number, number])[] = [];
  for await (const { head, batch } of readRowFile<Head>(path, testSchema)) {
    expect(rowsOfBatch(batch)).toEqual(rowsOfSplit(head.n, 5));
    frames.push([head.n, batch.numRows]);
  }
  return frames;
}

describe('a file of rows', () => {
  it('gives back what was appended, to its owner alone', async () => {
    await using folder = await tempFolder();
    const path = join(folder.path, 'part.rows');

    await written(path, 3);

    expect(await framesIn(path)).toEqual([
      [0, 5],
      [1, 5],
      [2, 5],
    ]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('begins anew when it is written again', async () => {
    await using folder = await tempFolder();
    const path = join(folder.path, 'part.rows');
    await written(path, 3);

    await written(path, 1);

    expect(await framesIn(path)).toEqual([[0, 5]]);
  });

  it('that is not there is empty', async () => {
    await using folder = await tempFolder();

    expect(await framesIn(join(folder.path, 'none'))).toEqual([]);
  });

  it('ends ahead of a frame that is cut or has another byte, wherever that is', async () => {
    await using folder = await tempFolder();
    const path = join(folder.path, 'part.rows');
    await written(path, 1);
    const first = (await readFile(path)).length;
    await written(path, 2);
    const whole = await readFile(path);

    for (let at = first; at < whole.length; at++) {
      await writeFile(path, whole.subarray(0, at));
      expect(await framesIn(path), `cut at ${at}`).toEqual([[0, 5]]);
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 0x55;
      await writeFile(path, damaged);
      expect(await framesIn(path), `damaged at ${at}`).toEqual([[0, 5]]);
    }
  });
});
