import { decimalType } from '@sluice/core/decimal';
import {
  Bool,
  type DataType,
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
  Uint64,
  Utf8,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { ingestEncoder } from '../src/ingest-rows/encode/ingest-encoder.ts';
import type { IngestRequest } from '../src/ingest-rows/ingest-plan.ts';
import { batchOf, decimals, orderPlan, schemaOf, type TestColumns, text } from './ingest-rows.ts';
import { thrownBy } from './thrown.ts';

const upsert = { operation: 'upsert', externalId: 'Ext__c' } as const;

/** The lines of each header, rejects as row, code and message. */
async function encode(columns: TestColumns, request: Partial<IngestRequest> = {}) {
  const batch = batchOf(columns);
  const encoder = ingestEncoder(await orderPlan(batch.schema, request), batch.schema);
  const { encoded, rejects } = encoder.encode(batch);
  return {
    headers: encoded.map(({ variant }) => Buffer.from(encoder.header(variant)).toString().trimEnd()),
    lines: encoded.flatMap(({ bytes }) => Buffer.from(bytes).toString().split('\n').slice(0, -1)),
    rows: encoded.map(({ rows }) => rows),
    rejects: rejects.map(({ row, code, message }) => [row, code, message]),
    facts: encoder.facts,
  };
}

/** The cells of one column. */
async function cells(field: string, type: DataType, values: readonly unknown[], request?: Partial<IngestRequest>) {
  const { lines, rejects, facts } = await encode(
    { [field]: [type, values], Name: text(...values.map(() => '-')) },
    request,
  );
  return { cells: lines.map((line) => line.slice(0, -2)), rejects, facts };
}

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

  it('rejects rows without a key, whatever becomes of other nulls', async () => {
    const columns = { Ext__c: text(null, '', ' ', 'k'), Name: text('a', 'b', 'c', null) };

    const { lines, rejects } = await encode(columns, { ...upsert, ignoreNullValues: true });

    expect(lines).toEqual(['k,']);
    expect(rejects).toEqual([0, 1, 2].map((row) => [row, 'KEY_MISSING', 'Ext__c: expected a key']));
  });

  it('counts the characters of a text as an org does', async () => {
    const fits = 'x'.repeat(78) + '😀';
    const values = [fits, `  ${fits}\t`, `${fits}y`, 'é'.repeat(80), `${'x'.repeat(78)}\r\ny`];

    const { rejects } = await encode({ Name: text(...values) });

    expect(rejects).toEqual([[2, 'VALUE_INVALID', 'Name: expected at most 80 characters']]);
  });

  it('rejects a row of more characters than a row may have', async () => {
    const long = 'x'.repeat(131_000);
    const columns = { Note__c: text(long), Tags__c: text('t') };
    const schema = schemaOf(columns);
    const plan = await orderPlan(schema);
    const wide = { ...plan, columns: plan.columns.map(({ maxLength: _, ...column }) => column) };
    const four = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, text(long, 'x')]));
    const columnPlans = Object.keys(four).map((name) => ({ ...wide.columns[0]!, name, header: name }));
    const batch = batchOf(four);

    const { rejects, encoded } = ingestEncoder({ ...wide, columns: columnPlans }, batch.schema).encode(batch);

    expect(rejects.map(({ row, message, columns: names }) => [row, message, names])).toEqual([
      [0, 'expected at most 400000 characters in a row', ['a', 'b', 'c', 'd']],
    ]);
    expect(encoded[0]?.rows).toBe(1);
  });

  it('rejects control characters, or NUL alone', async () => {
    const columns = { Name: text('a\0', 'a\u0001', 'tab\tand\nline', 'padding to more than a word \u001f') };

    expect((await encode(columns)).rejects.map(([row]) => row)).toEqual([0, 1, 3]);
    expect((await encode(columns, { controlCharacters: 'send' })).rejects).toEqual([
      [0, 'VALUE_INVALID', 'Name: expected no NUL character'],
    ]);
  });

  it('rejects text that is not UTF-8, of which an org would keep something else', async () => {
    const batch = batchOf({ Name: text('ab', 'cd', 'ef', 'gh') });
    const { values } = batch.data.children[0]!;
    // A character on either side of the end of a cell, and half of one.
    Buffer.from([0x61, 0xc3, 0xa4, 0x64, 0x65, 0xc3]).copy(values);
    const encoder = ingestEncoder(await orderPlan(batch.schema), batch.schema);

    const { encoded, rejects } = encoder.encode(batch);

    expect(Buffer.from(encoded[0]!.bytes).toString()).toBe('gh\n');
    expect(rejects.map(({ row, message }) => [row, message])).toEqual(
      [0, 1, 2].map((row) => [row, 'Name: expected text in UTF-8']),
    );
  });

  it('checks dictionaries entry by entry', async () => {
    const type = new Dictionary(new Utf8(), new Int32());

    const { lines, rejects } = await encode({ Name: [type, ['a', '#N/A', null, 'a,b']] });

    expect(lines).toEqual(['a', '#N/A', '"a,b"']);
    expect(rejects.map(([row]) => row)).toEqual([1]);
  });

  it('RW-08: counts numbers of more than 15 significant digits that are sent, or rejects them', async () => {
    const values = decimals(10, '123456789012.3450000000', '1234567890123456', '0.1234567890', '-100000000000000.5');
    const type = decimalType(38, 10);

    const sent = await cells('Amount__c', type, values);
    const rejected = await cells('Amount__c', type, values, { inexactNumbers: 'reject' });

    expect(sent.facts.inexactInOrg).toBe(2);
    expect(sent.cells).toHaveLength(4);
    expect(rejected.rejects).toEqual(
      [1, 3].map((row) => [row, 'VALUE_INEXACT', 'Amount__c: expected at most 15 significant digits']),
    );
    expect((await cells('Number__c', new Int64(), [2n ** 59n, 10n ** 17n])).facts.inexactInOrg).toBe(1);
    expect((await cells('Amount__c', new Utf8(), ['1234567.8901234567'])).facts.inexactInOrg).toBe(1);
  });

  it('does not count numbers of rows that are rejected', async () => {
    const { facts } = await encode({ Number__c: [new Int64(), [2n ** 59n - 1n]], Name: text('#N/A') });

    expect(facts.inexactInOrg).toBe(0);
  });

  it('rejects numbers that the field has no room for', async () => {
    const whole = 'expected a whole number';
    const digits = 'expected at most 8 digits before the point';

    expect((await cells('Count__c', new Int64(), [10n ** 8n, 10n ** 8n - 1n])).rejects).toEqual([
      [0, 'VALUE_INVALID', `Count__c: ${digits}`],
    ]);
    expect((await cells('Count__c', new Int32(), [-(10 ** 8), 1])).rejects).toHaveLength(1);
    expect((await cells('Count__c', new Uint64(), [2n ** 64n - 1n])).rejects).toEqual([
      [0, 'VALUE_INVALID', `Count__c: ${digits}`],
    ]);
    expect((await cells('Count__c', new Float64(), [0.5, NaN, 1e8, 7])).rejects).toEqual([
      [0, 'VALUE_INVALID', `Count__c: ${whole}`],
      [1, 'VALUE_INVALID', `Count__c: ${whole}`],
      [2, 'VALUE_INVALID', `Count__c: ${digits}`],
    ]);
    expect((await cells('Count__c', decimalType(10, 2), decimals(2, '0.50', '1.00'))).rejects).toEqual([
      [0, 'VALUE_INVALID', `Count__c: ${whole}`],
    ]);
    expect((await cells('Amount__c', decimalType(38, 2), decimals(2, '12345678901234567'))).rejects).toEqual([
      [0, 'VALUE_INVALID', 'Amount__c: expected at most 16 digits before the point'],
    ]);
    expect((await cells('Amount__c', new Float64(), [Infinity])).rejects).toHaveLength(1);
  });

  it('takes text for other types as far as it is such a value', async () => {
    const rejected = async (field: string, ...values: readonly string[]) => {
      const { cells: sent, rejects } = await cells(field, new Utf8(), values);
      return { sent, rejected: rejects.map(([row]) => values[Number(row)]) };
    };

    expect(await rejected('Amount__c', '1.5', '-2', '1E5', '1,5', 'x', ' 1')).toEqual({
      sent: ['1.5', '-2', '1E5'],
      rejected: ['1,5', 'x', ' 1'],
    });
    expect(await rejected('Count__c', '-5', '5.0', '1E2', '-')).toEqual({
      sent: ['-5'],
      rejected: ['5.0', '1E2', '-'],
    });
    expect(await rejected('Active__c', 'true', '0', 'TRUE', 'yes')).toEqual({
      sent: ['true', '0'],
      rejected: ['TRUE', 'yes'],
    });
    expect(await rejected('Day__c', '2024-02-29', '2023-02-29', '2024-1-1')).toEqual({
      sent: ['2024-02-29'],
      rejected: ['2023-02-29', '2024-1-1'],
    });
    expect(
      await rejected(
        'At__c',
        '2024-04-16T19:00:00Z',
        '2024-04-16T19:00:00.5+02:00',
        '2024-04-16 19:00:00Z',
        '2024-04-16T19:00:00',
        '2024-04-16',
      ),
    ).toEqual({
      sent: ['2024-04-16T19:00:00Z', '2024-04-16T19:00:00.5+02:00'],
      rejected: ['2024-04-16 19:00:00Z', '2024-04-16T19:00:00', '2024-04-16'],
    });
    expect(await rejected('Clock__c', '19:00:00', '25:00:00')).toEqual({ sent: ['19:00:00'], rejected: ['25:00:00'] });
    expect(
      await rejected('Account__c', '001000000000001', '001000000000001AAA', '0010000000001', '00100000000000!'),
    ).toEqual({
      sent: ['001000000000001', '001000000000001AAA'],
      rejected: ['0010000000001', '00100000000000!'],
    });
  });

  it('rejects dates that no text can say', async () => {
    const year10000 = 253_402_300_800_000;

    expect((await cells('At__c', new TimestampMillisecond(), [year10000, year10000 - 1])).rejects).toEqual([
      [0, 'VALUE_INVALID', 'At__c: expected a date of the years 0001 to 9999'],
    ]);
    expect((await cells('Clock__c', new TimeMillisecond(), [86_400_000, -1, 0])).rejects).toHaveLength(2);
  });

  it('names every column that is wrong in a row, and never a value', async () => {
    const batch = batchOf({ Count__c: text('secret'), Name: text('#N/A') });
    const encoder = ingestEncoder(await orderPlan(batch.schema), batch.schema);

    expect(encoder.encode(batch).rejects).toEqual([
      {
        row: 0,
        code: 'VALUE_INVALID',
        message:
          'Count__c: expected a whole number; Name: expected a text other than #N/A, which an org takes for null',
        retryable: false,
        columns: ['Count__c', 'Name'],
      },
    ]);
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
