import { DateMillisecond, Dictionary, Field, Float32, Int16, Int32, Schema, Utf8 } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { decodeText, schemaOf } from './decoded-rows.ts';
import { decimal, typeCases } from './type-cases.ts';

describe.each(typeCases)('$what', ({ type, good }) => {
  it('are read in every notation, and null where a cell is empty', () => {
    const text = good.map(([cell]) => `${cell}\n"${cell.replaceAll('"', '')}"\n\n`).join('');

    const { rows, batches } = decodeText(text, { schema: schemaOf(type) });

    expect(batches.flatMap(({ rejects }) => rejects)).toEqual([]);
    expect(rows).toEqual(good.flatMap(([, value]) => [[value], [value], [null]]));
  });
});

const refusing = typeCases.filter(({ bad }) => Object.keys(bad).length > 0);

describe.each(refusing)('$what', ({ type, good, bad }) => {
  it('reject the row of a cell that is none, saying what was expected but not what there was', () => {
    const wanted = Object.entries(bad).flatMap(([expected, texts]) => texts.map((text) => ({ expected, text })));
    const [first, value] = good[0]!;
    const text = wanted.map((cell) => `"${cell.text}"\n${first}\n`).join('');

    const { rows, batches } = decodeText(text, { schema: schemaOf(type) });

    expect(rows).toEqual(wanted.map(() => [value]));
    expect(batches.flatMap(({ rejects }) => rejects)).toEqual(
      wanted.map(({ expected }, i) => ({
        row: i * 2,
        code: 'VALUE_INVALID',
        message: `c0: expected ${expected}`,
        columns: ['c0'],
      })),
    );
  });
});

describe('a column', () => {
  it.each([new Float32(), new DateMillisecond(), new Dictionary(new Utf8(), new Int16())])(
    'of type %s is refused by name',
    (type) => {
      expect(() => decodeText('', { schema: schemaOf(new Utf8(), type) })).toThrow(
        expect.objectContaining({ code: 'TYPE_UNSUPPORTED', message: expect.stringContaining('column c1') }),
      );
    },
  );

  it('that is not nullable rejects rows without a value', () => {
    const schema = new Schema([new Field('Id', new Utf8(), false), new Field('n', new Int32(), false)]);

    const { rows, batches } = decodeText('a,1\n"",2\nb,\n,\n', { schema });

    expect(rows).toEqual([['a', 1]]);
    expect(batches[0]?.rejects).toEqual([
      { row: 1, code: 'VALUE_INVALID', message: 'Id: expected a value', columns: ['Id'] },
      { row: 2, code: 'VALUE_INVALID', message: 'n: expected a value', columns: ['n'] },
      { row: 3, code: 'VALUE_INVALID', message: 'Id: expected a value; n: expected a value', columns: ['Id', 'n'] },
    ]);
  });
});

describe('fraction digits beyond the scale', () => {
  const text = '1.005,1\n2.00,0.125\n,0.1\nx,0.001\n-1.005,1.0E-3\n';
  const schema = schemaOf(decimal(5, 2), decimal(5, 2));

  it('are rounded half away from zero and counted in the rows that arrive', () => {
    const { rows, batches } = decodeText(text, { schema });

    expect(rows).toEqual([
      [101n, 100n],
      [200n, 13n],
      [null, 10n],
      [-101n, 0n],
    ]);
    expect(batches[0]?.changes).toEqual([
      { column: 'c0', change: 'rounded', values: 2 },
      { column: 'c1', change: 'rounded', values: 2 },
    ]);
  });

  it('are counted batch by batch', () => {
    const { batches } = decodeText(text, { schema, batch: { rows: 2, bytes: 1000 } });

    expect(batches.map(({ changes }) => changes.map(({ column, values }) => `${column} ${values}`))).toEqual([
      ['c0 1', 'c1 1'],
      [],
      ['c0 1', 'c1 1'],
    ]);
  });

  it('reject the row on request', () => {
    const { rows, batches } = decodeText(text, { schema, excessDigits: 'error' });

    expect(rows).toEqual([[null, 10n]]);
    expect(batches[0]?.changes).toEqual([]);
    expect(batches[0]?.rejects.map(({ row, message }) => [row, message])).toEqual([
      [0, 'c0: expected at most 2 digits behind the point'],
      [1, 'c1: expected at most 2 digits behind the point'],
      [3, 'c0: expected a number; c1: expected at most 2 digits behind the point'],
      [4, 'c0: expected at most 2 digits behind the point; c1: expected at most 2 digits behind the point'],
    ]);
  });
});
