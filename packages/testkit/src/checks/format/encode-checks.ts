import { SluiceError } from '@sluice/core';
import { Schema } from 'apache-arrow';

import { ensure, errorText, fail } from '../../check/check-failure.ts';
import type { FormatCheck } from '../../check/check.ts';
import { rowsOf } from '../../data/row-cells.ts';
import { rowDifference } from '../../data/row-difference.ts';
import { IDENTITY, rowsForAllValues, testTable } from '../../data/test-table.ts';
import { encodeTable, requireTable, rowsInFile } from './format-run.ts';

export const fileRoundTrip: FormatCheck = {
  id: 'F1',
  side: 'format',
  level: 'must',
  title: 'What is encoded is what another reader finds: every value of every type.',
  reason: 'A file is for others to read.',
  needs: [],
  async run(harness) {
    const table = testTable({ ...harness, rows: rowsForAllValues(harness.columns), hasLargeValues: true });
    requireTable(table, await rowsInFile(harness, encodeTable(harness, table), table.schema), 'of the whole file');
  },
};

export const batchesDoNotShow: FormatCheck = {
  id: 'F2',
  side: 'format',
  level: 'must',
  title: 'The same rows give the same bytes, however they were batched, and each time.',
  reason: 'Output is a function of rows and options; a digest or a diff relies on it.',
  needs: [],
  async run(harness) {
    const table = testTable({ ...harness, rows: 100 });
    const whole = encodeTable(harness, table);
    for (const batchRows of [1, 7, 64, 100]) {
      const other = encodeTable(harness, table, { batchRows });
      ensure(Buffer.compare(whole, other) === 0, `rows in batches of ${batchRows} give other bytes than all at once`);
    }
  },
};

export const segmentsGoOn: FormatCheck = {
  id: 'F3',
  side: 'format',
  level: 'must',
  title: 'Segments are independent: a file goes on from summaries alone, in other processes, and is read whole.',
  reason: 'A file that is written part by part is resumed after an interruption.',
  needs: [],
  async run(harness) {
    const table = testTable({ ...harness, rows: 100 });
    const straight = encodeTable(harness, table, { segmentRows: 30 });
    const resumed = encodeTable(harness, table, { segmentRows: 30, isResumed: true });
    ensure(Buffer.compare(straight, resumed) === 0, 'segments by other processes give other bytes');
    requireTable(table, await rowsInFile(harness, resumed, table.schema), 'of a file of four segments');
  },
};

export const refusedTypes: FormatCheck = {
  id: 'F4',
  side: 'format',
  level: 'must',
  title: 'A type it has no place for is refused by `encode`, by the name of the column.',
  reason: 'What cannot be written is said before the first row.',
  needs: ['refusedFields'],
  async run(harness) {
    for (const field of harness.refusedFields ?? []) {
      try {
        harness.format().encode(new Schema([IDENTITY.field, field]));
      } catch (error) {
        ensure(
          SluiceError.is(error) && error.code === 'TYPE_UNSUPPORTED',
          `column "${field.name}" is refused with ${errorText(error)} instead of TYPE_UNSUPPORTED`,
        );
        ensure(
          error.message.includes(field.name),
          `the refusal of column "${field.name}" does not name it: ${error.message}`,
        );
        continue;
      }
      fail(`column "${field.name}" is accepted, and declared to be refused`);
    }
  },
};

export const emptyFile: FormatCheck = {
  id: 'F5',
  side: 'format',
  level: 'must',
  title: 'A file without a row is whole, with or without a segment.',
  reason: 'An empty result is a result.',
  needs: [],
  async run(harness) {
    const table = testTable({ ...harness, rows: 0 });
    requireTable(
      table,
      await rowsInFile(harness, encodeTable(harness, table), table.schema),
      'of a file without a row',
    );
    const encoding = harness.format().encode(table.schema);
    const prologue = encoding.prologue();
    const { bytes, summary } = encoding.segment().end();
    const epilogue = encoding.epilogue([{ byteOffset: prologue.length, summary }]);
    const file = Buffer.concat([prologue, ...bytes, epilogue]);
    requireTable(table, await rowsInFile(harness, file, table.schema), 'of a file with an empty segment');
  },
};

export const bytesAreGivenAway: FormatCheck = {
  id: 'F6',
  side: 'format',
  level: 'must',
  title: 'Bytes given away are never written to again, and batches are left as they came.',
  reason: 'A store may still be sending them.',
  needs: [],
  async run(harness) {
    const table = testTable({ ...harness, rows: 300 });
    const encoder = harness.format().encode(table.schema).segment();
    const given: { readonly bytes: Uint8Array; readonly copy: Uint8Array }[] = [];
    const batches = [];
    for (let from = 0; from < 300; from += 50) {
      const batch = table.batch(from, from + 50);
      for (const bytes of encoder.write(batch)) given.push({ bytes, copy: bytes.slice() });
      batches.push({ batch, rows: table.rows.slice(from, from + 50) });
    }
    for (const bytes of encoder.end().bytes) given.push({ bytes, copy: bytes.slice() });
    harness.format().encode(table.schema).segment().write(table.batch());
    const changed = given.findIndex(({ bytes, copy }) => Buffer.compare(bytes, copy) !== 0);
    if (changed >= 0) fail(`piece ${changed + 1} of the bytes has changed since it was given away`);
    for (const [i, { batch, rows }] of batches.entries()) {
      const difference = rowDifference({ ...table, rows }, rowsOf(batch), true);
      if (difference !== undefined) fail(`batch ${i + 1} was changed by encoding it: ${difference}`);
    }
  },
};

export const encoderIsBounded: FormatCheck = {
  id: 'F7',
  side: 'format',
  level: 'must',
  title: 'An encoder holds no more than `bufferBytes`.',
  reason: 'Memory is bounded by what writers may hold.',
  needs: [],
  async run(harness) {
    const format = harness.format();
    const table = testTable({ columns: [IDENTITY], identity: IDENTITY.field.name, rows: 1000 });
    const encoder = format.encode(table.schema).segment();
    const batch = table.batch();
    // What a format makes of a row may be small: nothing shrinks text that numbers rows to less than a fiftieth.
    const enough = Math.ceil((format.bufferBytes * 50) / 12_000) + 1;
    let writes = 0;
    for (let bytes = 0; bytes === 0 && writes < enough; writes++) {
      bytes = encoder.write(batch).reduce((sum, { length }) => sum + length, 0);
    }
    const took = writes * 12_000;
    ensure(
      writes < enough,
      `${took} bytes of text went into an encoder that gave none away, and \`bufferBytes\` is ${format.bufferBytes}`,
    );
  },
};
