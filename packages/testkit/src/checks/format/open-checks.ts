import { batchBytes, type OpenFile, type RandomAccess, sameSchema, SluiceError } from '@sluice/core';
import type { RecordBatch } from 'apache-arrow';

import { ensure, errorText, fail, rejectionOf } from '../../check/check-failure.ts';
import { kept } from '../../check/check-tools.ts';
import type { FormatCheck } from '../../check/check.ts';
import { rowsOf } from '../../data/row-cells.ts';
import { testTable, type TestTable } from '../../data/test-table.ts';
import type { FormatHarness } from '../../harness/format-harness.ts';
import { encodeTable, requireTable } from './format-run.ts';

const BOUNDS = { rows: 65_536, bytes: 4 * 1_048_576 };

export const openedSplits: FormatCheck = {
  id: 'F13',
  side: 'format',
  level: 'must',
  title:
    'The splits of an opened file are JSON, work on the file as another instance opened it, and have all rows once.',
  reason: 'A split is read by another process, perhaps twice.',
  needs: ['open'],
  async run(harness) {
    const table = readTable(harness, 100);
    const bytes = encodeTable(harness, table, { segmentRows: 30 });
    const { rows, splits } = await openBytes(harness, bytes);
    ensure(rows === 100, `the opened file has ${rows} rows, and 100 were written`);
    const sum = splits.reduce((count, split) => count + split.rows, 0);
    ensure(sum === rows, `the splits have ${sum} rows together, and the file ${rows}`);
    for (const attempt of ['', ', read again']) {
      const other = await openBytes(harness, bytes);
      const batches: RecordBatch[] = [];
      for (const split of splits) {
        const read = await readSplit(other, kept(split));
        const count = read.reduce((rowCount, { numRows }) => rowCount + numRows, 0);
        ensure(count === split.rows, `a split of ${split.rows} rows gives ${count}${attempt}`);
        batches.push(...read);
      }
      requireTable(table, batches.flatMap(rowsOf), `of all splits${attempt}`);
    }
  },
};

export const openedBounds: FormatCheck = {
  id: 'F14',
  side: 'format',
  level: 'must',
  title: 'Batches of an opened file keep to the bounds and have its schema, in which every column is nullable.',
  reason: 'Memory is bounded by what a batch may hold, and a plan by what the file was when it was opened.',
  needs: ['open'],
  async run(harness) {
    const table = readTable(harness, 100);
    const file = await openBytes(harness, encodeTable(harness, table));
    const strict = file.schema.fields.find(({ nullable }) => !nullable);
    ensure(strict === undefined, `column ${strict?.name} is not nullable`);
    for (const bounds of [{ rows: 9 }, { bytes: 4096 }]) {
      for (const batch of await readAll(file, bounds)) {
        const difference = sameSchema(file.schema, batch.schema);
        ensure(difference === undefined, `a batch does not have the schema of the file: ${difference}`);
        const { numRows } = batch;
        ensure(numRows <= (bounds.rows ?? Infinity), `a batch has ${numRows} rows, and the bound is ${bounds.rows}`);
        const bytes = batchBytes(batch);
        ensure(
          numRows <= 1 || bytes <= (bounds.bytes ?? Infinity),
          `a batch has ${bytes} bytes, and the bound is ${bounds.bytes}`,
        );
      }
    }
  },
};

export const cutOpened: FormatCheck = {
  id: 'F15',
  side: 'format',
  level: 'must',
  title: 'A file with a footer that is cut short anywhere is FILE_CORRUPT.',
  reason: 'Copies are cut off, and half a file must not pass for a whole.',
  needs: ['open'],
  async run(harness, tools) {
    const bytes = encodeTable(harness, readTable(harness, 20), { segmentRows: 7 });
    const step = tools.isLong ? 1 : Math.max(1, Math.floor(bytes.length / 150));
    for (let length = 0; length < bytes.length; length += step) {
      const error = await rejectionOf(
        async () => await readAll(await openBytes(harness, bytes.subarray(0, length)), {}),
        `a file cut at byte ${length} of ${bytes.length} is read as if it were whole`,
      );
      ensure(
        SluiceError.is(error) && error.code === 'FILE_CORRUPT',
        `a file cut at byte ${length} of ${bytes.length} surfaces as ${errorText(error)} instead of FILE_CORRUPT`,
      );
    }
  },
};

export const chosenColumns: FormatCheck = {
  id: 'F16',
  side: 'format',
  level: 'must',
  title: 'The columns asked for are read, in that order; one that is not there is FIELD_UNKNOWN.',
  reason: 'Nobody pays for columns that nobody wants.',
  needs: ['open'],
  async run(harness) {
    const table = readTable(harness, 20);
    const bytes = encodeTable(harness, table);
    const columns = table.schema.fields.map(({ name }) => name).toReversed();
    const file = await openBytes(harness, bytes, columns);
    const names = file.schema.fields.map(({ name }) => name);
    ensure(names.join() === columns.join(), `columns ${columns.join()} are asked for, and ${names.join()} come`);
    requireTable(table, (await readAll(file, {})).flatMap(rowsOf), 'of columns in another order');
    const error = await rejectionOf(
      () => openBytes(harness, bytes, ['no such column']),
      'a file is opened by a column that it does not have',
    );
    ensure(
      SluiceError.is(error) && error.code === 'FIELD_UNKNOWN' && error.message.includes('no such column'),
      `an unknown column surfaces as ${errorText(error)} instead of FIELD_UNKNOWN with its name`,
    );
  },
};

export const readingStops: FormatCheck = {
  id: 'F17',
  side: 'format',
  level: 'must',
  title: 'An abort ends the reading of a split with its reason.',
  reason: 'A run that is cancelled ends at once, and says why.',
  needs: ['open'],
  async run(harness) {
    const { splits, read } = await openBytes(harness, encodeTable(harness, readTable(harness, 100)));
    const controller = new AbortController();
    const reason = new Error('given up');
    const error = await rejectionOf(async () => {
      const options = { batch: { rows: 5, bytes: 1_048_576 }, signal: controller.signal };
      for (const split of splits) {
        for await (const { numRows } of read(split, options)) if (numRows > 0) controller.abort(reason);
      }
    }, 'reading goes on to the end although its signal is aborted');
    ensure(error === reason, `aborted, reading rejects with ${errorText(error)} instead of the reason`);
  },
};

/** Of the columns that come back as they were. */
function readTable({ columns, readColumns = columns, identity }: FormatHarness, rows: number): TestTable {
  return testTable({ columns: readColumns, identity, rows });
}

async function openBytes(harness: FormatHarness, bytes: Uint8Array, columns?: readonly string[]): Promise<OpenFile> {
  const format = harness.format();
  if (format.open === undefined) return fail('the format does not open files');
  const file: RandomAccess = {
    byteLength: bytes.length,
    async read({ start, end }) {
      ensure(start >= 0 && start <= end && end <= bytes.length, `bytes ${start} to ${end} of ${bytes.length} are read`);
      return bytes.slice(start, end);
    },
  };
  const { signal } = new AbortController();
  return await format.open(file, columns === undefined ? { signal } : { columns, signal });
}

async function readAll(file: OpenFile, bounds: Partial<typeof BOUNDS>): Promise<readonly RecordBatch[]> {
  const batches: RecordBatch[] = [];
  for (const split of file.splits) batches.push(...(await readSplit(file, split, bounds)));
  return batches;
}

async function readSplit(
  file: OpenFile,
  split: OpenFile['splits'][number],
  bounds: Partial<typeof BOUNDS> = {},
): Promise<readonly RecordBatch[]> {
  const { signal } = new AbortController();
  return await Array.fromAsync(file.read(split, { batch: { ...BOUNDS, ...bounds }, signal }));
}
