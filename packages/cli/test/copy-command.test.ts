import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { answerWith } from '@sluice/salesforce-emulator';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type CopyWorkspace, copyWorkspace, documentOf } from './copy-workspace.ts';
import { PROCESS_TIMEOUT_MS } from './sluice-process.ts';

let workspace: CopyWorkspace;

beforeAll(async () => {
  workspace = await copyWorkspace();
});

afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
});

describe('sluice copy', { timeout: PROCESS_TIMEOUT_MS }, () => {
  it('copies a query to files and shows the receipt', async () => {
    const ended = await workspace.run('copy', 'copy.yaml', '--id', 'first');

    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain('run first is committed');
    expect(ended.stdout).toContain('249 read = 249 written + 0 rejected');
    expect(ended.stdout).toContain(join(workspace.folder, 'out', 'countries'));
    expect(ended.stdout).toContain('3 parts of 3 splits');
    expect(ended.stderr).toMatch(/^run first\n/);
    expect(ended.stderr).toMatch(/^committing .* 249 of about 249 rows \(100%\)/m);
    const names = await namesIn(join(workspace.folder, 'out/countries'), await workspace.filesIn('out/countries'));
    expect(names).toHaveLength(249);
    expect(names).toContain('Iceland');
    expect(workspace.emulator.jobs.all).toEqual([]);
  });

  it('copies on when nobody reads what it says on the way', async () => {
    await workspace.configure({ path: 'unwatched/' });
    const copying = workspace.start('copy', 'copy.yaml', '--no-journal');
    copying.closeStderr();

    const ended = await copying.ended;

    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('249 read = 249 written') });
  });

  it('prints exactly one JSON document for programs, and nothing else when quiet', async () => {
    await workspace.configure({ path: 'quiet/' });

    const ended = await workspace.start('copy', 'copy.yaml', '--output', 'json', '--quiet').ended;

    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(documentOf(ended)).toMatchObject({
      status: 'committed',
      receipt: {
        id: expect.stringMatching(/^\d{8}-\d{6}-[a-z2-9]{6}$/),
        readRows: 249,
        writtenRows: 249,
        rejectedRows: 0,
        parts: 3,
      },
    });
  });

  it('lists runs, and shows the receipt of a finished one again without copying', async () => {
    const before = workspace.emulator.requests.all.length;

    const list = await workspace.run('runs');
    const again = await workspace.run('resume', 'first');

    expect(list.stdout).toMatch(/first +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC +committed +249 +salesforce query +files/);
    expect(again).toMatchObject({ code: 0, stderr: 'run first has ended before: nothing is copied\n' });
    expect(again.stdout).toContain('249 read = 249 written + 0 rejected');
    expect(workspace.emulator.requests.all).toHaveLength(before);
  });

  it('lists a run whose file is damaged beside the others, and says why', async () => {
    const path = join(workspace.state, 'journals', 'broken.sqlite');
    await writeFile(path, 'no journal '.repeat(1000));

    const list = await workspace.run('runs');
    const json = await workspace.run('runs', '--output', 'json');
    await rm(path);

    expect(list.code).toBe(0);
    expect(list.stdout).toMatch(/first +.*committed +249/);
    expect(list.stdout).toMatch(/broken +.*unreadable/);
    expect(list.stdout).toContain(`broken is unreadable: the journal ${path} is damaged or no journal`);
    expect(documentOf(json)).toMatchObject({
      runs: [{ id: 'first' }, {}, { id: 'broken', state: 'unreadable', reason: expect.stringContaining(path) }],
    });
  });

  it('says of a finished run that it cannot be abandoned, also without its configuration', async () => {
    const ended = await workspace.run('abandon', 'first');

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('run "first" is finished, so there is nothing to abandon');
  });

  it('leaves no trace on this machine without a journal', async () => {
    await workspace.configure({ path: 'countries.parquet' });

    const ended = await workspace.run('copy', 'copy.yaml', '--no-journal', '--id', 'unkept');

    expect(ended.code).toBe(0);
    const list = await workspace.run('runs', '--output', 'json');
    expect(list.stdout).not.toContain('unkept');
    expect(documentOf(list)).toMatchObject({ runs: [{ rows: 249 }, { rows: 249 }] });
  });

  it('shows rejected rows by reason, altered values, notes and repeated requests', async () => {
    using fault = workspace.emulator.faults.add({
      match: { method: 'POST', path: '/jobs/query', nth: 1 },
      action: answerWith(503),
    });
    const query = 'SELECT Id, Latitude__c FROM Navaid__c LIMIT 200';
    await workspace.configure({ query, path: 'rounded/' });
    const rounded = await workspace.run('copy', 'copy.yaml');
    await workspace.configure({
      query,
      path: 'rejected/',
      request: 'decimals: { excessDigits: error }',
      more: 'maxRejects: unlimited',
    });
    const rejected = await workspace.run('copy', 'copy.yaml');

    expect(fault.hits).toBe(1);
    expect(rounded.code).toBe(0);
    expect(rounded.stderr).toMatch(/trying again.*code=REMOTE_UNAVAILABLE/);
    expect(rounded.stdout).toMatch(/altered values\n {2}Latitude__c: \d+ values? rounded/);
    expect(rounded.stdout).toContain('QUERY_LIMITED: ');
    expect(rejected.code).toBe(0);
    expect(rejected.stdout).toMatch(/200 read = \d+ written \+ [1-9]\d* rejected/);
    expect(rejected.stdout).toMatch(
      /rejected rows\n {2}\d+ rows?, read: VALUE_INVALID \(Latitude__c\): .*; the first is row \d+ of split \d+/,
    );
  });
});

describe('sluice explain', { timeout: PROCESS_TIMEOUT_MS }, () => {
  it('shows what would be sent and read, and starts nothing', async () => {
    await workspace.configure({ query: 'SELECT FIELDS(STANDARD) FROM Country__c LIMIT 10' });
    const jobs = workspace.emulator.requests.matching({ path: /\/jobs\/query/ }).length;

    const text = await workspace.run('explain', 'copy.yaml');
    const json = await workspace.run('explain', 'copy.yaml', '--output', 'json');

    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(/^SOQL +SELECT Id, .* FROM Country__c LIMIT 10$/m);
    expect(text.stdout).toMatch(/^ {2}CreatedDate +Timestamp<MILLISECOND, UTC> +datetime$/m);
    expect(text.stdout).toContain('QUERY_LIMITED: ');
    expect(documentOf(json)).toMatchObject({
      object: 'Country__c',
      operation: 'query',
      columns: expect.arrayContaining([
        expect.objectContaining({ name: 'CreatedDate', type: 'Timestamp<MILLISECOND, UTC>', nullable: true }),
      ]),
    });
    expect(workspace.emulator.requests.matching({ path: /\/jobs\/query/ })).toHaveLength(jobs);
  });
});

async function namesIn(folder: string, files: ReadonlyMap<string, string>): Promise<readonly unknown[]> {
  const rows = await Promise.all(
    [...files.keys()].map(async (name) => {
      const bytes = await readFile(join(folder, name));
      const file = new ArrayBuffer(bytes.length);
      new Uint8Array(file).set(bytes);
      return await parquetReadObjects({ file, compressors });
    }),
  );
  return rows.flat().map((row) => row['Name']);
}
