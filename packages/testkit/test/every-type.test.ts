import { fromBatches, read, rowReader } from '@sluice/core';
import { DataType, type Field, Schema, Table, tableFromIPC, tableToIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { rowDifference } from '../src/data/row-difference.ts';
import { batchOf, EVERY_TYPE, RARE_TYPES, rowsOf, UNION_TYPES, valuesOf } from '../src/index.ts';

/** Types that rows of core do not have. */
const NOT_IN_ROWS = new Set([
  ...Object.keys(UNION_TYPES),
  ...Object.keys(RARE_TYPES).filter((name) => !/^null$|^decimal|^date|^time/.test(name)),
  'map',
  'fixed_binary',
]);

function batchOfValues(field: Field) {
  const rows = valuesOf(field.type).map((value) => ({ [field.name]: value }));
  return { rows, batch: batchOf(new Schema([field]), rows) };
}

describe.each(EVERY_TYPE.map((field) => [field.name, field] as const))('a column of type %s', (name, field) => {
  const expected = { schema: new Schema([field]), identity: name };

  it('has the rows it was made of, also in a slice', () => {
    const { rows, batch } = batchOfValues(field);

    expect(rows.length).toBeGreaterThan(0);
    expect(rowDifference({ ...expected, rows }, rowsOf(batch), true)).toBeUndefined();
    expect(rowDifference({ ...expected, rows: rows.slice(1) }, rowsOf(batch.slice(1)), true)).toBeUndefined();
  });

  it('comes back from Arrow’s own IPC as it was', () => {
    const { rows, batch } = batchOfValues(field);
    const isView = DataType.isUtf8View(field.type) || DataType.isBinaryView(field.type);

    // Arrow's writer leaves out the buffers of views.
    const back = isView ? new Table([batch]) : tableFromIPC(tableToIPC(new Table([batch]), 'stream'));

    expect(rowDifference({ ...expected, rows }, back.batches.flatMap(rowsOf), true)).toBeUndefined();
  });
});

it.each(EVERY_TYPE.filter(({ name }) => !NOT_IN_ROWS.has(name)).map((field) => [field.name, field] as const))(
  'a column of type %s has the rows that core reads',
  (name, field) => {
    const { rows, batch } = batchOfValues(field);

    const found = [...rowReader(batch.schema)(batch)];

    expect(rowDifference({ schema: batch.schema, identity: name, rows }, found, true)).toBeUndefined();
  },
);

describe('rows that differ', () => {
  const { rows, batch } = batchOfValues(EVERY_TYPE.find(({ name }) => name === 'int32')!);
  const expected = { schema: batch.schema, identity: 'int32', rows };

  it.each([
    ['missing', rows.slice(1), /^1 of \d+ rows are missing: "0"$/],
    ['too many', [...rows, rows[0]!], /^1 rows too many: "0"$/],
    ['in another order', rows.toReversed(), /^rows are in another order: /],
  ])('are named when they are %s', (_what, actual, says) => {
    expect(rowDifference(expected, actual, true)).toMatch(says);
  });

  it('read as instances of other types are the same rows', async () => {
    const int64 = EVERY_TYPE.find(({ name }) => name === 'int64')!;
    const schema = new Schema([int64]);
    const source = fromBatches(schema, [batchOf(schema, [{ int64: 7n }])]);

    const found = await Array.fromAsync(read(source).rows());

    expect(found).toEqual([{ int64: 7n }]);
    expect(rowDifference({ schema, identity: 'int64', rows: found }, [{ int64: 7 }])).toBeUndefined();
  });
});
