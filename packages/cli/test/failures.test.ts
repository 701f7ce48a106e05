import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { answerWith, refuseLogin } from '@sluice/salesforce-emulator';
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

describe('a failed command', { timeout: PROCESS_TIMEOUT_MS }, () => {
  it('ends with 2 for a query the org would refuse, and leaves no run that could be resumed', async () => {
    await workspace.configure({ query: 'SELECT Nme FROM Country__c' });

    const ended = await workspace.run('copy', 'copy.yaml');
    const list = await workspace.run('runs', '--output', 'json');

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^error FIELD_UNKNOWN: .*line 1, column 8/m);
    expect(ended.stderr).not.toMatch(/^ +at /m);
    expect(documentOf(list)).toMatchObject({ runs: [{ state: 'abandoned', rows: 0 }] });
  });

  it('ends with 2 for a configuration with problems, tells them all with their places, and does not connect', async () => {
    const before = workspace.emulator.requests.all.length;
    await workspace.configure({ request: 'pagSize: 5', more: 'mode: upsert' });

    const ended = await workspace.run('copy', 'copy.yaml', '--output', 'json');

    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('error CONFIG_INVALID: 2 problems');
    expect(ended.stderr).toContain('copy.yaml:10:5: from.salesforce.pagSize is not known; did you mean pageSize?');
    expect(ended.stderr).toContain('copy.yaml:13:1: mode must be create, overwrite or append');
    expect(documentOf(ended)).toMatchObject({ status: 'failed', error: { code: 'CONFIG_INVALID' } });
    expect(workspace.emulator.requests.all).toHaveLength(before);
  });

  it('ends with 1 when credentials are refused, and says where the error came from when asked', async () => {
    await workspace.configure();
    using fault = workspace.emulator.faults.add({
      match: { path: '/oauth2/token' },
      action: refuseLogin('unknownClient'),
    });

    const ended = await workspace.start('copy', 'copy.yaml', '--verbose').ended;

    expect(fault.hits).toBe(1);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('error AUTH_REJECTED: ');
    expect(ended.stderr).toMatch(/^ +at .*salesforce/m);
  });

  it('ends with 1 when the run fails under way, keeps it, and says how to go on', async () => {
    await workspace.configure({ path: 'failed/' });
    using fault = workspace.emulator.faults.add({
      match: { method: 'POST', path: '/jobs/query' },
      action: answerWith(400, { errorCode: 'LIMIT_EXCEEDED' }),
    });

    const ended = await workspace.run('copy', 'copy.yaml', '--id', 'it failed', '--output', 'json');

    expect(fault.hits).toBe(1);
    expect(ended.code).toBe(1);
    expect(documentOf(ended)).toMatchObject({
      status: 'failed',
      run: 'it failed',
      kept: true,
      error: { code: 'QUOTA_EXCEEDED' },
    });
    expect(ended.stderr).toContain(`to go on:   sluice resume 'it failed' --state ${workspace.state}`);
    expect(ended.stderr).toContain(`to give up: sluice abandon 'it failed' --state ${workspace.state}`);
  });

  it('refuses another configuration under the id of a run, and says which one to go on with', async () => {
    await workspace.configure({ query: 'SELECT Id FROM Country__c', path: 'failed/' });

    const ended = await workspace.run('copy', 'copy.yaml', '--id', 'it failed');

    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('error RUN_MISMATCH: ');
    expect(ended.stderr).toContain(`copy.yaml says something else than ${join(workspace.folder, 'copy.yaml')} did`);
    expect(ended.stderr).toContain(`to go on with what it said then: sluice resume 'it failed'`);
  });

  it('names the run that was probably meant', async () => {
    const ended = await workspace.run('resume', 'it faild');

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('error RUN_NOT_FOUND: there is no run "it faild"');
    expect(ended.stderr).toContain('Did you mean it failed?');
  });

  it('abandons a run by its id alone, and a second time without doing anything', async () => {
    const first = await workspace.run('abandon', 'it failed');
    const second = await workspace.run('abandon', 'it failed', '--output', 'json');
    const resumed = await workspace.run('resume', 'it failed');

    expect(first).toMatchObject({ code: 0, stdout: 'run it failed is abandoned\n' });
    expect(documentOf(second)).toEqual({
      status: 'abandoned',
      run: 'it failed',
      account: expect.objectContaining({ readRows: 0, writtenRows: 0 }),
      leftBehind: [],
    });
    expect(resumed.code).toBe(2);
    expect(resumed.stderr).toContain('error RUN_ABANDONED: ');
  });

  it('lists a run whose journal cannot be read beside the others, and ends with 1 when it is to go on', async () => {
    await writeFile(join(workspace.state, 'journals', 'broken.sqlite'), 'this is no database, whatever its name says');

    const list = await workspace.run('runs', '--output', 'json');
    const resumed = await workspace.run('resume', 'broken');

    expect(list.code).toBe(0);
    const { runs } = documentOf(list) as { runs: readonly object[] };
    expect(runs.length).toBeGreaterThan(1);
    expect(runs).toContainEqual(
      expect.objectContaining({ id: 'broken', state: 'unreadable', reason: expect.stringContaining('broken.sqlite') }),
    );
    expect(resumed.code).toBe(1);
    expect(resumed.stderr).toContain('error JOURNAL_UNREADABLE: ');
  });
});
