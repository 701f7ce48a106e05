import { decimalType } from '@sluice/core/decimal';
import {
  Bool,
  DateDay,
  Dictionary,
  Float64,
  Int32,
  Int64,
  TimeMicrosecond,
  TimeMillisecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Utf8,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { ingestEncoder } from '../src/ingest-rows/encode/ingest-encoder.ts';
import { cells, encode } from './encoded-rows.ts';
import { batchOf, decimals, orderPlan, schemaOf, type TestColumns, text } from './ingest-rows.ts';
import { thrownBy } from './thrown.ts';

describe('encoding rows for an upload', () => {
  it('writes plain decimals, without exponents, whatever the type', async () => {
    const doubles = await cells('Amount__c', new Float64(), [0, -0.5, 1e15, 5e-324, 1.5e-7, -123.456]);
    const exact = await cells(
      'Amount__c',
      decimalType(38, 10),
      decimals(10, '1.5', '-0.0000000001', '1234567890123456'),
    );

    expect(doubles.cells).toEqual(['0', '-0.5', '1000000000000000', `0.${'0'.repeat(323)}5`, '0.00000015', '-123.456']);
    expect(exact.cells).toEqual(['1.5000000000', '-0.0000000001', '1234567890123456.0000000000']);
    expect((await cells('Count__c', new Int64(), [5n, -7n])).cells).toEqual(['5', '-7']);
    expect((await cells('Count__c', decimalType(10, 2), decimals(2, '5', '-7'))).cells).toEqual(['5', '-7']);
    expect((await cells('Note__c', new Float64(), [1e21, 1e-7])).cells).toEqual([
      '1000000000000000000000',
      '0.0000001',
    ]);
  });

  it('writes dates, and instants in UTC with milliseconds, finer fractions cut off', async () => {
    const instant = 1_713_294_000_123;

    expect((await cells('Day__c', new DateDay(), [new Date('2024-04-16')])).cells).toEqual(['2024-04-16']);
    expect((await cells('At__c', new DateDay(), [new Date('2024-04-16')])).cells).toEqual(['2024-04-16T00:00:00.000Z']);
    expect((await cells('At__c', new TimestampSecond(), [1_713_294_000_000])).cells).toEqual([
      '2024-04-16T19:00:00.000Z',
    ]);
    expect((await cells('At__c', new TimestampMillisecond('Asia/Tokyo'), [instant])).cells).toEqual([
      '2024-04-16T19:00:00.123Z',
    ]);
    expect((await cells('At__c', new TimestampMicrosecond(), [BigInt(instant) * 1000n + 999n])).cells).toEqual([
      '2024-04-16T19:00:00.123Z',
    ]);
    expect((await cells('At__c', new TimestampNanosecond(), [-1n])).cells).toEqual(['1969-12-31T23:59:59.999Z']);
    expect((await cells('Clock__c', new TimeMillisecond(), [68_400_001])).cells).toEqual(['19:00:00.001Z']);
    expect((await cells('Clock__c', new TimeMicrosecond(), [68_400_001_999n])).cells).toEqual(['19:00:00.001Z']);
  });

  it('writes instants and times into text with all their digits', async () => {
    const { lines } = await encode({
      Name: [new TimestampMicrosecond(), [1_500_001n]],
      Note__c: [new TimeMicrosecond(), [1_500_001n]],
    });

    expect(lines).toEqual(['1970-01-01T00:00:01.500001Z,00:00:01.500001Z']);
  });

  it('writes a timestamp into a date where it is midnight, and rejects any other', async () => {
    const midnight = Date.UTC(2024, 3, 16);

    const { cells: written, rejects } = await cells('Day__c', new TimestampMillisecond('UTC'), [
      midnight,
      midnight + 1,
    ]);

    expect(written).toEqual(['2024-04-16']);
    expect(rejects).toEqual([[1, 'VALUE_INVALID', 'Day__c: expected a date, without a time of day']]);
  });

  it('writes booleans, quotes what needs it, and every line end within text as LF', async () => {
    expect((await cells('Active__c', new Bool(), [true, false])).cells).toEqual(['true', 'false']);
    const { lines } = await encode({
      Name: text('a,b', 'say "x"', 'a\r\nb\rc\n', ' x '),
      Note__c: text('1', '2', '3', '4'),
    });
    expect(lines.join('\n')).toBe('"a,b",1\n"say ""x""",2\n"a\nb\nc\n",3\n x ,4');
  });

  it('writes null, and text that an org takes for it, as #N/A, or leaves the cell empty', async () => {
    const columns = { Name: text('-', '-', '-', '-'), Note__c: text(null, '', ' \t\r\n', '\u00a0') };

    expect((await encode(columns)).lines).toEqual(['-,#N/A', '-,#N/A', '-,#N/A', '-,\u00a0']);
    expect((await encode(columns, { ignoreNullValues: true })).lines).toEqual(['-,', '-,', '-,', '-,\u00a0']);
  });

  it('writes a row of one empty cell as a row', async () => {
    const { lines, rows } = await encode({ Name: text('a', null) }, { ignoreNullValues: true });

    expect(lines).toEqual(['a', '""']);
    expect(rows).toEqual([2]);
  });

  it('rejects text that says #N/A, which would set the field to null', async () => {
    const { lines, rejects } = await encode({ Name: text('#N/A', '#N/A ', 'a') }, { ignoreNullValues: true });

    expect(lines).toEqual(['#N/A ', 'a']);
    expect(rejects).toEqual([
      [0, 'VALUE_INVALID', 'Name: expected a text other than #N/A, which an org takes for null'],
    ]);
  });

  it('rejects a null in a field that cannot be null, or leaves it', async () => {
    const columns: TestColumns = {
      Name: text('a', 'b'),
      Active__c: [new Bool(), [null, true]],
      OwnerId: text('005000000000001', null),
    };

    expect((await encode(columns)).rejects).toEqual([
      [0, 'VALUE_REQUIRED', 'Active__c: expected a value, as the field cannot be null'],
      [1, 'VALUE_REQUIRED', 'OwnerId: expected a value, as the field cannot be null'],
    ]);
    const left = await encode(columns, { requiredNulls: 'leave' });
    expect(left.lines).toEqual(['a,,005000000000001', 'b,true,']);
    expect(left.facts.requiredNullsLeft).toBe(2);
    expect((await encode(columns, { ignoreNullValues: true })).lines).toEqual(['a,,005000000000001', 'b,true,']);
  });

  it('sends a row without a parent under a header with the lookup field itself', async () => {
    const columns = {
      Name: text('a', 'b', 'c', 'd'),
      'Account__r.Ext__c': text('A', null, 'A', ''),
      'Parent__r.Ext__c': text('P', 'P', null, null),
    };

    const { headers, lines, rows } = await encode(columns);

    expect(headers).toEqual([
      'Name,Account__r.Ext__c,Parent__r.Ext__c',
      'Name,Account__c,Parent__r.Ext__c',
      'Name,Account__r.Ext__c,Parent__c',
      'Name,Account__c,Parent__c',
    ]);
    expect(lines).toEqual(['a,A,P', 'b,#N/A,P', 'c,A,#N/A', 'd,#N/A,#N/A']);
    expect(rows).toEqual([1, 1, 1, 1]);
    expect((await encode(columns, { ignoreNullValues: true })).lines).toEqual(['a,A,P', 'b,,P', 'c,A,', 'd,,']);
  });

  it('writes rows alike however they are cut into batches', async () => {
    const rows = 23;
    const cell = <T>(values: readonly T[]) => Array.from({ length: rows }, (_, row) => values[row % values.length]);
    const columns: TestColumns = {
      Name: [new Utf8(), cell(['a', null, 'b,c', '#N/A', '', 'd'])],
      Stage__c: [new Dictionary(new Utf8(), new Int32()), cell(['x', 'y', null])],
      'Account__r.Ext__c': [new Utf8(), cell(['A', 'B', null, 'C', 'D', 'E', 'F'])],
      Active__c: [new Bool(), cell([true, false, false, null, true])],
      Amount__c: [decimalType(18, 2), cell(decimals(2, '1.5', '-2', '1234567890123456.78'))],
      Number__c: [new Float64(), cell([1.5, null, NaN, -3])],
      Count__c: [new Int32(), cell([1, -2, 3])],
      At__c: [new TimestampMillisecond('UTC'), cell([0, null, 1_713_294_000_123])],
    };
    const whole = batchOf(columns);
    const plan = await orderPlan(whole.schema);
    const encoded = (...cuts: readonly number[]) => {
      const encoder = ingestEncoder(plan, whole.schema);
      const bounds = [0, ...cuts, rows];
      const batches = bounds.slice(1).map((end, index) => encoder.encode(whole.slice(bounds[index], end)));
      const sent = batches.flatMap((batch) => batch.encoded);
      return {
        uploads: [0, 1].map((variant) =>
          Buffer.concat(sent.flatMap((part) => (part.variant === variant ? part.bytes : []))).toString(),
        ),
        rejects: batches.flatMap(({ rejects }) => rejects),
        facts: encoder.facts,
      };
    };

    const once = encoded();

    expect(once.uploads.every((upload) => upload.split('\n').length > 1)).toBe(true);
    expect(once.rejects.length).toBeGreaterThan(2);
    for (const cuts of [[1], [8], [3, 11, 12], Array.from({ length: 22 }, (_, index) => index + 1)]) {
      expect(encoded(...cuts)).toEqual(once);
    }
  });

  it('is for the columns it was planned for', async () => {
    const plan = await orderPlan(schemaOf({ Name: text() }));

    expect(thrownBy(() => ingestEncoder(plan, schemaOf({ Note__c: text() })))).toMatchObject({
      code: 'SCHEMA_CHANGED',
    });
  });
});
