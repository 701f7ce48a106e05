import { utimes } from 'node:fs/promises';
import { join } from 'node:path';

import { csv } from '@sluice/formats/csv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { pathPattern } from '../src/files/path-pattern.ts';
import { files } from '../src/index.ts';
import { type ReadOptions, tempFolder, type TempFolder } from './temp-folder.ts';

let folder: TempFolder;

const NAMES = ['in/a.csv', 'in/b.csv', 'in/b1.csv', 'in/d.txt', 'in/more/b.csv', 'in/more/deep/c.csv', 'in/s*.csv'];

beforeAll(async () => {
  folder = await tempFolder();
  for (const name of NAMES) await folder.write(name, `n\n${name}\n`);
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

async function namesOf(options: ReadOptions): Promise<readonly unknown[]> {
  return (await folder.rows(options)).map((row) => row['n']);
}

describe('files', () => {
  it('reads a folder in the order of paths, with the folders in it or without', async () => {
    expect(await namesOf({ path: 'in/' })).toEqual(NAMES);
    expect(await namesOf({ path: 'in/', recursive: false })).toEqual(NAMES.filter((name) => !name.includes('more')));
  });

  it('reads several files in the order they are named in, here or in a list', async () => {
    await folder.write('list.txt', '\uFEFFmore/b.csv\r\n\r\na.csv\r\n');

    expect(await namesOf({ path: ['in/d.txt', 'in/a.csv'] })).toEqual(['in/d.txt', 'in/a.csv']);
    expect(await namesOf({ path: 'in/', listFile: 'list.txt' })).toEqual(['in/more/b.csv', 'in/a.csv']);
    expect(await folder.failure({ path: ['in/a.csv', 'in/none.csv'] })).toMatchObject({
      code: 'OBJECT_UNKNOWN',
      message: 'there is no file in/none.csv',
    });
  });

  it('reads what was modified within the times given, the end not included', async () => {
    const times = [1_000_000, 2_000_000, 3_000_000];
    for (const [i, ms] of times.entries()) {
      await folder.write(`times/${i}.csv`, `n\n${i}\n`);
      await utimes(join(folder.path, `times/${i}.csv`), ms / 1000, ms / 1000);
    }

    expect(await namesOf({ path: 'times/', modified: { fromMs: 2_000_000 } })).toEqual(['1', '2']);
    expect(await namesOf({ path: 'times/', modified: { beforeMs: 2_000_000 } })).toEqual(['0']);
    expect(await folder.failure({ path: 'times/', modified: { fromMs: 4_000_000 } })).toMatchObject({
      code: 'OBJECT_UNKNOWN',
    });
  });

  it('says in a column which file a row is from, relative to the folder', async () => {
    const rows = await folder.rows({ path: 'in/', match: 'more/**', pathColumn: 'path' });

    expect(rows).toEqual([
      { n: 'in/more/b.csv', path: 'more/b.csv' },
      { n: 'in/more/deep/c.csv', path: 'more/deep/c.csv' },
    ]);
    expect(await folder.failure({ path: 'in/', pathColumn: 'n' })).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'files: column "n" is in the files already',
    });
  });

  it('makes columns of folders named so', async () => {
    await folder.write('parts/year=2024/month=1/a.csv', 'n\n1\n');
    await folder.write('parts/year=2025/month=__HIVE_DEFAULT_PARTITION__/b.csv', 'n\n2\n');

    expect(await folder.rows({ path: 'parts/', partitionRoot: 'parts/' })).toEqual([
      { n: '1', year: '2024', month: '1' },
      { n: '2', year: '2025', month: null },
    ]);

    await folder.write('parts/year=2026/c.csv', 'n\n3\n');

    expect(await folder.failure({ path: 'parts/', partitionRoot: 'parts/' })).toMatchObject({
      code: 'SCHEMA_CHANGED',
      message: 'parts/year=2026/c.csv lies in no folder month=…, as the first file does',
    });
  });

  it.each<[ReadOptions, string]>([
    [{ path: [] }, 'path'],
    [{ path: 'a.csv', match: '*' }, 'match'],
    [{ path: 'in/', match: '' }, 'match'],
    [{ path: 'a.csv', listFile: 'list.txt' }, 'listFile'],
    [{ path: 'in/', columns: [] }, 'columns'],
  ])('refuses %j', (options, mentioned) => {
    expect(() => files({ store: folder.store, format: csv(), ...options })).toThrow(mentioned);
  });
});

describe('pathPattern', () => {
  it.each<[string, readonly string[]]>([
    ['*.csv', ['in/a.csv', 'in/b.csv', 'in/b1.csv', 'in/s*.csv']],
    ['b?.csv', ['in/b.csv', 'in/b1.csv']],
    ['**/b.csv', ['in/b.csv', 'in/more/b.csv']],
    ['*/b.csv', ['in/more/b.csv']],
    ['more/**', ['in/more/b.csv', 'in/more/deep/c.csv']],
    ['**/deep/*', ['in/more/deep/c.csv']],
    ['s^*.csv', ['in/s*.csv']],
    ['?^.csv', ['in/a.csv', 'in/b.csv']],
    ['A.csv', []],
  ])('%s', (pattern, names) => {
    const { matches } = pathPattern(pattern);

    expect(NAMES.filter((name) => matches(name.slice('in/'.length)))).toEqual(names);
  });

  it('knows the folder that its paths are in', () => {
    expect(pathPattern('more/deep/*.csv').folder).toBe('more/deep/');
    expect(pathPattern('more/*/x.csv').folder).toBe('more/');
    expect(pathPattern('more/^*/x.csv').folder).toBe('more/');
    expect(pathPattern('*.csv').folder).toBe('');
  });
});
