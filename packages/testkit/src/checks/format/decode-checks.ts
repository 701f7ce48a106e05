import { batchBytes, type Row, sameSchema, SluiceError } from '@sluice/core';

import { ensure, errorText, fail } from '../../check/check-failure.ts';
import { kept } from '../../check/check-tools.ts';
import type { FormatCheck } from '../../check/check.ts';
import { rowsOf } from '../../data/row-cells.ts';
import { rowDifference } from '../../data/row-difference.ts';
import { testTable } from '../../data/test-table.ts';
import { firstOf } from '../../tools/first-of.ts';
import { chunksOf, decodeFile, decodeRows, encodeTable, requireTable } from './format-run.ts';

export const decodedChunks: FormatCheck = {
  id: 'F8',
  side: 'format',
  level: 'must',
  title: 'Decoding gives the same rows, wherever the bytes were cut into chunks.',
  reason: 'Chunks end in the middle of a character, a length, a row.',
  needs: ['decode'],
  async run(harness) {
    const table = testTable({ ...harness, rows: 20 });
    const bytes = encodeTable(harness, table, { segmentRows: 6 });
    for (const chunkBytes of [1, 2, 3, 7, 13, 4096, bytes.length]) {
      // Byte by byte takes its time where a file is large.
      if (bytes.length / chunkBytes > 200_000) continue;
      const batches = await decodeFile(harness, bytes, { schema: table.schema, chunkBytes });
      requireTable(table, batches.flatMap(rowsOf), `decoded from chunks of ${chunkBytes} bytes`);
    }
  },
};

export const decodedBounds: FormatCheck = {
  id: 'F9',
  side: 'format',
  level: 'must',
  title: 'Decoded batches keep to the bounds and have the schema of the file.',
  reason: 'Memory is bounded by what a batch may hold.',
  needs: ['decode'],
  async run(harness) {
    const table = testTable({ ...harness, rows: 100 });
    const bytes = encodeTable(harness, table);
    for (const batch of [{ rows: 9 }, { bytes: 4096 }]) {
      const batches = await decodeFile(harness, bytes, { schema: table.schema, batch });
      for (const decoded of batches) {
        const difference = sameSchema(batches[0]!.schema, decoded.schema);
        if (difference !== undefined) fail(`batches of one file have unlike schemas: ${difference}`);
        const { numRows } = decoded;
        ensure(
          numRows <= (batch.rows ?? Infinity),
          `a batch of ${numRows} rows is decoded, and the bound is ${batch.rows}`,
        );
        const size = batchBytes(decoded, 0, numRows);
        if (numRows > 1)
          ensure(
            size <= (batch.bytes ?? Infinity),
            `a batch of ${size} bytes is decoded, and the bound is ${batch.bytes}`,
          );
      }
      requireTable(table, batches.flatMap(rowsOf), `decoded within ${JSON.stringify(batch)}`);
    }
  },
};

export const cutFile: FormatCheck = {
  id: 'F10',
  side: 'format',
  level: 'must',
  title: 'A file cut short anywhere is FILE_CORRUPT, unless every row of it is there.',
  reason: 'Copies are cut off, and half a file must not pass for a whole.',
  needs: ['decode'],
  async run(harness, tools) {
    const { identity } = harness;
    const columns = harness.columns.filter(({ field }) => field.name === identity).concat(harness.columns.slice(0, 3));
    const table = testTable({ identity, columns: [...new Set(columns)], rows: 20 });
    const bytes = encodeTable(harness, table, { segmentRows: 7 });
    const step = tools.isLong ? 1 : Math.max(1, Math.floor(bytes.length / 150));
    for (let length = 0; length < bytes.length; length += step) {
      let rows: readonly Row[];
      try {
        rows = (await decodeFile(harness, bytes.subarray(0, length), { schema: table.schema })).flatMap(rowsOf);
      } catch (error) {
        ensure(
          SluiceError.is(error) && error.code === 'FILE_CORRUPT',
          `a file cut at byte ${length} of ${bytes.length} surfaces as ${errorText(error)} instead of FILE_CORRUPT`,
        );
        continue;
      }
      // What ends a text, such as the end of its last line, may be missing.
      const difference = rowDifference(table, rows, true);
      if (difference !== undefined) {
        fail(`a file cut at byte ${length} of ${bytes.length} is decoded as if it were whole: ${difference}`);
      }
    }
  },
};

export const decodingGoesOn: FormatCheck = {
  id: 'F12',
  side: 'format',
  level: 'must',
  title: 'Decoding that begins at the place behind a delivery gives the rows that are left, once.',
  reason: 'A run that is resumed must neither lose nor repeat a row.',
  needs: ['decode'],
  async run(harness) {
    const table = testTable({ ...harness, rows: 40 });
    const { schema, rows } = table;
    const bytes = encodeTable(harness, table, { segmentRows: 15 });
    const options = { schema, batch: { rows: 7 } };
    const deliveries = await decodeRows(harness, chunksOf(bytes, 1000), options);
    let row = 0;
    for (const { batch, position } of deliveries) {
      row += batch.numRows;
      ensure(position !== undefined, 'a delivery has no place behind it');
      ensure(position.row === row, `the place behind ${row} rows says that there were ${position.row}`);
      const input = bytes.subarray(position.byteOffset ?? 0);
      const rest = await decodeRows(harness, chunksOf(input, 1000), { ...options, from: kept(position) });
      requireTable(
        { ...table, rows: rows.slice(row) },
        rest.flatMap((delivery) => rowsOf(delivery.batch)),
        `decoded from row ${row} on`,
      );
    }
  },
};

export const decodingStops: FormatCheck = {
  id: 'F11',
  side: 'format',
  level: 'must',
  title: 'Whoever stops decoding early ends the input; an abort ends decoding with its reason.',
  reason: 'The input is a download that somebody pays for.',
  needs: ['decode'],
  async run(harness) {
    const table = testTable({ ...harness, rows: 100 });
    const bytes = encodeTable(harness, table, { segmentRows: 20 });
    let isEnded = false;
    async function* input(): AsyncGenerator<Uint8Array, void, undefined> {
      try {
        for (let at = 0; at < bytes.length; at += 100) yield bytes.slice(at, at + 100);
      } finally {
        isEnded = true;
      }
    }
    const format = harness.format();
    const batch = { rows: 5, bytes: 1_048_576 };
    await firstOf(format.decode!(input(), { batch, signal: new AbortController().signal }));
    ensure(isEnded, 'decoding that is broken off leaves its input open');

    const controller = new AbortController();
    const reason = new Error('given up');
    try {
      for await (const decoded of format.decode!(input(), { batch, signal: controller.signal })) {
        if (decoded.batch.numRows > 0) controller.abort(reason);
      }
    } catch (error) {
      return ensure(error === reason, `aborted, decoding rejects with ${errorText(error)} instead of the reason`);
    }
    fail('decoding goes on to the end although its signal is aborted');
  },
};
