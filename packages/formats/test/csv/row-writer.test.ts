import { valueCells } from '@sluice/core/cells';
import { Field, Int32, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import {
  type CellDialect,
  cellDialect,
  headerRow,
  type OpenCells,
  openColumn,
  RowWriter,
  textCells,
} from '../../src/csv/csv-rows.ts';

const dialect = cellDialect({ lineEnd: '\n', nullText: '#N/A' });

function textColumn(values: readonly (string | null)[], more: Partial<CellDialect> = {}): OpenCells {
  const { cells, validity } = openColumn(vectorFromArray(values, new Utf8()).data[0]!);
  const { nulls } = dialect;
  return { ...textCells({ ...dialect, ...more }, cells!, 'text'), validity, nulls };
}

function numberColumn(values: readonly (number | null)[], nulls: string): OpenCells {
  const { data, validity } = openColumn(vectorFromArray(values, new Int32()).data[0]!);
  const { maxBytes, open } = valueCells(new Field('n', new Int32(), true))!;
  return { write: open(data), maxBytes, validity, nulls: Buffer.from(nulls) };
}

function writer(): RowWriter {
  return new RowWriter(dialect);
}

describe('a writer of rows', () => {
  const columns = [textColumn(['a', null, 'c,d', '']), numberColumn([1, null, 3, 4], '')];

  it('writes the first rows, with what stands for null in each column', () => {
    expect(Buffer.from(writer().write(columns, 3)).toString()).toBe('a,1\n#N/A,\n"c,d",3\n');
  });

  it('writes the rows selected, in their order, and tells where each ends', () => {
    const selection = { rows: Uint32Array.of(3, 0, 2), rowEnds: new Uint32Array(3) };

    const bytes = writer().write(columns, 4, selection);

    expect(Buffer.from(bytes).toString()).toBe(',4\na,1\n"c,d",3\n');
    expect([...selection.rowEnds]).toEqual([3, 7, 15]);
  });

  it('writes batch after batch, whatever their sizes', () => {
    const rows = writer();
    const long = 'x"'.repeat(5000);

    for (const values of [['a'], [long, long], ['b']]) {
      const expected = values.map((value) => (value === long ? `"${long.replaceAll('"', '""')}"\n` : `${value}\n`));
      expect(Buffer.from(rows.write([textColumn(values)], values.length)).toString()).toBe(expected.join(''));
    }
  });

  it('writes every line end within text as LF where asked to', () => {
    const values = ['a\r\nb\rc\n', '\r', 'd"\r\r\n'];

    const unified = writer().write([textColumn(values, { unifiesLineEnds: true })], 3);

    expect(Buffer.from(unified).toString()).toBe('"a\nb\nc\n"\n"\n"\n"d""\n\n"\n');
    expect(Buffer.from(writer().write([textColumn(values)], 1)).toString()).toBe('"a\r\nb\rc\n"\n');
  });

  it('quotes text that equals what stands for null, and names that need it', () => {
    expect(Buffer.from(writer().write([textColumn(['#N/A', 'a"'])], 2)).toString()).toBe('"#N/A"\n"a"""\n');
    expect(Buffer.from(headerRow(['a', 'b,c'], dialect)).toString()).toBe('a,"b,c"\n');
  });
});
