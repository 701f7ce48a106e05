import { explain, read, type Row, SluiceError } from '@sluice/core';
import { csv, type CsvFormatOptions } from '@sluice/formats/csv';
import { Decimal, Field, Int32, Schema, type Utf8 } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { files } from '../src/index.ts';
import { collectedRows, tempFolder, type TempFolder } from './temp-folder.ts';

let folder: TempFolder;

beforeAll(async () => {
  folder = await tempFolder();
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

const rowsIn = (path: string, options: CsvFormatOptions = {}): Promise<readonly Row[]> =>
  folder.rows({ path, format: csv(options) });

const failureOf = (path: string): Promise<unknown> => folder.failure({ path });

describe('files of delimited text', () => {
  it('reads columns of text by the names in the header, empty cells as null', async () => {
    await folder.write('marks.csv', 'Name,Mark\r\nAccount,2026-01-31\r\n"Größe, 1",\r\n');

    expect(await rowsIn('marks.csv')).toEqual([
      { Name: 'Account', Mark: '2026-01-31' },
      { Name: 'Größe, 1', Mark: null },
    ]);
  });

  it('calls the columns Prop_0 and so on where there is no header, and skips lines ahead', async () => {
    await folder.write('bare.csv', '\uFEFFmade by hand\n\nthe 3rd\na,b\nc,d\n');

    expect(await rowsIn('bare.csv', { header: false, skipLines: 2 })).toEqual([
      { Prop_0: 'a', Prop_1: 'b' },
      { Prop_0: 'c', Prop_1: 'd' },
    ]);
  });

  it.each<[CsvFormatOptions, string | Uint8Array, string]>([
    [{ delimiter: '||', lineEnd: ';' }, 'a||b;1||"x||y";', 'x||y'],
    [{ escape: '\\' }, 'a,b\n1,"x\\"y\\\\"\n\n', 'x"y\\'],
    [{ quote: '', escape: '\\', delimiter: ',' }, 'a,b\r1,x\\,y\r', 'x,y'],
    [{ encoding: 'windows-1252', quote: "'" }, Buffer.from("a,b\n1,'Gr\xF6\xDFe'\n", 'latin1'), 'Größe'],
    [{ escape: '\\' }, Buffer.from('\uFEFFa,b\n1,ß\n', 'utf16le'), 'ß'],
  ])('reads the dialect %j', async (dialect, content, b) => {
    await folder.write('dialect.txt', content);

    expect(await rowsIn('dialect.txt', dialect)).toEqual([{ a: '1', b }]);
  });

  it.each<[CsvFormatOptions, string, readonly (string | null)[]]>([
    [{}, 'a,b\n,"x"\n"",NULL\n', [null, 'x', '', 'NULL']],
    [{ nullText: 'NULL' }, 'a,b\n,"NULL"\n"",NULL\n', ['', 'NULL', '', null]],
    [{ nullText: 'NULL', quotedNulls: true }, 'a,b\n,"NULL"\n"",NULL\n', ['', null, '', null]],
    [{ quotedNulls: true }, 'a,b\n,"x"\n"",NULL\n', [null, 'x', null, 'NULL']],
  ])('tells null from empty text by %j', async (options, content, cells) => {
    await folder.write('nulls.csv', content);

    const rows = await rowsIn('nulls.csv', options);

    expect(rows.flatMap((row) => [row['a'], row['b']])).toEqual(cells);
  });

  it('passes blank lines over where rows have several cells, in every dialect', async () => {
    await folder.write('blank-lines.csv', 'a,b\n1,2\n\n\r\n3,4\n\n');
    await folder.write('one-column.csv', 'a\n1\n\n3\n');

    for (const options of [{}, { escape: '\\' }]) {
      expect(await rowsIn('blank-lines.csv', options)).toEqual([
        { a: '1', b: '2' },
        { a: '3', b: '4' },
      ]);
      expect(await rowsIn('one-column.csv', options)).toEqual([{ a: '1' }, { a: null }, { a: '3' }]);
    }
  });

  it('reads declared types, by name, and passes other columns over', async () => {
    await folder.write('typed/a.csv', 'n,other,amount\n1,x,1.50\n');
    await folder.write('typed/b.csv', 'amount,n\n9999999999999999.99,2\n');
    const schema = new Schema([new Field('amount', new Decimal(2, 18, 128), true), new Field('n', new Int32(), true)]);

    expect(await folder.rows({ path: 'typed/', schema })).toEqual([
      { amount: '1.50', n: 1 },
      { amount: '9999999999999999.99', n: 2 },
    ]);
  });

  it('reads columns of other files by name, and those asked for alone', async () => {
    await folder.write('moved/a.csv', 'x,y\n1,2\n');
    await folder.write('moved/b.csv', 'y,x\n4,3\n');

    expect(await folder.rows({ path: 'moved/' })).toEqual([
      { x: '1', y: '2' },
      { x: '3', y: '4' },
    ]);
    expect(await folder.rows({ path: 'moved/', columns: ['y'] })).toEqual([{ y: '2' }, { y: '4' }]);
    expect(await folder.failure({ path: 'moved/', columns: ['z'] })).toMatchObject({
      code: 'FIELD_UNKNOWN',
      message: 'moved/a.csv has no column "z"',
    });
  });

  it('refuses what is not there, a file without a row, blank names and other columns', async () => {
    await folder.write('other/a.csv', 'x,y\n1,2\n');
    await folder.write('other/b.csv', 'x,z\n1,2\n');
    await folder.write('empty.csv', '');
    await folder.write('blank.csv', 'x,\n1,2\n');
    await folder.write('wide.csv', 'x,y\n1,2\n1,2,3\n');

    expect(await failureOf('none.csv')).toMatchObject({ code: 'OBJECT_UNKNOWN' });
    expect(await failureOf('nowhere/')).toMatchObject({ code: 'OBJECT_UNKNOWN' });
    expect(await failureOf('other/')).toMatchObject({
      code: 'SCHEMA_CHANGED',
      message: 'other/b.csv: column "y" is not there',
    });
    expect(await failureOf('empty.csv')).toMatchObject({ code: 'ROW_MALFORMED' });
    expect(await failureOf('blank.csv')).toMatchObject({
      code: 'ROW_MALFORMED',
      details: { factoryCode: 'DelimitedTextColumnNameNotAllowNull' },
    });
    expect(await failureOf('wide.csv')).toMatchObject({
      code: 'ROW_MALFORMED',
      message: expect.stringMatching(/^wide\.csv: row 1/) as string,
    });
  });

  it('refuses a file that changed after it was planned', async () => {
    await folder.write('moving.csv', 'n\n1\n');
    const source = files({ store: folder.store, path: 'moving.csv', format: csv() });
    const changing = {
      ...source,
      async *splits(...args: Parameters<typeof source.splits>) {
        await folder.write('moving.csv', 'n\n1\n2\n');
        yield* source.splits(...args);
      },
    };

    const failure: unknown = await Array.fromAsync(read(changing)).catch((error: unknown) => error);

    expect(SluiceError.is(failure) && failure.code).toBe('SOURCE_CHANGED');
  });

  it.each<[string, string | Uint8Array, string]>([
    ['an unterminated quote', 'a,b\n1,"2\n3,4\n', 'bad.csv: row 0, column 2 (b), byte 7: no closing quote'],
    ['too few cells', 'a,b\n1,2\n3\n', 'bad.csv: row 1, byte 9: 1 of 2 cells'],
    ['a stray quote', 'a,b\n1,2"\n', 'bad.csv: row 0, column 2 (b), byte 7: a quote inside unquoted text'],
    [
      'bytes that are not UTF-8',
      Buffer.from('a,b\n1,\xe9\n', 'latin1'),
      'bad.csv: row 0, column 2 (b), byte 6: text that is not UTF-8',
    ],
    [
      'names that are not UTF-8',
      Buffer.from('\xe9,b\n1,2\n', 'latin1'),
      'bad.csv: the header row is text that is not UTF-8',
    ],
    ['an unterminated quote among the names', 'a,"b\n1,2\n', 'bad.csv: the header row has no closing quote'],
    ['two columns of one name', 'a,a\n1,2\n', 'bad.csv: two columns are called "a" in the header row'],
  ])('ends with one error that names file, row and column for %s', async (_what, content, message) => {
    await folder.write('bad.csv', content);

    expect(await failureOf('bad.csv')).toMatchObject({ code: 'ROW_MALFORMED', message });
  });

  it('rejects rows that are none when asked to, and never moves a cell', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i},x${i}`);
    rows[3] = '3';
    rows[10] = '10,"x\n10",more';
    rows[11] = '11,x"11';
    rows[20] = '20,\xe9';
    rows[39] = '39,"x39"y';
    await folder.write('some-bad.csv', Buffer.from(`id,text\n${rows.join('\n')}`, 'latin1'));
    const source = files({ store: folder.store, path: 'some-bad.csv', format: csv({ malformedRows: 'reject' }) });

    const { rows: kept, receipt } = await collectedRows(source);

    const bad = new Set([3, 10, 11, 20, 39]);
    expect(kept).toEqual(rows.flatMap((_, i) => (bad.has(i) ? [] : [{ id: String(i), text: `x${i}` }])));
    expect(
      receipt.rejects.map(({ code, message, columns, rows: count, firstRow }) => [
        code,
        message,
        columns,
        count,
        firstRow,
      ]),
    ).toEqual([
      ['ROW_MALFORMED', 'some-bad.csv: 1 of 2 cells', [], 1, 3],
      ['ROW_MALFORMED', 'some-bad.csv: more than 2 cells', [], 1, 10],
      ['ROW_MALFORMED', 'some-bad.csv: text: a quote inside unquoted text', ['text'], 1, 11],
      ['ROW_MALFORMED', 'some-bad.csv: text: text that is not UTF-8', ['text'], 1, 20],
      ['ROW_MALFORMED', 'some-bad.csv: text: text after the closing quote', ['text'], 1, 39],
    ]);
  });

  it('plans by the header alone', async () => {
    await folder.write('plan.csv', 'a,b\n');

    const plan = await explain(files({ store: folder.store, path: 'plan.csv', format: csv() }));

    expect(plan.schema.fields.map(({ name, type, nullable }) => [name, String(type as Utf8), nullable])).toEqual([
      ['a', 'Utf8', true],
      ['b', 'Utf8', true],
    ]);
    expect(plan.estimate).toEqual({ bytes: 4 });
  });
});
