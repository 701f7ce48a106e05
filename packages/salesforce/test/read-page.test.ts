import { SluiceError } from '@sluice/core';
import { Field, Int32, Schema, Utf8 } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { readPage, type PageRows, type PageTypes } from '../src/bulk-query/read-page.ts';
import type { ResultPage } from '../src/bulk-query/result-page.ts';
import { rowsOf } from './emulated-org.ts';
import { testRun } from './run-context.ts';
import { rejectionOf } from './thrown.ts';

const types: PageTypes = {
  headers: ['Id', 'N'],
  schema: new Schema([new Field('Id', new Utf8(), true), new Field('N', new Int32(), true)]),
  decimals: { excessDigits: 'round' },
};
const text = '"Id","N"\n"Größe 🚀","1"\n"a ""quoted""\nline","2"\n"","3"\n';
const bytes = Buffer.from(text);
const expected = [
  { Id: 'Größe 🚀', N: 1 },
  { Id: 'a "quoted"\nline', N: 2 },
  { Id: null, N: 3 },
];

function pageOf(chunks: readonly Uint8Array[], more: Partial<ResultPage> = {}): ResultPage {
  return {
    what: 'read result page 4 of query job 750xx',
    job: '750xx',
    chunks: (async function* () {
      for (const chunk of chunks) yield chunk;
    })(),
    announcedRows: 3,
    nextLocator: undefined,
    isEndMarked: true,
    [Symbol.dispose]: () => {},
    ...more,
  };
}

async function read(page: ResultPage, skipRows = 0, run = testRun({ batch: { rows: 2, bytes: 1024 } })) {
  const steps: PageRows[] = await Array.fromAsync(readPage(page, types, { row: skipRows }, run.ctx));
  return { steps, rows: steps.flatMap(({ delivery }) => (delivery === undefined ? [] : rowsOf(delivery))) };
}

describe('the rows of a page', () => {
  it('are the same at every split point of its bytes', async () => {
    for (let at = 0; at <= bytes.length; at += 1) {
      const { rows, steps } = await read(pageOf([bytes.subarray(0, at), bytes.subarray(at)]));
      expect(rows).toEqual(expected);
      expect(steps.map(({ row, isLast }) => [row, isLast])).toEqual([
        [2, false],
        [3, true],
      ]);
    }
  });

  it('end with one last step, also when the page ends with a batch', async () => {
    const { steps } = await read(pageOf([bytes]), 0, testRun({ batch: { rows: 1, bytes: 1024 } }));

    expect(steps.map(({ row, isLast, delivery }) => [row, isLast, delivery?.batch.numRows])).toEqual([
      [1, false, 1],
      [2, false, 1],
      [3, false, 1],
      [3, true, undefined],
    ]);
  });

  it.each([0, 1, 2, 3])('go on behind the first %i', async (skipRows) => {
    const { rows, steps } = await read(pageOf([bytes]), skipRows);

    expect(rows).toEqual(expected.slice(skipRows));
    expect(steps.at(-1)).toMatchObject({ row: 3, isLast: true });
  });

  it('cut off anywhere are truncated, when the connection does not tell', async () => {
    const results: unknown[] = [];
    for (let end = 1; end < bytes.length - 1; end += 1) {
      results.push(await rejectionOf(read(pageOf([bytes.subarray(0, end)], { isEndMarked: false }))).catch(() => end));
    }

    expect(results).toEqual(
      results.map(() => expect.objectContaining({ code: 'RESPONSE_TRUNCATED', retryable: true }) as unknown),
    );
  });

  it.each(['"Gr', '"Größe \u{1F680}', '"a ""quoted""\n', '"a ""quoted""\nline"', '"a ""quoted""\nline","'])(
    'cut off within a row are truncated, though their number is not known: %j',
    async (end) => {
      const body = Buffer.from(text.slice(0, text.indexOf(end) + end.length));

      expect(await rejectionOf(read(pageOf([body], { announcedRows: undefined })))).toMatchObject({
        code: 'RESPONSE_TRUNCATED',
        retryable: true,
      });
    },
  );

  it('that end well and are fewer than announced are no truncation', async () => {
    const whole = bytes.subarray(0, bytes.lastIndexOf('"","3"'));

    expect(await rejectionOf(read(pageOf([whole])))).toMatchObject({
      code: 'COUNT_MISMATCH',
      message: expect.stringContaining('3 rows were announced, 2 came'),
    });
  });

  it('may lack the last line end', async () => {
    expect((await read(pageOf([bytes.subarray(0, -1)]))).rows).toEqual(expected);
  });

  it('may be none: a header row, with or without its line end, or nothing at all', async () => {
    for (const body of ['"Id","N"\n', '"Id","N"', '']) {
      const { steps } = await read(pageOf([Buffer.from(body)], { announcedRows: 0 }));
      expect(steps).toMatchObject([{ delivery: undefined, row: 0, isLast: true }]);
    }
  });

  it('that are none where some were announced are not believed', async () => {
    expect(await rejectionOf(read(pageOf([], { isEndMarked: false })))).toMatchObject({ code: 'RESPONSE_TRUNCATED' });
    expect(await rejectionOf(read(pageOf([])))).toMatchObject({ code: 'COUNT_MISMATCH' });
  });

  it.each(['"Id"', '"Id","N"', '"Id","N'])(
    'announced behind a header row that ends as %s have been cut off',
    async (body) => {
      expect(await rejectionOf(read(pageOf([Buffer.from(body)])))).toMatchObject({ code: 'RESPONSE_TRUNCATED' });
    },
  );

  it('that are fewer than those delivered before have changed', async () => {
    expect(await rejectionOf(read(pageOf([bytes]), 4))).toMatchObject({ code: 'SOURCE_CHANGED' });
  });

  it('RW-11: take any notation of a whole number, and reject the row beyond the range, without the value', async () => {
    const body = Buffer.from('"Id","N"\n"a","5.0"\n"b","1.0E7"\n"c","8.0E9"\n"d","0.0"\n');
    const { steps, rows } = await read(pageOf([body], { announcedRows: 4 }), 0, testRun());

    expect(rows).toEqual([
      { Id: 'a', N: 5 },
      { Id: 'b', N: 10_000_000 },
      { Id: 'd', N: 0 },
    ]);
    const rejects = steps.flatMap(({ delivery }) => delivery?.rejects ?? []);
    expect(rejects).toMatchObject([{ row: 2, code: 'VALUE_INVALID', columns: ['N'] }]);
    expect(JSON.stringify(rejects)).not.toContain('8.0E9');
  });

  it('damaged in the middle are told with page and row, and without a value', async () => {
    const body = Buffer.from('"Id","N"\n"a","1"\n"secret"x,"2"\n"c","3"\n');

    const error = await rejectionOf(read(pageOf([body])));

    expect(error).toMatchObject({
      code: 'ROW_MALFORMED',
      retryable: false,
      message: expect.stringContaining('result page 4'),
    });
    expect(SluiceError.is(error) && error.message).not.toContain('secret');
  });

  it('keep NUL and line ends within text', async () => {
    const body = Buffer.from('"Id","N"\n"a\u0000b\r\nc","1"\r\n');

    expect((await read(pageOf([body], { announcedRows: 1 }))).rows).toEqual([{ Id: 'a\u0000b\r\nc', N: 1 }]);
  });
});
