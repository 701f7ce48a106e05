import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type JournalEntry, sqliteJournal } from '@sluice/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { documentOf } from './copy-workspace.ts';
import { sluiceHere } from './sluice-here.ts';
import type { Ended } from './sluice-process.ts';

const DAY_MS = 86_400_000;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-runs-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function runs(...args: readonly string[]): Promise<Ended> {
  return await sluiceHere(['runs', ...args, '--state', folder], { cwd: folder, env: {} });
}

function daysAgo(days: number): number {
  return Date.now() - days * DAY_MS;
}

async function journalled(id: string, ...entries: readonly JournalEntry[]): Promise<void> {
  await using run = await sqliteJournal(join(folder, 'journals')).open(id);
  for (const entry of entries) await run.append(entry);
}

function begun(atMs: number): JournalEntry {
  return { kind: 'splitsEnd', splits: 0, atMs };
}

function ended(atMs: number, left: readonly string[] = []): JournalEntry {
  const leftBehind = left.map((id) => ({ kind: 'query job', id, reason: 'it did not answer' }));
  return { kind: 'ended', end: left.length === 0 ? 'committed' : 'abandoned', leftBehind, calls: {}, atMs };
}

async function history(runId: string, ...entries: readonly object[]): Promise<void> {
  await mkdir(join(folder, 'pipelines'), { recursive: true });
  const text = entries.map((entry) => `${JSON.stringify({ v: 1, ...entry })}\n`).join('');
  await writeFile(join(folder, 'pipelines', `${runId}.jsonl`), text);
}

function pipelineStart(runId: string): object {
  return { kind: 'started', runId, pipelineName: 'Load', runStart: '2026-01-01T00:00:00Z', parameters: {} };
}

describe('sluice runs', () => {
  it('removes with --prune what ended so long ago, and nothing that has not ended or has left something', async () => {
    await journalled('old', begun(daysAgo(40)), ended(daysAgo(31)));
    await journalled('late', begun(daysAgo(40)), ended(daysAgo(29)));
    await journalled('open', begun(daysAgo(300)));
    await journalled('left', begun(daysAgo(400)), ended(daysAgo(399), ['750']));
    await history('p-old', pipelineStart('p-old'), { kind: 'ended', run: { status: 'Failed', runEnd: '2026-01-02' } });
    await history('p-open', pipelineStart('p-open'));

    const pruned = await runs('--prune', '30d', '--output', 'json');
    const again = await runs('--prune', '4w');

    expect(pruned).toMatchObject({ code: 0, stderr: '2 runs removed\n' });
    expect(documentOf(pruned)).toMatchObject({
      pruned: ['old', 'p-old'],
      runs: [{ id: 'left' }, { id: 'open' }, { id: 'late' }],
      pipelineRuns: [{ runId: 'p-open' }],
    });
    expect(again.stderr).toBe('1 run removed\n');
    expect(again.stdout).not.toContain('late');
  });

  it('keeps what is held by a process or cannot be read, however old it is', async () => {
    await journalled('held', begun(daysAgo(400)), ended(daysAgo(399)));
    await using held = await sqliteJournal(join(folder, 'journals')).open('held');
    await writeFile(join(folder, 'journals', 'broken.sqlite'), 'no journal '.repeat(500));

    const pruned = await runs('--prune', '0h');

    expect(held.entries).toHaveLength(2);
    expect(pruned).toMatchObject({ code: 0, stderr: '0 runs removed\n' });
    expect(pruned.stdout).toMatch(/^held .*committed/m);
    expect(pruned.stdout).toMatch(/^broken .*unreadable/m);
  });

  it('takes no age without a unit', async () => {
    const ended = await runs('--prune', '30');

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('such as 12h, 30d or 8w');
  });

  it('lists a pipeline whose history is of an older form beside the others, and names the file', async () => {
    await history('good', pipelineStart('good'));
    await history('older', { kind: 'begun', id: 'older' });

    const list = await runs();

    expect(list).toMatchObject({ code: 0, stderr: '' });
    expect(list.stdout).toMatch(/^good .*Unfinished +Load$/m);
    expect(list.stdout).toMatch(/^older +Unreadable$/m);
    expect(list.stdout).toContain(`older is unreadable: ${join(folder, 'pipelines', 'older.jsonl')} is damaged`);
  });
});
