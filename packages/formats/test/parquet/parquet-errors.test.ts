import {
  DateMillisecond,
  Decimal,
  Field,
  Int32,
  List,
  type DataType,
  Schema,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Utf8,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { parquet, type ParquetOptions } from '../../src/parquet/parquet-format.ts';
import { batchesOf, cells, decimals, longs, numbers, schemaOf, type TestColumn } from './arrow-columns.ts';

const failureOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

const encode = (column: TestColumn): unknown =>
  failureOf(() =>
    parquet()
      .encode(schemaOf([column]))
      .segment()
      .write(batchesOf([column])[0]!),
  );

describe('parquet refusals', () => {
  it.each<[string, DataType]>([
    ['a list', new List(new Field('item', new Int32()))],
    ['a decimal of 256 bits', new Decimal(2, 40, 256)],
    ['a decimal of negative scale', new Decimal(-2, 9, 128)],
  ])('name the column of %s', (_, type) => {
    const failure = failureOf(() => parquet().encode(new Schema([new Field('Address', type, true)])));

    expect(failure).toMatchObject({ code: 'TYPE_UNSUPPORTED', hint: expect.any(String) });
    expect(String(failure)).toContain('column Address');
  });

  it.each<[string, DataType, TestColumn['build'], unknown]>([
    ['a nanosecond instant that would lose digits', new TimestampNanosecond('UTC'), longs, 1234567891n],
    ['seconds beyond 64 bits of microseconds', new TimestampSecond('UTC'), longs, 9223372036855n],
    ['milliseconds before 64 bits of microseconds', new TimestampMillisecond('UTC'), longs, -9223372036854776n],
    ['a date with a time of day', new DateMillisecond(), longs, 86400001n],
    ['a decimal of 10 digits in 9', new Decimal(2, 9, 128), decimals, 10n ** 9n],
    ['a negative decimal of 10 digits in 9', new Decimal(2, 9, 128), decimals, -(10n ** 9n)],
    ['more than 32 bits in a decimal of 9 digits', new Decimal(2, 9, 128), decimals, 2n ** 32n + 1n],
    ['a decimal of 19 digits in 18', new Decimal(2, 18, 128), decimals, -(10n ** 18n)],
    ['more than 64 bits in a decimal of 18 digits', new Decimal(2, 18, 128), decimals, 2n ** 64n + 1n],
    ['a decimal of 21 digits in 20', new Decimal(2, 20, 128), decimals, 10n ** 20n],
    ['a decimal of 39 digits in 38', new Decimal(2, 38, 128), decimals, -(10n ** 38n)],
  ])('name the column, never the value, for %s', (_, type, build, value) => {
    const failure = encode({ name: 'Broken__c', type, build, values: [null, value] });

    expect(failure).toMatchObject({ code: 'VALUE_INVALID' });
    expect(String(failure)).toContain('column Broken__c');
    expect(String(failure)).not.toMatch(/\d{5}/);
  });

  it('take instants at the very ends of 64 bits of microseconds', () => {
    const values = [9223372036854775n, -9223372036854775n];

    const bytes = encode({ name: 'c', type: new TimestampMillisecond('UTC'), build: longs, values });

    expect(bytes).toEqual([]);
  });

  it('include a null where the schema rules it out', () => {
    const failure = encode({ name: 'Id', type: new Utf8(), build: cells, values: ['a', null], nullable: false });

    expect(failure).toMatchObject({ code: 'VALUE_INVALID', message: expect.stringContaining('column Id') });
  });

  it('include a batch of another type than planned', () => {
    const planned: TestColumn = { name: 'c', type: new Decimal(2, 18, 128), build: decimals, values: [1n] };
    const other: TestColumn = { ...planned, type: new Decimal(3, 18, 128) };
    const encoder = parquet()
      .encode(schemaOf([planned]))
      .segment();

    const failure = failureOf(() => encoder.write(batchesOf([other])[0]!));

    expect(failure).toMatchObject({ code: 'CONTRACT_BROKEN', message: expect.stringContaining('column c') });
  });

  it('include a name that occurs twice and a schema without columns', () => {
    const field = new Field('Name', new Utf8(), true);

    const twice = failureOf(() => parquet().encode(new Schema([field, field])));
    const none = failureOf(() => parquet().encode(new Schema([])));

    expect(twice).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('Name') });
    expect(none).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it.each<ParquetOptions>([
    { rowGroupRows: 0 },
    { rowGroupBytes: 1.5 },
    { compression: 'lzo' as never },
    { timestamps: 'int64' as never },
    { int96: 'millis' as never },
    { maxPageBytes: 0 },
  ])('name the option in %j', (options) => {
    const failure = failureOf(() => parquet(options));

    expect(failure).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(Object.keys(options)[0]!),
    });
  });

  it('include the summary of another version', () => {
    const column: TestColumn = { name: 'c', type: new Int32(), build: numbers(Int32Array), values: [1] };
    const encoding = parquet().encode(schemaOf([column]));

    const failure = failureOf(() => encoding.epilogue([{ byteOffset: 4, summary: { version: 2 } }]));

    expect(failure).toMatchObject({ code: 'POSITION_UNSUPPORTED' });
  });
});
