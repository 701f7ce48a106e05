import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { collect, copy, type Format, fromBatches, type Source } from '@sluice/core';
import { compressed } from '@sluice/formats/compressed';
import { csv } from '@sluice/formats/csv';
import { json } from '@sluice/formats/json';
import { parquet } from '@sluice/formats/parquet';
import { files as toFiles } from '@sluice/sinks/files';
import { type RecordBatch, tableFromArrays } from 'apache-arrow';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { files, type FilesOptions } from '../src/index.ts';
import { collectedRows, tempFolder, type TempFolder } from './temp-folder.ts';

const seed = inject('seed');
let folder: TempFolder;

beforeAll(async () => {
  folder = await tempFolder();
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

const open = (options: Omit<FilesOptions, 'store'>): Source => files({ store: folder.store, ...options });

/** How many rows each split of a run had. */
async function splitRows(source: Source): Promise<readonly number[]> {
  const { splits } = await copy({ from: source, to: collect() });
  return splits.map(({ readRows }) => readRows);
}

async function writeTable(path: string, columns: Parameters<typeof tableFromArrays>[0], format: Format): Promise<void> {
  const { batches, schema } = tableFromArrays(columns);
  await copy({
    // The table has been made with this very type.
    from: fromBatches(schema, batches as RecordBatch[]),
    to: toFiles({ store: folder.store, path, format }),
    mode: 'overwrite',
  });
}

describe('files in parts', () => {
  it('cuts text where rows end, and loses and repeats none, whatever the size of the parts', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', 'ß', ' '), maxLength: 12 });
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 });
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 120 }), fc.boolean(), async (cells, splitBytes, endsLast) => {
        const lines = [['b', 'a'], ...cells].map((row) => row.map(quoted).join(','));
        await folder.write('cut/1.csv', 'a,b\n');
        await folder.write('cut/2.csv', `${lines.join('\n')}${endsLast ? '\n' : ''}`);

        const read = await folder.rows({ path: 'cut/', splitBytes, format: csv({ lineEndsOnlyEndRows: true }) });

        expect(read).toEqual(cells.map(([b, a]) => ({ a, b })));
      }),
      { seed, numRuns: 60 },
    );
  });

  it('gives each part its rows, a long row to the part it begins in', async () => {
    const lines = ['{"n":1}', `{"n":2,"x":"${'y'.repeat(100)}"}`, '{"n":3}', '{"n":4}'];
    await folder.write('long.jsonl', lines.join('\n'));

    const source = open({ path: 'long.jsonl', splitBytes: 40, format: json({ rowPerLine: true }) });

    // The second part lies within the long row, the third ends with it.
    expect(await splitRows(source)).toEqual([2, 0, 0, 2]);
  });

  it('does not cut what might hold line ends, or is compressed', async () => {
    await folder.write('quoted.csv', `a\n${'"x\ny"\n'.repeat(50)}`);

    expect(await splitRows(open({ path: 'quoted.csv', splitBytes: 10, format: csv() }))).toEqual([50]);
    await folder.write('packed.csv.gz', gzipSync(`a\n${'1\n'.repeat(50)}`));
    const format = compressed(csv({ lineEndsOnlyEndRows: true }));
    expect(await splitRows(open({ path: 'packed.csv.gz', splitBytes: 10, format }))).toEqual([50]);
  });

  it('cuts text without quotes, in which nothing but the end of a row is a line end', async () => {
    await folder.write('bare.csv', `a|b\n${'1|"\n'.repeat(40)}`);
    const format = csv({ delimiter: '|', quote: '' });

    expect(await splitRows(open({ path: 'bare.csv', splitBytes: 80, format }))).toEqual([20, 20]);
    expect((await folder.rows({ path: 'bare.csv', splitBytes: 80, format }))[39]).toEqual({ a: '1', b: '"' });
  });

  it('names the byte and the file where a part has a row that is none', async () => {
    const lines = Array.from({ length: 20 }, (_, i) => `${i},x`);
    lines[15] = '15';
    await folder.write('bad-part.csv', `a,b\n${lines.join('\n')}\n`);
    const format = csv({ lineEndsOnlyEndRows: true });

    expect(await folder.failure({ path: 'bad-part.csv', splitBytes: 30, format })).toMatchObject({
      code: 'ROW_MALFORMED',
      message: expect.stringMatching(/^bad-part\.csv: row \d, byte 71: 1 of 2 cells$/) as string,
    });
  });
});

describe('files of Parquet', () => {
  const ids = Int32Array.from({ length: 100 }, (_, i) => i);
  const texts = Array.from(ids, (id) => `text ${id}`);

  it('have their types, and a split for each run of rows', async () => {
    await writeTable('one.parquet', { id: ids, text: texts }, parquet({ rowGroupRows: 30 }));
    const source = open({ path: 'one.parquet', format: parquet(), splitBytes: 1 });

    const { rows, receipt } = await collectedRows(source);

    expect(rows).toEqual(Array.from(ids, (id) => ({ id, text: `text ${id}` })));
    expect(receipt.splits.reduce((sum, { readRows }) => sum + readRows, 0)).toBe(100);
  });

  it('give the columns asked for, found by name in each file', async () => {
    await writeTable('many/a.parquet', { id: ids.slice(0, 2), text: texts.slice(0, 2) }, parquet());
    await writeTable('many/b.parquet', { text: texts.slice(2, 3), id: ids.slice(2, 3) }, parquet());

    expect(await folder.rows({ path: 'many/', format: parquet() })).toEqual([
      { id: 0, text: 'text 0' },
      { id: 1, text: 'text 1' },
      { id: 2, text: 'text 2' },
    ]);
    expect(await folder.rows({ path: 'many/', format: parquet(), columns: ['text'], pathColumn: 'from' })).toEqual([
      { text: 'text 0', from: 'a.parquet' },
      { text: 'text 1', from: 'a.parquet' },
      { text: 'text 2', from: 'b.parquet' },
    ]);
  });

  it.each<[string, Parameters<typeof tableFromArrays>[0], string]>([
    ['another type', { id: ['1'], text: ['x'] }, 'unlike/b.parquet: column "id" is Utf8 instead of Int32'],
    ['a column more', { id: ids.slice(0, 1), text: ['x'], more: ['y'] }, 'unlike/b.parquet: column "more" is there'],
    ['a column less', { id: ids.slice(0, 1) }, 'unlike/b.parquet: '],
  ])('are refused by file and column where one has %s', async (_what, columns, message) => {
    await writeTable('unlike/a.parquet', { id: ids.slice(0, 2), text: texts.slice(0, 2) }, parquet());
    await writeTable('unlike/b.parquet', columns, parquet());

    const failure = await folder.failure({ path: 'unlike/', format: parquet() });

    expect(failure).toMatchObject({ code: 'SCHEMA_CHANGED', message: expect.stringContaining(message) as string });
  });

  it('are refused by name where they are cut short anywhere, or empty', async () => {
    await writeTable('whole.parquet', { id: ids, text: texts }, parquet({ rowGroupRows: 30 }));
    const bytes = await readFile(join(folder.path, 'whole.parquet'));

    for (const length of [0, 3, 4, 8, 100, bytes.length >> 1, bytes.length - 9, bytes.length - 1]) {
      await folder.write('cut.parquet', bytes.subarray(0, length));

      expect(await folder.failure({ path: 'cut.parquet', format: parquet() })).toMatchObject({
        code: 'FILE_CORRUPT',
        message: expect.stringMatching(/^cut\.parquet: /) as string,
      });
    }
  });
});

describe('a file that changes', () => {
  /** Changes the file once its first rows have come. */
  function changing(source: Source, change: () => Promise<void>): Source {
    let isChanged = false;
    return {
      ...source,
      async *read(...args) {
        for await (const delivery of source.read(...args)) {
          yield delivery;
          if (!isChanged) await change();
          isChanged = true;
        }
      },
    };
  }

  it.each<[string, (path: string) => Promise<void>]>([
    ['grows', (path) => writeFile(path, `n\n${'1\n'.repeat(500)}2\n`)],
    ['is written again', (path) => utimes(path, 1, 1)],
  ])('while it is read ends the run: it %s', async (_what, change) => {
    await folder.write('moving.csv', `n\n${'1\n'.repeat(500)}`);
    const source = changing(open({ path: 'moving.csv', format: csv() }), () => change(join(folder.path, 'moving.csv')));

    await expect(collectedRows(source)).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
      message: expect.stringContaining('moving.csv has changed since the run was planned') as string,
    });
  });
});
