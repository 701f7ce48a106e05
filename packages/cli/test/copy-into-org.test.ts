import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { openDefaultOrg } from '@sluice/salesforce-emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type CopyWorkspace, copyWorkspace, documentOf } from './copy-workspace.ts';
import { PROCESS_TIMEOUT_MS } from './sluice-process.ts';

let workspace: CopyWorkspace;

beforeAll(async () => {
  workspace = await copyWorkspace({ org: openDefaultOrg({ empty: true }) });
});

afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
});

const ORG = [
  '',
  'environmentUrl: ${env:SF_URL}',
  "apiVersion: '64.0'",
  'clientId: ${env:SF_CLIENT_ID}',
  'clientSecret: ${env:SF_SECRET}',
].join('\n    ');

/** Loads `in.csv` into countries by their code. */
const LOAD = `
from:
  files: { root: ., path: in.csv, format: csv }
to:
  salesforce:${ORG}
    object: Country__c
    operation: upsert
    externalId: Code__c
    poll: { firstMs: 50, startMs: 50 }
map:
  columns:
    - { take: code, as: Code__c }
    - { take: name, as: Name }
    - { take: id, as: Source_Id__c, type: 'decimal(18, 0)' }
    - { constant: EU, as: Continent__c, type: text }
`;

async function load(text: string, more: string): Promise<Awaited<ReturnType<CopyWorkspace['run']>>> {
  await writeFile(join(workspace.folder, 'in.csv'), text);
  await writeFile(join(workspace.folder, 'load.yaml'), LOAD + more);
  return await workspace.run('copy', 'load.yaml', '--output', 'json', '--quiet');
}

describe('sluice copy into an org', { timeout: PROCESS_TIMEOUT_MS }, () => {
  it('renames, casts and adds columns on the way, and writes ids of what it made beside', async () => {
    const ended = await load(
      'id,code,name\n7,AA,First\n8,BB,Second\n',
      `written: { root: ids, path: ids.json, format: json }\n`,
    );

    expect(documentOf(ended)).toMatchObject({ status: 'committed', receipt: { readRows: 2, writtenRows: 2 } });
    const ids = (await readFile(join(workspace.folder, 'ids/ids.json'), 'utf8')).trim().split('\n');
    expect(ids.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ code: 'AA', _id: expect.stringMatching(/^a00/), _created: true }),
      expect.objectContaining({ code: 'BB', _created: true }),
    ]);
  });

  it('puts rejected rows with their reasons where it is told to', async () => {
    const ended = await load(
      'id,code,name\n9,CC,Third\n10,TOO LONG,Fourth\nx,DD,Fifth\n',
      `maxRejects: { share: 0.9 }\nrejected: { root: bad, path: rows.json, format: json }\n`,
    );

    expect(documentOf(ended)).toMatchObject({ receipt: { readRows: 3, writtenRows: 1, rejectedRows: 2 } });
    const rows = (await readFile(join(workspace.folder, 'bad/rows.json'), 'utf8')).trim().split('\n');
    expect(rows.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({
        code: 'TOO LONG',
        _stage: expect.any(String),
        _message: expect.stringContaining('Code__c'),
      }),
      expect.objectContaining({ code: 'DD', _stage: 'map', _columns: 'id' }),
    ]);
  });

  it('is stopped by Ctrl-C, and has every row once when it goes on', async () => {
    await using stopped = await copyWorkspace({ org: openDefaultOrg({ empty: true }), ingest: { hold: true } });
    const { emulator, folder } = stopped;
    await writeFile(join(folder, 'in.csv'), 'id,code,name\n1,EE,First\n2,FF,Second\n3,GG,Third\n');
    await writeFile(join(folder, 'load.yaml'), LOAD);
    const loading = stopped.start('copy', 'load.yaml', '--id', 'stopped');
    const isClosed = { method: 'PATCH', path: /\/jobs\/ingest\/750\w+$/ } as const;
    await emulator.requests.waitFor((_request, log) => log.matching(isClosed).some(({ end }) => end === 'answered'));

    loading.kill('SIGINT');
    const ended = await loading.ended;
    emulator.ingestJobs.all[0]!.release();
    const resumed = await stopped.run('resume', 'stopped', '--output', 'json');

    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain('cancelled: run stopped is kept');
    expect(documentOf(resumed)).toMatchObject({ status: 'committed', receipt: { readRows: 3, writtenRows: 3 } });
    expect(emulator.ingestJobs.all.map(({ processedRows }) => processedRows)).toEqual([3]);
  });

  it('explains files by their columns', async () => {
    const ended = await workspace.run('explain', 'load.yaml');

    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain('3 columns');
    expect(ended.stdout).not.toContain('SOQL');
  });

  it.each([
    ['two sources', 'from: { files: { root: ., path: a.csv, format: csv }, salesforce: {} }', /from/],
    ['a type that is none', LOAD.replace('decimal(18, 0)', 'number'), /must be text, boolean/],
    ['a constant of another type', LOAD.replace('constant: EU', 'constant: 5'), /the constant Continent__c is no text/],
    [
      'one path for rejected and for written rows',
      `${LOAD}rejected: { root: ., path: rows.json, format: json }\nwritten: { root: ., path: rows.json, format: csv }\n`,
      /rejected and written name the same files/,
    ],
    ['an upsert without a key', LOAD.replace('externalId: Code__c', 'deleteJobs: true'), /externalId/],
  ])('refuses %s before anything runs', async (_what, text, told) => {
    await writeFile(join(workspace.folder, 'wrong.yaml'), text);
    const before = workspace.emulator.ingestJobs.all.length;
    const ended = await workspace.run('copy', 'wrong.yaml');

    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toMatch(told);
    expect(workspace.emulator.ingestJobs.all).toHaveLength(before);
  });
});
