import { rowsOf } from '@sluice/testkit';
import { TimestampMicrosecond, TimestampMillisecond, TimestampNanosecond, TimestampSecond } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { parquet } from '../../src/parquet/parquet-format.ts';
import { batchesOf, longs, schemaOf, type TestColumn } from './arrow-columns.ts';
import { openBytes, readBytes } from './memory-file.ts';
import { encodeFile, metadataOf, queryFile } from './parquet-readers.ts';
import { wasmRows } from './wasm-parquet.ts';

function int96File(type: TestColumn['type'], values: readonly (bigint | null)[]): Buffer {
  const column = { name: 'at', type, build: longs, values };
  return encodeFile(parquet({ timestamps: 'int96' }), schemaOf([column]), [batchesOf([column])]);
}

describe('instants in INT96', () => {
  it.each([
    [new TimestampSecond('UTC'), [0n, -1n, 253402300799n, -62135596800n, null]],
    [new TimestampMillisecond('UTC'), [0n, -1000n, 253402300799000n, -62135596800000n, null]],
    [new TimestampMicrosecond('UTC'), [0n, -1000000n, 253402300799000000n, -62135596800000000n, null]],
  ])('are what three readers find: %s', async (type, values) => {
    const file = int96File(type, values);

    const printed = await queryFile(file, 'select "at"::timestamp::varchar from file');
    expect(printed.flat()).toEqual([
      '1970-01-01 00:00:00',
      '1969-12-31 23:59:59',
      '9999-12-31 23:59:59',
      '0001-01-01 00:00:00',
      null,
    ]);
    const expected = ['1970-01-01T00:00:00', '1969-12-31T23:59:59', '9999-12-31T23:59:59', '0001-01-01T00:00:00'];
    const rows = [...expected.map((at) => ({ at: `${at}.000000Z` })), { at: null }];
    expect((await readBytes(file)).flatMap(rowsOf)).toEqual(rows);
    expect(wasmRows(file)).toEqual(rows);
  });

  it('have no annotation and no range', () => {
    const { schema, row_groups: groups } = metadataOf(int96File(new TimestampMicrosecond('UTC'), [1n]));

    expect(schema[1]).toMatchObject({ type: 'INT96', converted_type: undefined, logical_type: undefined });
    expect(groups[0]!.columns[0]!.meta_data!.statistics).toMatchObject({ min_value: undefined, max_value: undefined });
  });

  it('keep nanoseconds, which are read on request', async () => {
    const file = int96File(new TimestampNanosecond('UTC'), [1n, -1n, 2n ** 63n - 1n, -(2n ** 63n)]);

    expect((await readBytes(file, { options: { int96: 'nanos' } })).flatMap(rowsOf)).toEqual([
      { at: '1970-01-01T00:00:00.000000001Z' },
      { at: '1969-12-31T23:59:59.999999999Z' },
      { at: '2262-04-11T23:47:16.854775807Z' },
      { at: '1677-09-21T00:12:43.145224192Z' },
    ]);
    await expect(readBytes(file)).rejects.toMatchObject({
      code: 'VALUE_INVALID',
      message: expect.stringContaining('column at'),
      hint: expect.stringContaining('nanos'),
    });
  });

  it('are refused where nanoseconds do not reach', async () => {
    const file = int96File(new TimestampMillisecond('UTC'), [253402300799000n]);

    await expect(readBytes(file, { options: { int96: 'nanos' } })).rejects.toMatchObject({
      code: 'VALUE_INVALID',
      hint: expect.stringContaining('micros'),
    });
  });

  it('are refused where days cannot be counted', () => {
    expect(() => int96File(new TimestampSecond(), [-(2n ** 62n)])).toThrowError(
      expect.objectContaining({ code: 'VALUE_INVALID' }),
    );
  });

  it('are local times unless the writer says they are instants', async () => {
    const local = await openBytes(int96File(new TimestampMicrosecond(), [1n]));
    const zoned = await openBytes(int96File(new TimestampMicrosecond('Europe/Berlin'), [1n]));

    expect(String(local.schema.fields[0]!.type)).toBe('Timestamp<MICROSECOND>');
    expect(String(zoned.schema.fields[0]!.type)).toBe('Timestamp<MICROSECOND, Europe/Berlin>');
  });
});
