import { decimalType } from '@sluice/core/decimal';
import { Dictionary, Float64, Int32, Int64, TimeMillisecond, TimestampMillisecond, Uint64, Utf8 } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { ingestEncoder } from '../src/ingest-rows/encode/ingest-encoder.ts';
import { cells, encode, upsert } from './encoded-rows.ts';
import { batchOf, decimals, orderPlan, schemaOf, text } from './ingest-rows.ts';

describe('checking rows for an upload', () => {
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
});
