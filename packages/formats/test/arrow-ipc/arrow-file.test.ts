import { type FileSplit, type OpenFile, SluiceError } from '@sluice/core';
import { Int32, RecordBatchFileWriter, type RecordBatch, type Schema, Table, tableFromIPC, Utf8 } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { arrowFile, arrowIpc, type ArrowIpcOptions } from '../../src/arrow-ipc/arrow-ipc-format.ts';
import {
  batchesOf,
  codes,
  dictionaryOfText,
  numbers,
  cells,
  schemaOf,
  type TestColumn,
} from '../parquet/arrow-columns.ts';
import { memoryFile } from '../parquet/memory-file.ts';
import { decodeAll, shownRows } from './ipc-streams.ts';

const { signal } = new AbortController();
const HUGE = { rows: 1_000_000, bytes: 1_000_000_000 };
const COLUMNS: readonly TestColumn[] = [
  { name: 'n', type: new Int32(), values: [1, 2, null, 4, 5], build: numbers(Int32Array) },
  { name: 't', type: new Utf8(), values: ['a', null, 'c', '', 'e'], build: cells },
];

const open = async (bytes: Uint8Array, columns?: readonly string[]): Promise<OpenFile> =>
  await arrowFile().open!(memoryFile(bytes), columns === undefined ? { signal } : { signal, columns });

async function rowsIn(
  file: OpenFile,
  splits: readonly FileSplit[] = file.splits,
  batch = HUGE,
): Promise<readonly RecordBatch[]> {
  const batches: RecordBatch[] = [];
  // As they come from another process.
  for (const split of JSON.parse(JSON.stringify(splits)) as FileSplit[]) {
    batches.push(...(await Array.fromAsync(file.read(split, { batch, signal }))));
  }
  return batches;
}

function written(schema: Schema, batches: readonly RecordBatch[], options: ArrowIpcOptions = {}): Buffer {
  const encoding = arrowFile(options).encode(schema);
  const prologue = encoding.prologue();
  const segment = encoding.segment();
  const pieces = batches.flatMap((batch) => segment.write(batch));
  const { bytes, summary } = segment.end();
  return Buffer.concat([prologue, ...pieces, ...bytes, encoding.epilogue([{ byteOffset: prologue.length, summary }])]);
}

describe('an Arrow file', () => {
  it('of ours is read by others, and by us in any order', async () => {
    const bytes = written(schemaOf(COLUMNS), batchesOf(COLUMNS), { messageRows: 2 });
    const file = await open(bytes);

    expect(shownRows(tableFromIPC(bytes).batches)).toEqual(shownRows(batchesOf(COLUMNS)));
    expect(file.rows).toBe(5);
    expect(shownRows(await rowsIn(file))).toEqual(shownRows(batchesOf(COLUMNS)));
    expect((await rowsIn(file, file.splits, { rows: 1, bytes: 1e6 })).map(({ numRows }) => numRows)).toEqual([
      1, 1, 1, 1, 1,
    ]);
  });

  it('of another writer is read with its dictionaries, and only the columns asked for', async () => {
    const coded: TestColumn = { name: 'd', type: dictionaryOfText(), values: ['x', 'y', null, 'y', 'x'], build: codes };
    const columns = [...COLUMNS, coded];
    const batches = batchesOf(columns);
    const bytes = RecordBatchFileWriter.writeAll(new Table(batches)).toUint8Array(true);

    expect(shownRows(await rowsIn(await open(bytes)))).toEqual(shownRows(batches));
    const some = await rowsIn(await open(bytes, ['d', 'n']));
    expect(some[0]?.schema.fields.map(({ name, nullable }) => [name, nullable])).toEqual([
      ['d', true],
      ['n', true],
    ]);
    await expect(open(bytes, ['none'])).rejects.toMatchObject({ code: 'FIELD_UNKNOWN' });
  });

  it('gives splits that other processes read, of many bytes or one batch', async () => {
    const values = Array.from({ length: 40 }, () => 'x'.repeat(1_000_000));
    const long: TestColumn = { name: 't', type: new Utf8(), values, build: cells };
    const file = await open(written(schemaOf([long]), batchesOf([long]), { messageRows: 1 }));

    expect(file.splits.map(({ rows }) => rows)).toEqual([17, 17, 6]);
    expect((await rowsIn(file, file.splits.slice(1, 2))).reduce((rows, { numRows }) => rows + numRows, 0)).toBe(17);
    await expect(rowsIn(file, [{ rows: 1, bytes: 1, first: 40, count: 1 }])).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
    });
    await expect(rowsIn(file, [{ rows: 2, bytes: 1, first: 0, count: 1 }])).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
    });
  });

  it('without a row has columns all the same', async () => {
    const file = await open(written(schemaOf(COLUMNS), []));

    expect([file.rows, file.splits, file.schema.fields.map(({ name }) => name)]).toEqual([0, [], ['n', 't']]);
  });

  it('is refused where it is cut short anywhere', async () => {
    const bytes = written(schemaOf(COLUMNS), batchesOf(COLUMNS), { messageRows: 2 });

    for (let length = 0; length < bytes.length; length++) {
      await expect(open(bytes.subarray(0, length))).rejects.toMatchObject({ code: 'FILE_CORRUPT' });
    }
  });

  it('is refused where a byte of its structure is damaged, or gives rows', async () => {
    const bytes = written(schemaOf(COLUMNS), batchesOf(COLUMNS), { messageRows: 2 });
    const outcomes = new Set<unknown>();
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 0xff;

      outcomes.add(
        await open(damaged)
          .then((file) => rowsIn(file))
          .then(
            () => 'rows',
            (error: unknown) => (SluiceError.is(error) ? error.code : error),
          ),
      );
    }

    outcomes.delete('CONFIG_INVALID');
    outcomes.delete('SCHEMA_CHANGED');
    expect(outcomes).toEqual(new Set(['rows', 'FILE_CORRUPT']));
  });

  it('is told from a stream', async () => {
    const bytes = written(schemaOf(COLUMNS), batchesOf(COLUMNS));

    await expect(decodeAll(bytes)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(
      open(Buffer.concat([arrowIpc().encode(schemaOf(COLUMNS)).prologue(), Buffer.alloc(8)])),
    ).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
    });
  });
});
