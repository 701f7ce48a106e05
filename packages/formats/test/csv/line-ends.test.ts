import type { Delivery, RowPlace } from '@sluice/core';
import { Utf8 } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { csv, type CsvFormatOptions } from '../../src/csv/csv.ts';
import { bytesOf, cutAt, rowsOf, schemaOf } from './decoded-rows.ts';

/** The same text straight and turned into CSV first. */
const DIALECTS: readonly CsvFormatOptions[] = [{ header: false }, { header: false, comment: '~' }];

async function* chunksOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function deliveriesOf(
  chunks: readonly Uint8Array[],
  options: CsvFormatOptions,
  { columns = 2, from }: { readonly columns?: number; readonly from?: RowPlace } = {},
): Promise<readonly Delivery<RowPlace>[]> {
  const schema = schemaOf(...Array.from({ length: columns }, () => new Utf8()));
  const batch = { rows: 2, bytes: 1e6 };
  const { signal } = new AbortController();
  const decoding = { schema, batch, signal, ...(from === undefined ? {} : { from }) };
  return await Array.fromAsync(csv(options).decode!(chunksOf(chunks), decoding));
}

async function rowsIn(text: string, options: CsvFormatOptions, columns?: number): Promise<readonly unknown[]> {
  const deliveries = await deliveriesOf([bytesOf(text)], options, columns === undefined ? {} : { columns });
  return deliveries.flatMap(({ batch }) => rowsOf(batch));
}

describe.each(DIALECTS)('rows of text as %j', (dialect) => {
  it('end in CR alone where the first of them does, wherever chunks are cut, and can be gone on with', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'ß', '"', ',', '\n', '\r', ' '), minLength: 1, maxLength: 6 });
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(table, fc.array(fc.nat(), { maxLength: 8 }), fc.boolean(), async (rows, cuts, hasLastEnd) => {
        const lines = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
        const bytes = bytesOf(lines.join('\r') + (hasLastEnd ? '\r' : ''));
        const cut = cuts.map((at) => at % (bytes.length + 1));

        const deliveries = await deliveriesOf(cutAt(bytes, cut), dialect);
        const { position } = deliveries[0]!;
        const behind = bytes.subarray(position?.byteOffset ?? 0);
        const rest = await deliveriesOf([behind], dialect, position === undefined ? {} : { from: position });

        expect(deliveries.flatMap(({ batch }) => rowsOf(batch))).toEqual(rows);
        expect(rest.flatMap(({ batch }) => rowsOf(batch))).toEqual(rows.slice(2));
      }),
      { numRuns: 150, seed: inject('seed') },
    );
  });

  it('end in LF or CRLF where the first of them does, and then a CR alone is text', async () => {
    expect(await rowsIn('a,b\nc\r,d\re\r\n', dialect)).toEqual([
      ['a', 'b'],
      ['c\r', 'd\re'],
    ]);
    expect(await rowsIn('a,b\r\nc,d\r', dialect)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('end in CR alone, LF and CRLF where the first ends in CR alone', async () => {
    const rows = ['a', 'b', 'c', 'd'].map((text) => [text]);

    expect(await rowsIn('a\rb\nc\r\nd', dialect, 1)).toEqual(rows);
    expect(await rowsIn('"a"\r"b"\r\n"c"\n"d"\r', dialect, 1)).toEqual(rows);
  });

  it('are blank where nothing is on a line, whatever stands for null', async () => {
    expect(await rowsIn('a,b\n\n\r\nc,d\n\n', { ...dialect, nullText: 'NIL' })).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(await rowsIn('a\n\nb\n', { ...dialect, nullText: 'NIL' }, 1)).toEqual([['a'], [null], ['b']]);
  });
});

it('names of columns are found in a file whose rows end in CR alone', async () => {
  const [delivery] = await deliveriesOf([bytesOf('c1,c0\rx,y\r')], {});

  expect(rowsOf(delivery!.batch)).toEqual([['y', 'x']]);
});
