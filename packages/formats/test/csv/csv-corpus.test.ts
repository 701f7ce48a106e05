import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { RecordBatch } from 'apache-arrow';
import * as fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { csv, type CsvFormatOptions } from '../../src/csv/csv.ts';
import { rowsOf } from './decoded-rows.ts';
import { codeOfMutant, corpus, CORPUS_FOLDER, mutatedFile } from './mutated-files.ts';

/** A file that quotes nothing, and has quotes in its text. */
const OPTIONS: Readonly<Record<string, CsvFormatOptions>> = { location_coordinates: { quote: '' } };

const names = readdirSync(join(CORPUS_FOLDER, 'csvs')).map((file) => file.replace('.csv', ''));

async function* chunksOf(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.slice(at, at + chunkBytes);
}

/** Rows as the corpus has them: texts by column, of which an empty one may be null. */
async function objectsIn(bytes: Uint8Array, options: CsvFormatOptions, chunkBytes: number): Promise<unknown[]> {
  const decoding = { batch: { rows: 100, bytes: 100_000 }, signal: new AbortController().signal };
  const batches: RecordBatch[] = [];
  for await (const { batch } of csv(options).decode!(chunksOf(bytes, chunkBytes), decoding)) batches.push(batch);
  return batches.flatMap((batch) =>
    rowsOf(batch).map((cells) =>
      Object.fromEntries(batch.schema.fields.map(({ name }, column) => [name, cells[column] ?? ''])),
    ),
  );
}

describe('the files of csv-spectrum', () => {
  it('are all there', () => {
    expect(names).toHaveLength(12);
  });

  it('end alike in both engines, in rows or in one error, whatever bytes are changed', () => {
    const codes = new Set<string | undefined>();
    fc.assert(
      fc.property(mutatedFile(corpus()), (file) => {
        codes.add(codeOfMutant(file));
      }),
      { seed: inject('seed'), numRuns: 1500 },
    );
    expect(codes).toEqual(new Set([undefined, 'ROW_MALFORMED']));
  });

  it.each(names)('%s holds what it says, wherever chunks are cut, straight and in other dialects', async (name) => {
    const bytes = readFileSync(join(CORPUS_FOLDER, 'csvs', `${name}.csv`));
    // An object stands for a list of one.
    const json = readFileSync(join(CORPUS_FOLDER, 'json', `${name}.json`), 'utf8');
    // In one file the corpus has another number than the one it says.
    const expected = [JSON.parse(json.replace('1234567890', '2095257564'))].flat();
    const options = OPTIONS[name] ?? {};

    for (const chunkBytes of [1, 7, bytes.length]) {
      expect(await objectsIn(bytes, options, chunkBytes)).toEqual(expected);
      expect(await objectsIn(bytes, { ...options, comment: '#' }, chunkBytes)).toEqual(expected);
    }
  });

  it('with a quote inside unquoted text are refused unless they are said to quote nothing', async () => {
    const bytes = readFileSync(join(CORPUS_FOLDER, 'csvs', 'location_coordinates.csv'));

    await expect(objectsIn(bytes, {}, 100)).rejects.toMatchObject({
      code: 'ROW_MALFORMED',
      message: expect.stringContaining('a quote inside unquoted text'),
    });
  });
});
