import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { documentOf } from './copy-workspace.ts';
import { sluiceHere } from './sluice-here.ts';
import type { Ended } from './sluice-process.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-files-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function sluice(...args: readonly string[]): Promise<Ended> {
  return await sluiceHere([...args, '--state', join(folder, 'state')], { cwd: folder, env: {} });
}

async function copyFiles(from: string, to = 'path: out.json, format: json'): Promise<Ended> {
  await writeFile(join(folder, 'c.yaml'), `from: { files: { root: ., ${from} } }\nto: { files: { root: ., ${to} } }\n`);
  return await sluice('copy', 'c.yaml', '--quiet', '--output', 'json');
}

const SCHEMA = 'schema: [{ name: id, type: int32 }, { name: amount, type: "decimal(18, 2)" }]';
const TEXT = 'id,note,amount\n1,a,10.5\n2,b,-0.01\n';

describe('sluice copy between files', () => {
  it('reads compressed text with the columns and types declared, and writes compressed JSON', async () => {
    await writeFile(join(folder, 'in.csv.gz'), gzipSync(TEXT));

    const ended = await copyFiles(
      `path: in.csv.gz, format: { csv: { compression: gzip } }, ${SCHEMA}`,
      'path: out.json.gz, format: { json: { compression: gzip } }',
    );

    expect(documentOf(ended)).toMatchObject({ status: 'committed', receipt: { readRows: 2, writtenRows: 2 } });
    const written = gunzipSync(await readFile(join(folder, 'out.json.gz'))).toString();
    expect(
      written
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual([
      { id: 1, amount: 10.5 },
      { id: 2, amount: -0.01 },
    ]);
  });

  it('gives JSON the types declared, deflated or not', async () => {
    await writeFile(join(folder, 'in.json'), '{"id":"7","amount":"1.10"}\n');

    const there = await copyFiles(
      `path: in.json, format: json, ${SCHEMA}`,
      'path: d, format: { arrow: { compression: deflate } }',
    );
    const back = await copyFiles('path: d, format: { arrow: { compression: deflate } }');

    expect([there.code, back.code]).toEqual([0, 0]);
    expect(JSON.parse(await readFile(join(folder, 'out.json'), 'utf8'))).toEqual({ id: 7, amount: 1.1 });
  });

  it.each<readonly [what: string, from: string, code: number, message: string]>([
    ['a file that is not there', 'path: none.csv, format: csv', 2, 'OBJECT_UNKNOWN'],
    ['a folder in place of a file', 'path: folder, format: csv', 2, 'OBJECT_UNKNOWN'],
    ['a folder without files', 'path: folder/, format: csv', 2, 'OBJECT_UNKNOWN'],
    ['text in place of Parquet', 'path: in.csv, format: parquet', 1, 'FILE_CORRUPT'],
    ['text that is not compressed', 'path: in.csv, format: { csv: { compression: gzip } }', 1, 'FILE_CORRUPT'],
    ['a file cut short', 'path: cut.csv.gz, format: { csv: { compression: gzip } }', 1, 'FILE_CORRUPT'],
    ['a row of too many cells', 'path: ragged.csv, format: csv', 1, 'ROW_MALFORMED'],
    ['a column that is not there', 'path: in.csv, format: csv, columns: [nix]', 2, 'nix'],
    ['an empty file', 'path: empty.csv, format: csv', 1, 'ROW_MALFORMED'],
  ])('ends with one error for %s, and leaves no file', async (_what, from, code, message) => {
    await mkdir(join(folder, 'folder'));
    await writeFile(join(folder, 'in.csv'), TEXT);
    await writeFile(join(folder, 'empty.csv'), '');
    await writeFile(join(folder, 'ragged.csv'), `${TEXT}3,c,1,1\n`);
    await writeFile(join(folder, 'cut.csv.gz'), gzipSync(TEXT).subarray(0, -9));

    const ended = await copyFiles(from);

    const { error } = documentOf(ended) as { readonly error: { readonly code: string; readonly message: string } };
    expect(`${error.code} ${error.message}`).toContain(message);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(/^error [A-Z_]+: /);
    await expect(readFile(join(folder, 'out.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('takes a folder for no configuration', async () => {
    await mkdir(join(folder, 'conf'));

    const ended = await sluice('copy', 'conf');

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('error CONFIG_INVALID: the configuration conf cannot be read: it is a folder');
  });
});
