import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { outputOf } from './control-run.ts';
import { csv, file, type FileCopies, fileCopies, mappings } from './file-copies.ts';

const READ = { type: 'FileServerReadSettings' };

let copies: FileCopies;

beforeAll(async () => {
  copies = await fileCopies();
});

afterAll(async () => {
  await copies[Symbol.asyncDispose]();
});

describe('a copy from files', () => {
  beforeAll(async () => {
    for (const name of ['a.csv', 'b.csv', 'b1.csv', 'note.txt', 'y=2024/c.csv', 'y=2025/m=1/b.csv', 'x^.csv']) {
      await copies.write(`in/${name}`, `n\n${name}\n`);
    }
  });

  it.each<[string, object, readonly string[]]>([
    [
      'all, in subfolders too',
      {},
      ['a.csv', 'b.csv', 'b1.csv', 'note.txt', 'x^.csv', 'y=2024/c.csv', 'y=2025/m=1/b.csv'],
    ],
    ['none of subfolders', { recursive: false }, ['a.csv', 'b.csv', 'b1.csv', 'note.txt', 'x^.csv']],
    ['names with *', { wildcardFileName: 'b*.csv' }, ['b.csv', 'b1.csv', 'y=2025/m=1/b.csv']],
    ['names with ?, which may be nothing', { wildcardFileName: 'b?.csv', recursive: false }, ['b.csv', 'b1.csv']],
    ['an escaped character', { wildcardFileName: 'x^^.csv' }, ['x^.csv']],
    [
      'folders by pattern',
      { wildcardFolderPath: 'in/y=*', wildcardFileName: '*' },
      ['y=2024/c.csv', 'y=2025/m=1/b.csv'],
    ],
    ['the folder alone', { wildcardFolderPath: 'in/y=*', wildcardFileName: '*', recursive: false }, ['y=2024/c.csv']],
    ['a filter of the server', { fileFilter: '*.txt' }, ['note.txt']],
  ])('ST-02 chooses by settings: %s', async (_what, settings, names) => {
    const lines = await copies.lines({ from: csv('in/'), source: { storeSettings: { ...READ, ...settings } } });

    expect(lines).toEqual(names);
  });

  it('ST-02 reads the files of a list, relative to the folder of the dataset', async () => {
    await copies.write('lists/some.txt', 'b1.csv\r\ny=2024/c.csv\r\n');

    const storeSettings = { ...READ, fileListPath: 'lists/some.txt' };

    expect(await copies.lines({ from: csv('in/'), source: { storeSettings } })).toEqual(['b1.csv', 'y=2024/c.csv']);
  });

  it('ST-02 reads what was modified from one time to another, the second not included', async () => {
    for (const [day, name] of ['1', '2', '3'].entries()) {
      await copies.write(`times/${name}.csv`, `n\n${name}\n`);
      const time = Date.UTC(2026, 0, day + 1) / 1000;
      await utimes(join(copies.workspace.folder, `times/${name}.csv`), time, time);
    }
    const storeSettings = {
      ...READ,
      modifiedDatetimeStart: '2026-01-01T00:00:00Z',
      modifiedDatetimeEnd: '2026-01-03T00:00:00Z',
    };

    expect(await copies.lines({ from: csv('times/'), source: { storeSettings } })).toEqual(['1', '2']);
  });

  it('ST-02 makes columns of folders called key=value', async () => {
    const storeSettings = {
      ...READ,
      wildcardFolderPath: 'in/y=2024',
      wildcardFileName: '*',
      enablePartitionDiscovery: true,
    };

    expect(
      await copies.lines({
        from: csv('in/'),
        source: { storeSettings: { ...storeSettings, partitionRootPath: 'in' } },
      }),
    ).toEqual(['y=2024/c.csv,2024']);
  });

  it('ADD-02 gives the path of the file, relative to the folder of the dataset, in the place it is asked for', async () => {
    const additionalColumns = [
      { name: 'fixed', value: 'x' },
      { name: 'path', value: '$$FILEPATH' },
      { name: 'twin', value: '$$COLUMN:n' },
    ];
    const source = { additionalColumns, storeSettings: { ...READ, wildcardFileName: 'b.csv' } };

    expect(await copies.lines({ from: csv('in/'), source })).toEqual([
      'b.csv,x,b.csv,b.csv',
      'y=2025/m=1/b.csv,x,y=2025/m=1/b.csv,y=2025/m=1/b.csv',
    ]);
    expect((await copies.text('out/all.csv')).split('\r\n')[0]).toBe('n,fixed,path,twin');
    expect(await copies.lines({ from: csv('in/'), source, more: mappings([{ name: 'path' }, { name: 'p' }]) })).toEqual(
      ['b.csv', 'y=2025/m=1/b.csv'],
    );
  });

  it('MON-01 counts the files that were read', async () => {
    const result = await copies.copy({ from: csv('in/') });

    expect(outputOf(result.run, 'Copy')).toMatchObject({ filesRead: 7, filesWritten: 1, rowsRead: 7, rowsCopied: 7 });
  });

  it('FT-01 FT-02 FT-03 ERR-02 ends with a row that has too many cells, or skips and counts it', async () => {
    await copies.write('ragged/a.csv', 'n,t\n1,x\n2,y,z\n3,x\n');

    const failed = await copies.copy({ from: csv('ragged/a.csv') });
    const skipped = await copies.copy({ from: csv('ragged/a.csv'), more: { enableSkipIncompatibleRow: true } });

    expect(failed.run.message).toContain('ErrorCode=DelimitedTextMoreColumnsThanDefined');
    expect(failed.run.message).toContain('ragged/a.csv: row 1, byte 11: more than 2 cells');
    expect(outputOf(skipped.run, 'Copy')).toMatchObject({ rowsRead: 3, rowsCopied: 2, rowsSkipped: 1 });
    expect(await copies.text('out/all.csv')).toBe('n,t\r\n1,x\r\n3,x\r\n');
  });

  it('FM-01 reads the text of null in quotes or not, and in encodings of other names', async () => {
    await copies.write('nulls/a.csv', Buffer.from('n,t\nNULL,"NULL"\n\xe9,\n', 'latin1'));

    const from = csv('nulls/a.csv', { nullValue: 'NULL', encodingName: 'ISO-8859-1' });
    const { run } = await copies.copy({ from, to: file('Json', 'out/nulls.json') });

    expect(run.message).toBe('');
    expect(await copies.text('out/nulls.json')).toBe('{"n":null,"t":null}\n{"n":"é","t":""}\n');
  });

  it.each([
    ['gzip', (bytes: Uint8Array) => gzipSync(bytes), (bytes: Uint8Array) => gunzipSync(bytes)],
    ['deflate', undefined, (bytes: Uint8Array) => inflateRawSync(bytes)],
  ] as const)('FM-04 reads and writes text compressed with %s', async (compressionCodec, compress, expand) => {
    const target = csv('out/packed.csv', { compressionCodec, compressionLevel: 'Fastest' });
    await copies.copy({ from: csv('in/a.csv'), to: target });

    const written = await copies.bytes('out/packed.csv');
    expect(expand(written).toString()).toBe('n\r\na.csv\r\n');
    await copies.write('packed/a.csv', compress?.(Buffer.from('n\r\na.csv\r\n')) ?? written);
    expect(await copies.lines({ from: csv('packed/a.csv', { compressionCodec }) })).toEqual(['a.csv']);
  });

  it('FM-04 refuses, at the start, codecs there are none of', async () => {
    const refusal: unknown = await copies
      .copy({ from: csv('in/a.csv', { compressionCodec: 'bzip2' }) })
      .catch((error: unknown) => error);

    expect(refusal).toMatchObject({
      code: 'CONNECTOR_MISSING',
      message: expect.stringContaining('there is no connector for files compressed with bzip2 here'),
    });
  });

  it('FM-06 reads Parquet, types and all, and writes it in any of three codecs', async () => {
    await copies.write('rows.csv', 'n,t\n1.50,x\n-2.25,\n');
    const typed = mappings([{ name: 'n' }, { name: 'n', type: 'Decimal' }], [{ name: 't' }, { name: 't' }]);
    for (const compressionCodec of ['none', 'gzip', 'snappy']) {
      const parquet = file('Parquet', `out/${compressionCodec}.parquet`, { compressionCodec });
      await copies.copy({ from: csv('rows.csv'), to: parquet, more: typed });
      const { run } = await copies.copy({ from: parquet, to: file('Json', 'out/parquet.json') });

      expect(run.message).toBe('');
      expect(await copies.text('out/parquet.json')).toBe(
        '{"n":1.500000000000000000,"t":"x"}\n{"n":-2.250000000000000000,"t":null}\n',
      );
    }
  });

  it('FM-07 writes instants of Parquet as INT96 when told to, and reads them', async () => {
    await copies.write('rows.csv', 'at\n2026-01-31T08:05:00.123Z\n');
    const typed = mappings([{ name: 'at' }, { name: 'at', type: 'DateTime' }]);
    const parquet = file('Parquet', 'out/int96.parquet');

    await copies.copy({ from: csv('rows.csv'), to: parquet, more: typed, run: { timestamps: 'int96' } });
    const { run } = await copies.copy({ from: parquet, to: file('Json', 'out/int96.json') });

    expect(run.message).toBe('');
    expect((await copies.workspace.columns('int96.parquet'))[0]).toMatchObject({ name: 'at', type: 'INT96' });
    expect(await copies.text('out/int96.json')).toBe('{"at":"2026-01-31T08:05:00.123Z"}\n');
  });

  it('FM-06 ERR-02 names the file that is none', async () => {
    await copies.write('bad/a.parquet', 'PAR1 and no more');

    const { run } = await copies.copy({ from: file('Parquet', 'bad/a.parquet') });

    expect(run.message).toContain("Failure happened on 'Source' side. ErrorCode=ParquetInvalidFile");
    expect(run.message).toContain('bad/a.parquet');
  });
});
