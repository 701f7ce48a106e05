import { batchBytes, sameSchema } from '@sluice/core';
import { Bool, Decimal, Field, Int32, Schema, TimestampMillisecond, Utf8 } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { csvDecoder } from '../../src/csv/csv-decoder.ts';
import { bytesOf, cutAt, decode, decodeText, rowsOf, schemaOf, textSchema } from './decoded-rows.ts';

const sizesOf = (text: string, batch: { rows: number; bytes: number }, schema: Schema = textSchema(1)) =>
  decodeText(text, { schema, batch }).batches.map(({ rows }) => rows);

describe('batches', () => {
  it('end at the bound of rows', () => {
    expect(sizesOf('a\nb\nc\nd\ne\n', { rows: 2, bytes: 1000 })).toEqual([2, 2, 1]);
    expect(sizesOf('a\nb\nc\nd\n', { rows: 2, bytes: 1000 })).toEqual([2, 2]);
    expect(sizesOf('a\nb\n', { rows: 1, bytes: 1000 })).toEqual([1, 1]);
  });

  it('end ahead of the row that would take them beyond the bound of bytes', () => {
    // A row of text takes four bytes besides its text.
    expect(sizesOf('aaaa\nbbbb\ncccc\ndddd\n', { rows: 100, bytes: 16 })).toEqual([2, 2]);
    expect(sizesOf('aaaa\nbbbb\ncccc\ndddd\n', { rows: 100, bytes: 23 })).toEqual([2, 2]);
    expect(sizesOf('aaaa\nbbbb\ncccc\ndddd\n', { rows: 100, bytes: 24 })).toEqual([3, 1]);
  });

  it('hold one row where that alone is beyond the bound', () => {
    const { batches } = decodeText(`a\n${'b'.repeat(100)}\nc\nd\n`, {
      schema: textSchema(1),
      batch: { rows: 9, bytes: 20 },
    });

    expect(batches.map(({ batch }) => rowsOf(batch).length)).toEqual([1, 1, 2]);
  });

  it('are measured as the engine measures them, quotes undoubled', () => {
    const schema = schemaOf(
      new Utf8(),
      new Int32(),
      new Bool(),
      new Decimal(2, 18, 128),
      new TimestampMillisecond('UTC'),
    );
    const row = '"""ä""",5,true,1.0,2024-04-16T19:00:00.000Z\n';
    const bytesPerRow = 4 + 4 + 4 + 1 + 16 + 8;
    const text = row.repeat(10);

    const { batches } = decodeText(text, { schema, batch: { rows: 100, bytes: 3 * bytesPerRow } });

    expect(batches.map(({ batch }) => batchBytes(batch))).toEqual([3, 3, 3, 1].map((rows) => rows * bytesPerRow));
  });

  it('have exactly the schema given, metadata included', () => {
    const field = new Field('Id', new Utf8(), false, new Map([['label', 'Record ID']]));
    const schema = new Schema([field], new Map([['object', 'Account']]));

    const { batches } = decodeText('a\n', { schema });

    expect(batches.map(({ batch }) => sameSchema(schema, batch.schema))).toEqual([undefined]);
  });

  it('are none where there is no row', () => {
    expect(decodeText('', { schema: textSchema(2) }).batches).toEqual([]);
  });

  it('keep their contents while others are made, and share no buffer', () => {
    const schema = schemaOf(new Utf8(), new Int32(), new Bool());
    const text = Array.from({ length: 1000 }, (_, i) => `"row ${i}",${i},${i % 3 === 0}\n,,\n`).join('');
    const chunk = bytesOf(text);
    const decoder = csvDecoder({ schema, columns: [0, 1, 2], batch: { rows: 100, bytes: 1e6 } });

    const batches = [...decoder.write(chunk)].map(({ batch }) => batch);
    chunk.fill(0x2c);
    batches.push(...[...decoder.end()].map(({ batch }) => batch));

    expect(batches.flatMap(rowsOf)).toEqual(
      Array.from({ length: 2000 }, (_, i) =>
        i % 2 === 1 ? [null, null, null] : [`row ${i / 2}`, i / 2, (i / 2) % 3 === 0],
      ),
    );
    const buffers = batches.flatMap(({ data }) =>
      data.children.flatMap(({ values, nullBitmap, valueOffsets }) =>
        [values, nullBitmap, valueOffsets]
          .filter((array) => array !== undefined)
          .map((array: Uint8Array) => array.buffer),
      ),
    );
    expect(new Set(buffers).size).toBe(buffers.length);
    expect(buffers).toHaveLength(20 * 7);
  });

  it('do not keep much more memory alive than they hold', () => {
    const schema = schemaOf(new Utf8(), new Int32());
    const text = `${'"some text of a certain length",1\n'.repeat(10_000)}"x",2\n`;
    const { batches } = decodeText(text, { schema, batch: { rows: 10_000, bytes: 1e7 } });

    const held = batches.map(({ batch }) =>
      batch.data.children.reduce((sum, { values }) => sum + (values as Uint8Array).buffer.byteLength, 0),
    );

    expect(held[0]).toBeLessThan(2 * 10_000 * (30 + 4));
    expect(held[1]).toBeLessThan(64);
  });

  it('are the same however the bytes arrive', () => {
    const cell = fc.oneof(
      fc.constant(''),
      fc.string({ maxLength: 12, unit: fc.constantFrom('a', '"', 'é', '\n', ',') }),
    );
    const table = fc.array(fc.tuple(cell, fc.constantFrom('1', '', 'x', '2.5', '70000')), { maxLength: 40 });
    const bounds = fc.record({ rows: fc.integer({ min: 1, max: 12 }), bytes: fc.integer({ min: 1, max: 200 }) });
    const schema = schemaOf(new Utf8(), new Decimal(0, 4, 128));
    fc.assert(
      fc.property(table, bounds, fc.array(fc.nat(), { maxLength: 20 }), fc.nat(45), (rows, batch, cuts, skipRows) => {
        const text = rows.map(([a, b]) => `"${a.replaceAll('"', '""')}",${b}\r\n`).join('');
        const bytes = bytesOf(text);
        const seen = (chunks: readonly Uint8Array[]) => {
          const { batches, decoder } = decode(chunks, { schema, batch, skipRows });
          const contents = batches.map(({ batch, ...rest }) => ({ ...rest, cells: rowsOf(batch) }));
          return { contents, rows: decoder.rows, byteOffset: decoder.byteOffset };
        };

        const whole = seen([bytes]);

        expect(
          seen(
            cutAt(
              bytes,
              cuts.map((cut) => cut % (bytes.length + 1)),
            ),
          ),
        ).toEqual(whole);
        expect(whole.rows).toBe(rows.length);
        expect(whole.byteOffset).toBe(bytes.length);
        for (const { rows } of whole.contents) expect(rows).toBeLessThanOrEqual(batch.rows);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe('rejected rows', () => {
  const schema = schemaOf(new Int32(), new Utf8(), new Bool(), new Decimal(1, 9, 128));
  const text = 'x,a,true,1\n1,b,maybe,2\n2,,true,\n3,d,,3.25\n4,e,x,x\n,f,false,5\n';

  it('are left out of the batch, and numbered among all of its rows', () => {
    const { batches, rows } = decodeText(text, { schema });

    expect(rows).toEqual([
      [2, null, true, null],
      [3, 'd', null, 33n],
      [null, 'f', false, 50n],
    ]);
    expect(batches).toHaveLength(1);
    expect(batches[0]).toMatchObject({
      rows: 6,
      rejects: [
        { row: 0, columns: ['c0'] },
        { row: 1, columns: ['c2'] },
        { row: 4, columns: ['c2', 'c3'] },
      ],
      changes: [{ column: 'c3', values: 1 }],
    });
  });

  it('count from the start of their own batch and take up its room', () => {
    const { batches } = decodeText(text, { schema, batch: { rows: 2, bytes: 1e6 } });

    expect(batches.map(({ batch, rows, rejects }) => [batch.numRows, rows, rejects.map(({ row }) => row)])).toEqual([
      [0, 2, [0, 1]],
      [2, 2, []],
      [1, 2, [0]],
    ]);
  });

  it('leave the others as they would be without them', () => {
    const cells = fc.tuple(
      fc.constantFrom('1', '', '2', 'bad'),
      fc.constantFrom('', 'a', 'text of some length'),
      fc.constantFrom('true', '', 'false', 'bad'),
      fc.constantFrom('1.25', '', '3', 'bad'),
    );
    fc.assert(
      fc.property(fc.array(cells, { maxLength: 60 }), (table) => {
        const textOf = (rows: typeof table) => rows.map((row) => `${row.join(',')}\n`).join('');
        const good = table.filter((row) => !row.includes('bad'));

        const decoded = decodeText(textOf(table), { schema });
        const expected = decodeText(textOf(good), { schema });

        expect(decoded.rows).toEqual(expected.rows);
        expect(decoded.batches[0]?.changes ?? []).toEqual(expected.batches[0]?.changes ?? []);
        expect(decoded.batches[0]?.rejects.map(({ row }) => row) ?? []).toEqual(
          table.flatMap((row, i) => (row.includes('bad') ? [i] : [])),
        );
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe('positions', () => {
  const text = '"a","1"\r\n"b","x"\r\n"ü""","3"\r\n"d","4"\r\n"e","5"';
  const schema = schemaOf(new Utf8(), new Int32());

  it('are those behind the last batch delivered', () => {
    const decoder = csvDecoder({ schema, columns: [0, 1], batch: { rows: 2, bytes: 1e6 }, byteOffset: 10 });
    const places = [[decoder.rows, decoder.byteOffset]];
    for (const batches of [decoder.write(bytesOf(text)), undefined]) {
      for (const { rows } of batches ?? decoder.end()) places.push([rows, decoder.rows, decoder.byteOffset]);
    }

    expect(places).toEqual([
      [0, 10],
      [2, 2, 28],
      [2, 4, 49],
      [1, 5, 56],
    ]);
  });

  it('let another decoder go on from there', () => {
    const bytes = bytesOf(text);
    const whole = decode([bytes], { schema }).rows;
    const decoder = csvDecoder({ schema, columns: [0, 1], batch: { rows: 2, bytes: 1e6 } });
    const [first] = decoder.write(bytes);
    const { rows, byteOffset } = decoder;

    expect(first?.rows).toBe(2);
    expect(decode([bytes.subarray(byteOffset)], { schema }).rows).toEqual(whole.slice(1));
    expect(decode([bytes], { schema, skipRows: rows }).rows).toEqual(whole.slice(1));
  });

  it('count skipped rows, whose values nobody looks at', () => {
    const { rows, batches, decoder } = decodeText(text, { schema, skipRows: 2 });

    expect(rows).toEqual([
      ['ü"', 3],
      ['d', 4],
      ['e', 5],
    ]);
    expect(batches.map(({ rows, rejects }) => [rows, rejects])).toEqual([[3, []]]);
    expect(decoder.rows).toBe(5);
  });

  it('tell when a file has fewer rows than were to be skipped', () => {
    const { batches, decoder } = decodeText(text, { schema, skipRows: 9 });

    expect(batches).toEqual([]);
    expect([decoder.rows, decoder.byteOffset]).toEqual([5, 46]);
  });

  it('stop at damage in skipped rows too', () => {
    expect(() => decodeText('a,1\nb\n', { schema, skipRows: 2 })).toThrow(
      expect.objectContaining({ code: 'ROW_MALFORMED', message: expect.stringContaining('row 1') }),
    );
  });
});

describe('a decoder', () => {
  const options = { schema: textSchema(1), columns: [0], batch: { rows: 1, bytes: 1000 } };

  it('decodes a batch only when it is asked for', () => {
    const decoder = csvDecoder(options);
    const batches = decoder.write(bytesOf('a\nb\nc\n'));
    expect(decoder.rows).toBe(0);

    batches.next();
    expect(decoder.rows).toBe(1);
    batches.next();
    expect(decoder.rows).toBe(2);
  });

  it.each(['write', 'end'] as const)('refuses %s before the last iteration is at its end', (method) => {
    const decoder = csvDecoder(options);
    decoder.write(bytesOf('a\n'));

    expect(() => decoder[method](bytesOf('b\n'))).toThrow(expect.objectContaining({ code: 'CONTRACT_BROKEN' }));
  });

  it('refuses to go on after its end', () => {
    const decoder = csvDecoder(options);
    expect([...decoder.end()]).toEqual([]);

    expect(() => decoder.write(bytesOf('b\n'))).toThrow(expect.objectContaining({ code: 'CONTRACT_BROKEN' }));
  });

  it('takes empty chunks', () => {
    const decoder = csvDecoder(options);

    expect([...decoder.write(new Uint8Array(0))]).toEqual([]);
    expect([...decoder.write(bytesOf('a'))]).toEqual([]);
    expect([...decoder.write(new Uint8Array(0))]).toEqual([]);
    expect([...decoder.end()].map(({ rows }) => rows)).toEqual([1]);
  });
});
