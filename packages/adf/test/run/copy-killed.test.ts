import { fork } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterRows, type Emulator, stallAt } from '@sluice/salesforce-emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { RunHistories } from '../../src/run/run-history.ts';
import { type CopyWorkspace, copyWorkspace, itemsOrg } from './copy-workspace.ts';

const KILLED = fileURLToPath(new URL('killed-run.ts', import.meta.url));

let workspace: CopyWorkspace;
let org: ReturnType<typeof itemsOrg>;
let state: string;

beforeEach(async () => {
  org = itemsOrg();
  org.insert(
    'Item__c',
    Array.from({ length: 500 }, (_, row) => ({ Name: `n${row}` })),
  );
  workspace = await copyWorkspace({ org, results: { pageRows: 100 } });
  state = await mkdtemp(join(tmpdir(), 'sluice-state-'));
});

afterEach(async () => {
  await workspace[Symbol.asyncDispose]();
  org[Symbol.dispose]();
  await rm(state, { recursive: true, force: true });
});

/** Runs a copy in another process, which is killed when it has begun to write. */
async function killedRun(emulator: Emulator): Promise<string> {
  // Four pages are read at once, so that the fifth is asked for when the first has been written.
  const stalled = emulator.faults.add({ match: { path: /\/results/, nth: 5 }, action: stallAt(afterRows(50)) });
  const { url, clientId, clientSecret } = emulator;
  const child = fork(KILLED, [JSON.stringify({ url, clientId, clientSecret, folder: workspace.folder, state })], {
    execArgv: ['--conditions=@sluice/source'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { promise, resolve } = Promise.withResolvers<unknown>();
  child.once('close', resolve);
  child.once('message', () => child.kill('SIGKILL'));
  await promise;
  stalled[Symbol.dispose]();
  const [file = ''] = await readdir(join(state, 'pipelines'));
  return file.replace(/\..*$/, '');
}

describe('a run that was killed in the middle of a copy', { timeout: 120_000 }, () => {
  it('SRC-17 PL-08 leaves nothing that running it again does not remove', async () => {
    const { emulator } = workspace;
    const histories = new RunHistories(join(state, 'pipelines'));
    const runId = await killedRun(emulator);
    const [jobs, kept] = [emulator.jobs.all.length, await readdir(join(state, 'pipelines'))];
    const staged = await workspace.files();
    const past = await histories.past(runId);
    const { run } = await workspace.copy({ query: 'SELECT Name FROM Item__c' }, { histories, past });

    expect(jobs).toBe(1);
    expect(staged).toEqual([expect.stringContaining('staged')]);
    expect(kept).toContain(`${runId}.copies`);
    expect(run).toMatchObject({ status: 'Succeeded', activityRuns: [{ output: { rowsCopied: 502 } }] });
    expect(emulator.jobs.all).toEqual([]);
    expect(await workspace.files()).toEqual(['items.parquet']);
    expect((await readdir(join(state, 'pipelines'))).filter((name) => name.endsWith('.copies'))).toEqual([]);
  });
});

describe('a copy', () => {
  it('keeps nothing once it has ended, however it has', async () => {
    const histories = new RunHistories(join(state, 'pipelines'));
    const done = await workspace.copy({ query: 'SELECT Name FROM Item__c' }, { histories });
    const failed = await workspace.copy({ query: 'SELECT Nmae FROM Item__c' }, { histories });

    expect([done.run.status, failed.run.status]).toEqual(['Succeeded', 'Failed']);
    expect((await readdir(join(state, 'pipelines'))).filter((name) => !name.endsWith('.jsonl'))).toEqual([]);
    expect(workspace.emulator.jobs.all).toEqual([]);
  });
});
