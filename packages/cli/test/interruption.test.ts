import { withholdReply } from '@sluice/salesforce-emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type CopyWorkspace, copyWorkspace, documentOf } from './copy-workspace.ts';
import { PROCESS_TIMEOUT_MS } from './sluice-process.ts';

let workspace: CopyWorkspace;

beforeEach(async () => {
  workspace = await copyWorkspace({ jobs: { hold: true } });
});

afterEach(async () => {
  await workspace[Symbol.asyncDispose]();
});

/** The command waits for a job that does not move on. */
async function waiting(): Promise<void> {
  await workspace.emulator.requests.waitFor(
    ({ method, path, end }) => method === 'GET' && /\/jobs\/query\/750\w+$/.test(path) && end === 'answered',
  );
}

describe('a run that is told to stop', { timeout: PROCESS_TIMEOUT_MS }, () => {
  it('stops at Ctrl-C, ends with 130, is kept, and goes on when it is resumed', async () => {
    const { emulator, run, start, filesIn } = workspace;
    const copying = start('copy', 'copy.yaml', '--id', 'stopped');
    await waiting();

    copying.kill('SIGINT');
    const ended = await copying.ended;

    expect(ended).toMatchObject({ code: 130, stdout: '' });
    expect(ended.stderr).toContain('cancelled: run stopped is kept');
    expect(ended.stderr).toContain('sluice resume stopped --state ');
    expect(ended.stderr).not.toContain('error');
    const [job] = emulator.jobs.all;
    job!.release();
    const resumed = await run('resume', 'stopped');
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).toContain('249 read = 249 written + 0 rejected');
    expect(await filesIn('out/countries')).toHaveProperty('size', 3);
    // The job of the first process was read, and then deleted.
    expect(emulator.requests.matching({ method: 'POST', path: '/jobs/query' })).toHaveLength(1);
    expect(emulator.jobs.all).toEqual([]);
  });

  it('is left alone by whoever else would resume or abandon it, and ends as if nobody had', async () => {
    const { emulator, run, start } = workspace;
    const copying = start('copy', 'copy.yaml', '--id', 'held');
    await waiting();

    const others = [
      await run('resume', 'held'),
      await run('copy', 'copy.yaml', '--id', 'held'),
      await run('abandon', 'held'),
    ];
    const list = await run('runs');
    emulator.jobs.all[0]!.release();
    const ended = await copying.ended;

    for (const other of others) {
      expect(other).toMatchObject({ code: 1, stdout: '' });
      expect(other.stderr).toContain('error RUN_LOCKED: run "held" is held by a process that is still alive');
    }
    expect(list.stdout).toMatch(/^held .* running /m);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('249 read = 249 written + 0 rejected') });
  });

  it('ends what it has started when nothing is kept, and tells programs so', async () => {
    const copying = workspace.start('copy', 'copy.yaml', '--no-journal', '--output', 'json');
    await waiting();

    copying.kill('SIGTERM');
    const ended = await copying.ended;

    expect(ended.code).toBe(143);
    expect(documentOf(ended)).toMatchObject({ status: 'cancelled', kept: false, leftBehind: [] });
    expect(workspace.emulator.jobs.all).toEqual([]);
  });

  it('ends at once at the second Ctrl-C, even while it cleans up', async () => {
    const { emulator, start } = workspace;
    emulator.faults.add({ match: { method: 'PATCH' }, action: withholdReply() });
    const copying = start('copy', 'copy.yaml', '--no-journal');
    await waiting();
    copying.kill('SIGINT');
    await copying.printed(/stopping; once more to stop at once/);
    await emulator.requests.waitFor(({ method }) => method === 'PATCH');

    copying.kill('SIGINT');
    const ended = await copying.ended;

    expect(ended.code).toBe(130);
    expect(ended.stderr).not.toContain('cancelled');
  });

  it('stops at Ctrl-C while it plans, and leaves no run', async () => {
    const { emulator, run, start } = workspace;
    emulator.faults.add({ match: { path: /\/sobjects\/Country__c\/describe/ }, action: withholdReply() });
    const copying = start('copy', 'copy.yaml');
    await emulator.requests.waitFor(({ path }) => path.includes('/sobjects/Country__c/describe'));

    copying.kill('SIGINT');
    const ended = await copying.ended;
    const list = await run('runs', '--output', 'json');

    expect(ended.code).toBe(130);
    expect(ended.stderr).toMatch(/cancelled: run \S+ is abandoned/);
    expect(documentOf(list)).not.toHaveProperty('runs[0].state', 'unfinished');
  });
});
